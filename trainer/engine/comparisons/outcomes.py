"""Comparisons of what a run came to: losses and accuracies of its epochs."""

import math
from itertools import pairwise

from trainer.engine.comparisons.reading import evaluated, number, of_epoch, of_step, ratio
from trainer.engine.comparisons.registry import as_comparison
from trainer.engine.trace import Trace


def _accuracy(trace: Trace) -> float:
    """On the held-out rows at the end, as the program's own lines found it."""
    return evaluated(trace, -1, "heldout_accuracy")


@as_comparison(
    "Held-out accuracy ends {figure} below that of the run beside it.", "of the held-out rows"
)
def accuracy_lost(run: Trace, beside: Trace, _: str) -> float:
    """As the programs' own lines found it."""
    return _accuracy(beside) - _accuracy(run)


@as_comparison("Held-out accuracy ends at {figure}.", "of the held-out rows")
def its_accuracy(run: Trace, _: Trace, __: str) -> float:
    """As the program's own lines found it."""
    return _accuracy(run)


@as_comparison("Held-out loss ends at {figure}.", "in loss")
def heldout_loss(run: Trace, _: Trace, __: str) -> float:
    """As the program's own lines found it."""
    return evaluated(run, -1, "heldout_loss")


@as_comparison(
    "The program's mean loss of epoch 1 is {figure} off the mean over its rows.", "in loss"
)
def mean_off_weighted_mean(run: Trace, _: Trace, __: str) -> float:
    """What its own lines added up, beside every row counted once."""
    return abs(evaluated(run, 0, "mean_loss") - of_epoch(run, 0, "running_loss"))


@as_comparison(
    "The squared error of the last epoch is {figure} times that of one constant guess.", "times"
)
def unexplained_share(run: Trace, _: Trace, __: str) -> float:
    """1 means that the model knows no more of a row than the mean label."""
    counts: list[int] = run.document["data"]["class_counts"]
    mean = sum(label * count for label, count in enumerate(counts)) / sum(counts)
    spread = sum((label - mean) ** 2 * count for label, count in enumerate(counts)) / sum(counts)
    return ratio(of_epoch(run, -1, "running_loss"), spread)


@as_comparison(
    "The program measures {figure} less accuracy than the same model has in eval mode.",
    "of the held-out rows",
)
def lost_by_measuring(run: Trace, _: Trace, __: str) -> float:
    """On the held-out rows, after the last epoch."""
    return of_epoch(run, -1, "heldout_accuracy") - _accuracy(run)


@as_comparison("From the first epoch to the last the running loss falls by {figure}.", "in loss")
def epochs_gain(run: Trace, _: Trace, __: str) -> float:
    """Below 0 where it rises."""
    return of_epoch(run, 0, "running_loss") - of_epoch(run, -1, "running_loss")


@as_comparison("Held-out loss ends {figure} times as high as in its best epoch.", "times")
def loss_above_its_best(run: Trace, _: Trace, __: str) -> float:
    """1 where the last epoch is the best."""
    course = [number(epoch["heldout_loss"]) for epoch in run.document["epochs"]]
    return ratio(course[-1], min(course)) if course else math.nan


@as_comparison(
    "In {figure} epochs held-out loss rises and held-out accuracy does not fall.", "epochs"
)
def loss_up_accuracy_not_down(run: Trace, _: Trace, __: str) -> float:
    """Counted from one epoch to the next."""
    pairs = list(pairwise(run.document["epochs"]))
    rose = [
        number(b["heldout_loss"]) > number(a["heldout_loss"])
        and number(b["heldout_accuracy"]) >= number(a["heldout_accuracy"])
        for a, b in pairs
    ]
    return float(sum(rose)) if pairs else math.nan


@as_comparison("Training accuracy ends {figure} above held-out accuracy.", "of the rows")
def known_by_heart(run: Trace, _: Trace, __: str) -> float:
    """Below 0 where the held-out rows do better."""
    return of_epoch(run, -1, "accuracy") - of_epoch(run, -1, "heldout_accuracy")


@as_comparison("Held-out accuracy ends {figure} above training accuracy.", "of the rows")
def heldout_ahead(run: Trace, beside: Trace, _: str) -> float:
    """Below 0 where the training rows do better."""
    return -known_by_heart(run, beside, "")


@as_comparison(
    "The running loss of epoch 1 is {figure} above the loss of the same rows at its end.", "in loss"
)
def running_above_end(run: Trace, _: Trace, __: str) -> float:
    """The same rows, measured while the weights moved and after."""
    return of_epoch(run, 0, "running_loss") - of_epoch(run, 0, "loss")


@as_comparison(
    "The last batch of the run is {figure} off the running loss of its epoch.", "in loss"
)
def last_batch_off_epoch(run: Trace, _: Trace, __: str) -> float:
    """One batch beside the mean over all rows of the last epoch."""
    return abs(of_step(run, -1, "loss") - of_epoch(run, -1, "running_loss"))
