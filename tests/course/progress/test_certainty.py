"""How sure against how right: against the marks themselves, and against plain counts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.progress.certainty import (
    ENOUGH,
    RANGES,
    Judged,
    Level,
    best_of_one_level,
    certainty,
    counted,
)
from course.progress.given import Given
from course.quiz.certainty import mark
from course.quiz.models import Confidence
from tests.course.progress.rows import row, rows


def expected(confidence: str, chance: float) -> float:
    """The average mark of who is right so often."""
    right, wrong = mark(confidence, 1.0), mark(confidence, 0.0)
    assert right is not None
    assert wrong is not None
    return chance * right + (1 - chance) * wrong


@given(chance=st.floats(0, 1))
def test_in_its_range_a_confidence_earns_most(chance: float) -> None:
    best = best_of_one_level(chance)
    for each in Confidence:
        low, high = RANGES[each]
        assert expected(each, chance) <= best + 1e-9
        if low <= chance <= high:
            assert math.isclose(expected(each, chance), best, abs_tol=1e-9)
        elif not low - 1e-6 <= chance <= high + 1e-6:
            assert expected(each, chance) < best


def test_only_first_attempts_with_a_confidence_count() -> None:
    given_ = [
        row(1, confidence="sure"),
        row(2, confidence=""),
        row(3, confidence="sure", attempt=2),
        row(4, confidence="guess", attempt=4, mode="recall"),
    ]
    assert [each.pk for each in counted(given_)] == [1, 4]


def test_the_average_is_that_of_the_marks_and_the_bonus_is_moodle_s() -> None:
    given_ = [
        row(1, confidence="sure"),
        row(2, confidence="sure", correct=False),
        row(3, confidence="fairly"),
        row(4, confidence="guess", correct=False, score=0.5),
    ]
    found = certainty(given_)
    assert found.average == pytest.approx((3 - 6 + 2 + 0.5) / 4)
    assert (found.answers, found.right, found.accuracy) == (4, 2.5, 0.625)
    # One confidence for all of them: 0.625 as guesses, 4 * 0.625 - 2 as fairly, below 0 as sure.
    assert found.bonus == pytest.approx(0.1 * (-0.125 - 0.625))


@given(given_=rows())
def test_all_of_it_stays_within_its_bounds(given_: list[Given]) -> None:
    found = certainty(given_)
    assert -6 <= found.average <= 3
    assert 0 <= found.accuracy <= 1
    assert found.answers == sum(each.is_first and each.confidence != "" for each in given_)
    assert math.isclose(found.right, sum(level.right for level in found.levels))
    for level in found.levels:
        assert 0 <= level.right <= level.answers
        assert (level.judged == Judged.NOTHING) == (level.answers == 0)


@pytest.mark.parametrize("each", Confidence)
@pytest.mark.parametrize("answers", range(1, ENOUGH))
def test_few_answers_are_never_judged(each: Confidence, answers: int) -> None:
    assert Level(each, answers, 0.0).judged == Judged.LITTLE


@pytest.mark.parametrize(
    ("each", "answers", "right", "judged"),
    [
        ("sure", 8, 4, Judged.TOO_SURE),
        ("sure", 8, 6, Judged.BIT_TOO_SURE),
        ("sure", 200, 145, Judged.TOO_SURE),
        ("sure", 10, 8, Judged.WELL_JUDGED),
        ("sure", 10, 10, Judged.WELL_JUDGED),
        ("fairly", 12, 5, Judged.TOO_SURE),
        ("fairly", 12, 9, Judged.WELL_JUDGED),
        ("fairly", 12, 10, Judged.BIT_TOO_MODEST),
        ("fairly", 20, 20, Judged.TOO_MODEST),
        ("guess", 12, 0, Judged.WELL_JUDGED),
        ("guess", 12, 11, Judged.TOO_MODEST),
        ("guess", 10, 7, Judged.BIT_TOO_MODEST),
    ],
)
def test_a_level_is_judged_by_the_share_that_was_right(
    each: str, answers: int, right: float, judged: Judged
) -> None:
    assert Level(Confidence(each), answers, right).judged == judged


@given(each=st.sampled_from(Confidence), answers=st.integers(ENOUGH, 400), data=st.data())
def test_more_right_answers_never_make_one_look_surer(
    each: Confidence, answers: int, data: st.DataObject
) -> None:
    order = [
        Judged.TOO_SURE, Judged.BIT_TOO_SURE, Judged.WELL_JUDGED, Judged.BIT_TOO_MODEST,
        Judged.TOO_MODEST,
    ]  # fmt: skip
    fewer, more = sorted(data.draw(st.tuples(*[st.integers(0, answers)] * 2)))
    one, other = (Level(each, answers, right).judged for right in (fewer, more))
    assert order.index(one) <= order.index(other)
