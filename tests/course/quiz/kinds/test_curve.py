"""Drawn curves: the area between them, and what it is worth."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz import marking
from course.quiz.kinds import KINDS, BadResponseError
from course.quiz.kinds.curve import MOST_APART, distance
from tests.course.quiz.examples import CURVE, LOSSES, VALUES, parsed

KIND = KINDS["curve"]
POINTS = st.floats(-1e308, 1e308) | st.sampled_from([0.0, 1.0, math.inf, -math.inf, math.nan])
FINITE = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12)


def share(drawn: list[float], real: list[float] | None = None) -> float:
    verdict = marking.grade(CURVE, {"running_losses": real or LOSSES}, drawn)
    assert verdict
    return verdict.share


def brute(drawn: list[float], real: list[float], steps: int = 4000) -> float:
    """The same by adding up many thin strips."""

    def at(curve: list[float], part: float) -> float:
        place = part * (len(curve) - 1)
        index = min(int(place), len(curve) - 2)
        return curve[index] + (curve[index + 1] - curve[index]) * (place - index)

    parts = [(index + 0.5) / steps for index in range(steps)]
    between = sum(abs(at(drawn, part) - at(real, part)) for part in parts)
    return between / sum(abs(at(real, part)) for part in parts)


def test_the_area_is_that_between_the_lines() -> None:
    assert distance([2, 2], [1, 1]) == pytest.approx(1)
    assert distance([0, 2], [1, 1]) == pytest.approx(0.5)
    assert distance([1], [1, 1, 1]) == 0
    assert distance([1, 0], [1, 0.75, 0.5, 0.25, 0]) == pytest.approx(0)
    crossing = [1.4, 0.3, 0.7, 0.2, 0.5]
    assert distance(crossing, LOSSES) == pytest.approx(brute(crossing, LOSSES), rel=1e-3)


@given(FINITE)
def test_a_curve_is_no_distance_from_itself(curve: list[float]) -> None:
    assert distance(curve, curve) == 0


@given(st.lists(POINTS, min_size=1, max_size=8), st.lists(POINTS, min_size=1, max_size=8))
def test_any_two_curves_have_a_finite_distance(drawn: list[float], real: list[float]) -> None:
    if all(map(math.isfinite, drawn)):
        assert 0 <= distance(drawn, real) <= MOST_APART


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_curve_farther_off_never_earns_more(near: float, far: float) -> None:
    near, far = sorted((near, far))
    assert share([each + near for each in LOSSES]) >= share([each + far for each in LOSSES])


@given(st.floats(0, 0.3))
def test_too_high_and_too_low_count_alike(off: float) -> None:
    above, below = ([each + sign * off for each in LOSSES] for sign in (1, -1))
    assert share(above) == pytest.approx(share(below), abs=0.011)


@pytest.mark.parametrize(("factor", "earned"), [(1.05, 1), (1.25, 0.5), (1.15, 0.75), (1.45, 0)])
def test_points_fall_evenly_from_the_tolerance_on(factor: float, earned: float) -> None:
    assert share([each * factor for each in LOSSES]) == pytest.approx(earned, abs=0.011)


def test_a_run_with_more_epochs_is_laid_over_from_end_to_end() -> None:
    longer = [LOSSES[0] + (LOSSES[-1] - LOSSES[0]) * step / 99 for step in range(100)]
    assert share([LOSSES[0], LOSSES[-1]], longer) == 1


def test_epochs_without_a_finite_value_are_left_out() -> None:
    assert share([1.0, 0.9, 0.5, 0.4, 0.35], [1.0, math.nan, 0.5, 0.4, 0.35]) == 1
    assert marking.marking(CURVE, {"running_losses": [math.nan, math.inf]}) is None
    assert marking.marking(CURVE, {"running_losses": ["nan", 1.0]})  # type: ignore[list-item]


def test_a_wrong_curve_is_known_where_it_lies_nearer() -> None:
    level = marking.grade(CURVE, VALUES, [1.5, 1.4, 1.5, 1.4, 1.5])
    assert level
    assert (level.share, level.matched) == (0, "level")
    assert level.gap == pytest.approx(distance([1.5, 1.4, 1.5, 1.4, 1.5], LOSSES))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("1\n\n0.5", "Epoch 2: Type a number"),
        ("1\n0,5", "Epoch 2: Write a point"),
        ("a", "Epoch 1"),
        ("\n\n\n", "each epoch"),
        ("\n".join(["1"] * 201), "200"),
    ],
)
def test_an_epoch_without_a_number_is_named(raw: str, said: str) -> None:
    with pytest.raises(BadResponseError, match=said):
        parsed(CURVE, raw)


def test_it_asks_for_the_epochs_of_the_run_and_says_how_it_counts() -> None:
    assert KIND.asks(CURVE, {"running_losses": [1.0] * 7}, [])["epochs"] == list(range(1, 8))
    assert KIND.asks(CURVE, {}, [])["epochs"] == [1, 2, 3, 4, 5]
    assert "5 %" in KIND.hint(CURVE)
    assert "25 %" in KIND.hint(CURVE)
