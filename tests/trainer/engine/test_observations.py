"""Each rule of the observations, on documents made for it."""

import copy
import math

import pytest

from tests.trainer.engine.documents import INF, NAN, Losses, document, flat
from trainer.engine.observations import figure, observe_epochs, overshoot


def observe(*epochs: Losses, **settings: int) -> list[str]:
    return observe_epochs(document(*epochs, **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("loss", "classes", "said"),
    [
        (1.019, 3, "Mean loss 1.019, below the 1.099 of equal odds on 3 classes."),
        (1.2, 3, "Mean loss 1.200, above the 1.099 of equal odds on 3 classes."),
        (1.0986, 3, "Mean loss 1.099, at the 1.099 of equal odds on 3 classes."),
        (1.0981, 3, "Mean loss 1.098, below the 1.099 of equal odds on 3 classes."),
        (0.7, 2, "Mean loss 0.700, above the 0.693 of equal odds on 2 classes."),
        (1.2, 10, "Mean loss 1.200, below the 2.303 of equal odds on 10 classes."),
    ],
)
def test_the_first_epoch_is_held_against_equal_odds(loss: float, classes: int, said: str) -> None:
    assert observe(flat(loss), classes=classes) == [said]


def test_a_fall_is_told_with_its_size() -> None:
    assert observe(flat(1.0), flat(0.75))[1] == "The mean loss fell by 0.250."


def test_the_largest_of_several_falls_is_named_and_a_smaller_one_compared() -> None:
    assert observe(flat(1.0), flat(0.9), flat(0.6), flat(0.5))[1:] == [
        "The mean loss fell by 0.100.",
        "The mean loss fell by 0.300, the largest fall of the run.",
        "The mean loss fell by 0.100, less than the 0.300 before.",
    ]


def test_of_two_equal_falls_none_is_the_largest() -> None:
    assert observe(flat(1.0), flat(0.8), flat(0.6))[1:] == ["The mean loss fell by 0.200."] * 2


def test_falls_are_compared_as_they_are_printed() -> None:
    said = observe(flat(1.0), flat(0.80041), flat(0.60009))  # the second is larger, unprinted
    assert said[1:] == ["The mean loss fell by 0.200."] * 2


def test_a_fall_after_a_rise_is_not_compared_with_it() -> None:
    said = observe(flat(1.0), flat(0.5), flat(0.7), flat(0.6))
    assert said[2:] == ["The mean loss rose by 0.200.", "The mean loss fell by 0.100."]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (0.99, "Plateau: the mean loss moved by 0.010."),
        (1.01, "Plateau: the mean loss moved by 0.010."),
        (1.0, "Plateau: the mean loss moved by 0.000."),
        (0.989, "The mean loss fell by 0.011."),
        (1.011, "The mean loss rose by 0.011."),
        (1.0104, "Plateau: the mean loss moved by 0.010."),
    ],
)
def test_a_hundredth_and_less_is_a_plateau(now: float, said: str) -> None:
    assert observe(flat(1.0), flat(now))[1] == said


def test_rises_from_batch_to_batch_are_counted() -> None:
    (said,) = observe([1.0, 1.1, 0.9, 0.95])
    assert said.startswith("Mean loss 0.988, below the 1.099 of equal odds on 3 classes.")
    assert said.endswith(" From batch to batch it rose 2 of 3 times.")


def test_batches_that_only_fall_are_told_so() -> None:
    assert observe([1.0, 0.9, 0.8])[0].endswith(" It fell at each of the 2 changes of batch.")


@pytest.mark.parametrize("losses", [[1.0], [1.0, 1.0], [1.0, 0.9, 0.9]])
def test_of_one_batch_or_a_standstill_nothing_is_said(losses: list[float]) -> None:
    assert observe(losses)[0].endswith("of equal odds on 3 classes.")


def test_a_leap_above_everything_before_is_an_overshoot_told_once() -> None:
    said = observe([1.0, 0.9], [0.9, 1.4, 1.9, 1.0], [1.0, 3.0])
    assert "Overshot" not in said[0]
    assert said[1].startswith("Overshot: the loss leapt from 0.900 to 1.400 at step 4. ")
    assert "Overshot" not in said[2]


def test_the_first_loss_is_no_overshoot_and_a_return_to_it_neither() -> None:
    assert "Overshot" not in " ".join(observe([5.0, 1.0, 4.9], [1.0, 5.0]))


@pytest.mark.parametrize(("rows", "least"), [(100, 1.3), (9, 2.0), (1, 4.0), (900, 1.1)])
def test_a_leap_must_be_above_the_noise_of_so_many_rows(rows: int, least: float) -> None:
    assert overshoot([1.0, least + 1e-9], [rows, rows]) == 2
    assert overshoot([1.0, least - 1e-9], [rows, rows]) is None


def test_the_smaller_of_two_batches_says_how_noisy_a_leap_is() -> None:
    assert overshoot([1.0, 1.5], [100, 9]) is None
    assert overshoot([1.0, 1.5], [9, 100]) is None
    assert overshoot([1.0, 1.5], [100, 100]) == 2


@pytest.mark.parametrize("gap", [None, NAN, INF])
def test_behind_a_loss_that_is_missing_or_not_finite_nothing_leaps(gap: float | None) -> None:
    assert overshoot([1.0, gap, 1.0, 9.0], [100] * 4) is None
    assert overshoot([1.0, 9.0, gap], [100] * 3) == 2
    assert overshoot([], []) is None


def test_a_mean_far_above_equal_odds_is_divergence() -> None:
    limit = 10 * math.log(3)
    assert observe(flat(limit - 0.01))[0].startswith("Mean loss 10.976, above")
    assert observe(flat(limit + 0.01), flat(12.0), flat(1.0)) == [
        "Diverged: the mean loss is 10.996.",
        "Still diverged: the mean loss is 12.000.",
        "The mean loss fell by 11.000, the largest fall of the run.",
    ]


def test_divergence_that_comes_back_begins_anew() -> None:
    said = observe(flat(40.0), flat(1.0), flat(30.0))
    assert said[0] == "Diverged: the mean loss is 40.000."
    assert said[2] == "Diverged: the mean loss is 30.000."


@pytest.mark.parametrize("bad", [NAN, INF])
def test_a_loss_that_is_not_finite_is_told_with_its_step(bad: float) -> None:
    said = observe([1.0, 0.9], [0.8, bad], [bad, bad])
    assert said[1] == "Diverged: at step 4 the loss is not a finite number."
    assert said[2] == "Still diverged: at step 5 the loss is not a finite number."


def test_an_overshoot_that_ends_in_divergence_tells_both() -> None:
    (said,) = observe([1.0, 9000.0])
    assert said.startswith("Overshot: the loss leapt from 1.000 to 9000.000 at step 2.")
    assert said.endswith(" Diverged: the mean loss is 4500.500.")


def test_an_epoch_behind_one_that_was_not_finite_starts_over() -> None:
    assert (
        observe([NAN], [1.0])[1] == "Mean loss 1.000, below the 1.099 of equal odds on 3 classes."
    )


def test_the_epoch_in_which_a_run_ended_tells_of_its_end() -> None:
    error = {"type": "NameError", "message": "…", "line": 3, "step": 4}
    before, last = observe_epochs(document([1.0, 0.9], [0.8, None], error=error))
    assert before.startswith("Mean loss 0.950, below")
    assert last == "The run ended in this epoch, at step 4: NameError."


def test_an_epoch_without_a_loss_says_so() -> None:
    assert observe([None, None], []) == ["No loss was computed in this epoch."] * 2


def test_a_run_that_never_began_has_nothing_to_observe() -> None:
    assert observe() == []


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0.0, "0.000"), (0.1865, "0.186"), (9999.4, "9999.400"), (1.5e16, 1.5e16), (-12345.0, -1.2e4)],
)
def test_a_figure_has_three_decimals_or_two_digits_and_a_power(
    value: float, printed: str | float
) -> None:
    if isinstance(printed, str):
        assert figure(value) == printed
    else:
        assert float(figure(value)) == printed
        assert len(figure(value)) <= len("-1.2e04")


def test_observing_reads_and_does_not_write() -> None:
    made = document([1.0, 0.9], [0.8, NAN])
    before = copy.deepcopy(made)
    assert observe_epochs(made) == observe_epochs(made)
    assert repr(made) == repr(before)
