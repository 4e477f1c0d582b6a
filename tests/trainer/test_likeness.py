"""How two runs compare, bit by bit: the arrangements of the five lines have every kind."""

import pytest

from tests.staging import short
from trainer.likeness import ended_alike, is_late, stood_still

CORRECT = short()
LATE = "step,zero_grad,forward,loss,backward"


@pytest.mark.parametrize("lines", ["forward,zero_grad,loss,backward,step", ""])
def test_another_order_may_be_the_same_loop(lines: str) -> None:
    assert ended_alike(short(lines), CORRECT)
    assert not is_late(short(lines), CORRECT)


def test_step_first_is_the_same_loop_one_step_late() -> None:
    assert is_late(short(LATE), CORRECT)
    assert not ended_alike(short(LATE), CORRECT)
    assert not is_late(CORRECT, short(LATE))


@pytest.mark.parametrize("lines", ["forward,loss,backward,zero_grad,step", "forward", "step"])
def test_where_nothing_moved_a_loop_stood_still(lines: str) -> None:
    still = short(lines)
    assert stood_still(still)
    assert not ended_alike(still, CORRECT)
    assert not is_late(short("step"), still)


def test_without_clearing_it_is_another_loop() -> None:
    other = short("forward,loss,backward,step")
    assert not any((stood_still(other), ended_alike(other, CORRECT), is_late(other, CORRECT)))


def test_another_seed_is_another_run() -> None:
    assert not ended_alike(short(seed=5), CORRECT)


def test_a_shorter_run_is_not_the_same_whatever_it_ended_with() -> None:
    assert not ended_alike(short(epochs=1), CORRECT)


@pytest.mark.parametrize("lines", ["zero_grad:3", "init_seed,for_epoch,for_batch,forward"])
def test_of_a_run_without_parameters_nothing_is_said(lines: str) -> None:
    none = short(lines)
    assert not none.has("parameters")
    assert not any((stood_still(none), ended_alike(none, none), is_late(none, CORRECT)))


def test_of_a_step_that_an_error_cut_short_nobody_knows_whether_it_moved() -> None:
    """The second step() of this loop moves the weights, and then backward() misses them."""
    cut = short("forward,loss,step,backward")
    assert cut.document["error"]["step"] == 2
    assert not stood_still(cut)
