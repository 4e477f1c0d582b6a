"""Probes of the figures of epochs: running, at the end of the epoch, on held-out rows."""

import math
from itertools import pairwise

from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, probe, spec_of
from trainer.engine.probes.run import batch_losses, heldout_hits
from trainer.engine.trace import Trace, as_float

DIGITS = 3

LISTED, LARGEST_LISTED = 10, 1000.0
"""Losses of the last batches: so many are listed, while they are no larger than this."""


def of_epochs(trace: Trace, name: str) -> list[float | None]:
    """One figure of each epoch; None where it was not measured or is no finite number."""
    values = (as_float(each[name]) for each in trace.document["epochs"])
    return [None if value is None or not math.isfinite(value) else value for value in values]


def above(one: float, other: float) -> bool:
    """Whether a figure is above another as they are printed: sums are not exact to the last bit."""
    return round(one, DIGITS) > round(other, DIGITS)


def _whole(trace: Trace, name: str) -> list[float] | None:
    """The same, where every epoch has it."""
    values = [value for value in of_epochs(trace, name) if value is not None]
    return values if values and len(values) == len(trace.document["epochs"]) else None


# -- the end of an epoch ---------------------------------------------------------------


def _at(trace: Trace, index: int, name: str) -> Found:
    values = of_epochs(trace, name)
    return values[index] if values else None


@as_probe
def first_training_loss(trace: Trace) -> Found:
    """Mean loss on the training rows once epoch 1 is over."""
    return _at(trace, 0, "loss")


@as_probe
def last_training_loss(trace: Trace) -> Found:
    """The same after the last epoch."""
    return _at(trace, -1, "loss")


@as_probe
def last_training_accuracy(trace: Trace) -> Found:
    """Share of hits on the training rows after the last epoch."""
    return _at(trace, -1, "accuracy")


@as_probe
def epochs_measured(trace: Trace) -> Found:
    """Epochs, where each of them has a running loss and a loss at its end."""
    running, ends = _whole(trace, "running_loss"), _whole(trace, "loss")
    return len(ends) if running and ends else None


@as_probe
def running_above_end(trace: Trace) -> Found:
    """Epochs whose running loss is above the loss of the same rows at their end, as printed."""
    running, ends = _whole(trace, "running_loss"), _whole(trace, "loss")
    if not running or not ends:
        return None
    return sum(above(mean, end) for mean, end in zip(running, ends, strict=True))


@as_probe
def several_epochs(trace: Trace) -> Found:
    """Epochs asked for, where it was more than one."""
    asked = spec_of(trace).epochs
    return asked if asked > 1 else None


@as_probe
def weights_met(trace: Trace) -> Found:
    """Different settings of the weights that the batches of the last epoch met."""
    last = trace.document["epochs"][-1]["epoch"] if trace.document["epochs"] else 0
    steps = [each for each in trace.document["steps"] if each["epoch"] == last]
    moves = [as_float(each["update_norm"]) for each in steps[:-1]]
    if not steps or any(move is None or not math.isfinite(move) for move in moves):
        return None
    return 1 + sum(move != 0 for move in moves)


# -- the last batch of an epoch ----------------------------------------------------------


def last_batches(trace: Trace) -> list[tuple[int, float, float]]:
    """Epoch, loss of its last batch and running loss, where both are finite numbers."""
    lasts = {each["epoch"]: as_float(each["loss"]) for each in trace.document["steps"]}
    found = []
    for each, mean in zip(trace.document["epochs"], of_epochs(trace, "running_loss"), strict=True):
        loss = lasts.get(each["epoch"])
        if mean is not None and loss is not None and math.isfinite(loss):
            found.append((each["epoch"], loss, mean))
    return found


@as_probe
def largest_last_batch_gap(trace: Trace) -> Found:
    """The most that the last batch of an epoch was off the running loss of the epoch."""
    return max((abs(loss - mean) for _, loss, mean in last_batches(trace)), default=None)


def _late(trace: Trace) -> list[str] | None:
    """The losses of the last batches, as they are printed; None where there are too few to read."""
    losses = batch_losses(trace)[-LISTED:]
    known = [loss for loss in losses if loss is not None and 0 <= loss <= LARGEST_LISTED]
    if len(known) < len(losses) or len(known) < LISTED:
        return None
    return [f"{loss:.{DIGITS}f}" for loss in known]


@as_probe
def late_losses(trace: Trace) -> Found:
    """The losses of the last batches of the run, one after the other."""
    printed = _late(trace)
    return ", ".join(printed) if printed else None


@as_probe
def late_rises(trace: Trace) -> Found:
    """How often the loss rose from one of these batches to the next, as they are printed."""
    printed = _late(trace)
    return sum(float(b) > float(a) for a, b in pairwise(printed)) if printed else None


# -- one loss beside another -----------------------------------------------------------------


def _less(one: str, other: str) -> Probe:
    """A figure less another, where the run has both as finite numbers."""

    def value(trace: Trace) -> Found:
        larger, smaller = probe(one, trace), probe(other, trace)
        if not isinstance(larger, float) or not isinstance(smaller, float):
            return None
        return larger - smaller if math.isfinite(larger - smaller) else None

    return value


PROBES |= {
    "heldout_over_training": _less("heldout_loss", "last_training_loss"),
    "heldout_over_running": _less("heldout_loss", "last_running_loss"),
    "running_fall": _less("first_running_loss", "last_running_loss"),
    "batch_fall": _less("first_batch_loss", "last_batch_loss"),
}


# -- against a model that looks at no row --------------------------------------------------


@as_probe
def heldout_class_counts(trace: Trace) -> Found:
    """Held-out rows of each class, in the classes' order."""
    return ", ".join(f"{count:,}" for count in trace.document["data"]["heldout_class_counts"])


@as_probe
def hits_above_majority(trace: Trace) -> Found:
    """Held-out hits beyond those of always naming the commonest class."""
    hits = heldout_hits(trace)
    return None if hits is None else int(hits) - max(trace.document["data"]["heldout_class_counts"])


@as_probe
def hits_above_equal(trace: Trace) -> Found:
    """Held-out hits beyond an equal share of the rows for each class."""
    data, hits = trace.document["data"], heldout_hits(trace)
    return None if hits is None else int(hits) - round(data["heldout_rows"] / data["classes"])


# -- from one epoch to the next ------------------------------------------------------------


@as_probe
def epoch_changes(trace: Trace) -> Found:
    """Changes from one epoch to the next, where held-out figures are there for all."""
    losses, shares = (_whole(trace, name) for name in ("heldout_loss", "heldout_accuracy"))
    return len(losses) - 1 if losses and shares and len(losses) > 1 else None


@as_probe
def heldout_loss_falls(trace: Trace) -> Found:
    """In how many of them the held-out loss fell."""
    losses = _whole(trace, "heldout_loss")
    if epoch_changes(trace) is None or losses is None:
        return None
    return sum(after < before for before, after in pairwise(losses))


@as_probe
def heldout_accuracy_rises(trace: Trace) -> Found:
    """In how many of them the held-out accuracy rose."""
    shares = _whole(trace, "heldout_accuracy")
    if epoch_changes(trace) is None or shares is None:
        return None
    return sum(after > before for before, after in pairwise(shares))


@as_probe
def best_heldout_epoch(trace: Trace) -> Found:
    """The first epoch at whose end the held-out loss was lowest."""
    losses = _whole(trace, "heldout_loss")
    if not losses:
        return None
    epoch: int = trace.document["epochs"][losses.index(min(losses))]["epoch"]
    return epoch


@as_probe
def best_heldout_loss(trace: Trace) -> Found:
    """That loss."""
    losses = _whole(trace, "heldout_loss")
    return min(losses) if losses else None
