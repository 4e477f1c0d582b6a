"""Comparisons of steps: losses of batches, gradients, updates."""

import math
from itertools import pairwise

from trainer.engine.comparisons.reading import losses, number, of_step, ratio
from trainer.engine.comparisons.registry import as_comparison
from trainer.engine.trace import Trace


@as_comparison("The loss of the first batch is {figure}.", "in loss")
def first_loss(run: Trace, _: Trace, __: str) -> float:
    """Before any parameter has moved."""
    return of_step(run, 0, "loss")


@as_comparison("The loss of the first batch is {figure} times that of the run beside it.", "times")
def first_loss_ratio(run: Trace, beside: Trace, _: str) -> float:
    """Before any parameter has moved."""
    return ratio(of_step(run, 0, "loss"), of_step(beside, 0, "loss"))


@as_comparison("The first loss is {figure} away from that of equal odds on every class.", "in loss")
def first_loss_off_equal_odds(run: Trace, _: Trace, __: str) -> float:
    """Equal odds cost the logarithm of the number of classes."""
    return abs(of_step(run, 0, "loss") - math.log(run.document["data"]["classes"]))


@as_comparison(
    "The first loss is not a number.", "1 or 0", denies="The first loss is an ordinary number."
)
def first_loss_is_nan(run: Trace, _: Trace, __: str) -> float:
    """NaN itself, and not a loss that was never computed."""
    steps = run.document["steps"]
    if not steps or steps[0]["loss"] is None:
        return math.nan
    return float(math.isnan(number(steps[0]["loss"])))


@as_comparison("The lowest loss of all batches is {figure}.", "in loss")
def lowest_loss(run: Trace, _: Trace, __: str) -> float:
    """Over the whole run."""
    return min(losses(run), default=math.nan)


@as_comparison("The loss of a batch is above that of the batch before {figure} times.", "times")
def rises(run: Trace, _: Trace, __: str) -> float:
    """Over the whole run."""
    pairs = list(pairwise(loss for loss in losses(run) if not math.isnan(loss)))
    return float(sum(b > a for a, b in pairs)) if pairs else math.nan


@as_comparison("The losses of the same step are up to {figure} apart in the two runs.", "in loss")
def largest_loss_difference(run: Trace, beside: Trace, _: str) -> float:
    """Over the steps that both runs made."""
    pairs = zip(losses(run), losses(beside), strict=False)
    return max((abs(a - b) for a, b in pairs), default=math.nan)


@as_comparison(
    "The gradients of the {argument} step are {figure} times as long as in the run beside it.",
    "times",
    takes="`first` or `last`",
    among=("first", "last"),
)
def gradient_ratio(run: Trace, beside: Trace, argument: str) -> float:
    """Length of all gradients together, right before `step()`."""
    index = {"first": 0, "last": -1}[argument]
    return ratio(of_step(run, index, "grad_norm"), of_step(beside, index, "grad_norm"))


@as_comparison(
    "The first update is {figure} times as long as learning rate times gradient.", "times"
)
def update_over_gradient(run: Trace, _: Trace, __: str) -> float:
    """1 where the update is the gradient at its scale."""
    plain = run.document["spec"]["lr"] * of_step(run, 0, "grad_norm")
    return ratio(of_step(run, 0, "update_norm"), plain)


@as_comparison("All updates of the run together have a length of {figure}.", "in length")
def total_movement(run: Trace, _: Trace, __: str) -> float:
    """Of what the parameters moved, step by step."""
    steps = run.document["steps"]
    return sum(number(step["update_norm"]) for step in steps) if steps else math.nan


@as_comparison("The update of the first step has a length of {figure}.", "in length")
def first_movement(run: Trace, _: Trace, __: str) -> float:
    """Of what the parameters moved in step 1."""
    return of_step(run, 0, "update_norm")


@as_comparison("{figure} training rows are in no batch of the first epoch.", "rows")
def rows_left_out(run: Trace, _: Trace, __: str) -> float:
    """Rows that the loader did not deal."""
    steps = run.document["steps"]
    dealt = sum(step["rows"] for step in steps if step["epoch"] == 1)
    return float(run.document["spec"]["rows"] - dealt) if steps else math.nan


@as_comparison("`step()` is called {figure} times in an epoch.", "calls")
def updates_per_epoch(run: Trace, _: Trace, __: str) -> float:
    """Mean over the epochs."""
    return ratio(run.document["updates"], len(run.document["epochs"]))
