"""A new value of one's own: what is right, how far off it is, and what slipped."""

import math
from dataclasses import replace

import pytest

from course.inside.weights.entries import Entry, ledger_of
from course.inside.weights.guess import outcome, slips
from course.inside.weights.places import farthest
from tests.course.inside.reading import trace_of

SGD = Entry(
    number=1, step=1, epoch=1, batch=1, held=True, before=0.5, gradient=0.2, lr=0.1, after=0.48,
    was={}, worked={"move": 0.02, "new": 0.48},
)  # fmt: skip


def entry_of(name: str, number: int) -> Entry:
    trace = trace_of(name)
    ledger = ledger_of(trace, farthest(trace))
    assert ledger
    return ledger.entries[number - 1]


@pytest.mark.parametrize("answer", [0.48, 0.4801, 0.4799])
def test_right_is_what_lies_within_a_hundredth_of_the_change(answer: float) -> None:
    assert outcome(SGD, answer).right


@pytest.mark.parametrize("answer", [0.4803, 0.4797, 0.5, 48, -1e300])
def test_what_lies_farther_is_not_right_and_said_to_be_so_far(answer: float) -> None:
    found = outcome(SGD, answer)
    assert not found.right
    side = "above" if answer > 0.48 else "below"
    assert f"{side} the new value." in found.says


def test_a_change_that_float32_cannot_tell_leaves_a_millionth_of_the_value() -> None:
    still = replace(SGD, gradient=1e-9, after=0.5)
    assert outcome(still, 0.5).right
    assert outcome(still, 0.5000004).right
    assert not outcome(still, 0.500001).right


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.52, "just as far the other way"),
        (0.2, "That is the gradient itself."),
        (0.3, "the learning rate is missing"),
        (0.7, "That adds the gradient"),
        (0.5, "That is the value before"),
        (-0.02, "That is the change alone"),
        (0.9, ""),
    ],
)
def test_a_slip_is_named(answer: float, words: str) -> None:
    assert words in outcome(SGD, answer).says
    assert bool(words) == ("That" in outcome(SGD, answer).says)


def test_adam_without_its_corrections_is_named() -> None:
    entry = entry_of("calm", 3)
    assert entry.before is not None
    assert entry.lr is not None
    m, v = entry.worked["m"], entry.worked["v"]
    wrong = entry.before - entry.lr * m / math.sqrt(v)
    assert "corrected" in outcome(entry, wrong).says


def test_plain_sgd_in_place_of_another_optimizer_is_named() -> None:
    for name in ("momentum", "rmsprop", "calm"):
        entry = entry_of(name, 4)
        assert entry.before is not None
        assert entry.lr is not None
        assert entry.gradient is not None
        assert "plain SGD" in outcome(entry, entry.before - entry.lr * entry.gradient).says


def test_adamw_without_its_decay_is_named() -> None:
    entry = entry_of("adamw", 15)
    assert entry.before is not None
    assert entry.lr is not None
    wrong = entry.before - entry.lr * entry.worked["quotient"]
    found = outcome(entry, wrong)
    assert found.right or "weight decay is missing" in found.says


@pytest.mark.parametrize("name", ["sgd", "momentum", "calm", "adamw", "rmsprop"])
def test_no_slip_is_said_of_a_right_answer_and_each_of_its_own(name: str) -> None:
    entry = entry_of(name, 5)
    assert entry.after is not None
    for value, says in slips(entry):
        found = outcome(entry, value)
        if not found.right:
            assert "That" in found.says
            assert found.says.count("That") >= 1
        assert says
    assert "That" not in outcome(entry, entry.after).says
