"""Probes of a run as a whole and of its first steps, which any page may ask."""

import math
from itertools import pairwise

from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, spec_of
from trainer.engine.trace import Trace, as_float

# -- counts --------------------------------------------------------------------------


@as_probe
def epochs(trace: Trace) -> Found:
    """Epochs asked for."""
    return spec_of(trace).epochs


@as_probe
def batches_per_epoch(trace: Trace) -> Found:
    """Batches in one epoch."""
    return spec_of(trace).batches


@as_probe
def steps_planned(trace: Trace) -> Found:
    """Steps of the whole run, had nothing stopped it."""
    return spec_of(trace).steps


@as_probe
def steps_run(trace: Trace) -> Found:
    """Steps begun."""
    return len(trace.document["steps"])


@as_probe
def updates(trace: Trace) -> Found:
    """Calls of `optimizer.step()`."""
    count: int = trace.document["updates"]
    return count


@as_probe
def parameter_count(trace: Trace) -> Found:
    """Numbers that the optimizer may change."""
    return sum(math.prod(each["shape"]) for each in trace.document["layout"]) or None


@as_probe
def silent_units(trace: Trace) -> Found:
    """Hidden units that are zero for every training row after training."""
    units: int | None = trace.document["silent_units"]
    return units


@as_probe
def error_message(trace: Trace) -> Found:
    """What Python said where it stopped: the error's type and words."""
    error = trace.document["error"]
    return f"{error['type']}: {error['message']}" if error else None


# -- losses --------------------------------------------------------------------------


def batch_losses(trace: Trace) -> list[float | None]:
    """The loss of each step; None where none was computed."""
    return [as_float(step["loss"]) for step in trace.document["steps"]]


@as_probe
def classes(trace: Trace) -> Found:
    """Number of classes."""
    count: int = trace.document["data"]["classes"]
    return count


@as_probe
def log_classes(trace: Trace) -> Found:
    """Loss of equal odds on every class."""
    return math.log(trace.document["data"]["classes"])


@as_probe
def first_batch_loss(trace: Trace) -> Found:
    """Loss of step 1."""
    losses = batch_losses(trace)
    return losses[0] if losses else None


@as_probe
def last_batch_loss(trace: Trace) -> Found:
    """Loss of the last step."""
    losses = batch_losses(trace)
    return losses[-1] if losses else None


@as_probe
def batch_pairs(trace: Trace) -> Found:
    """Changes from one batch to the next, where every batch has a loss."""
    losses = batch_losses(trace)
    return len(losses) - 1 if len(losses) > 1 and None not in losses else None


@as_probe
def rises_in_batch_loss(trace: Trace) -> Found:
    """How often the loss of a batch was above that of the batch before."""
    losses = batch_losses(trace)
    if batch_pairs(trace) is None or not _all_finite(losses):
        return None
    return sum(b > a for a, b in pairwise(losses))  # type: ignore[operator]


@as_probe
def batch_loss_course(trace: Trace) -> Found:
    """falls_always, falls_with_rises, or does_not_fall, from the first batch to the last."""
    losses = batch_losses(trace)
    if batch_pairs(trace) is None:
        return None
    first, last, rises = losses[0], losses[-1], rises_in_batch_loss(trace)
    if rises is None or last >= first:  # type: ignore[operator]
        return "does_not_fall"
    fell = len(set(losses)) == len(losses) and rises == 0
    return "falls_always" if fell else "falls_with_rises"


@as_probe
def first_bad_step(trace: Trace) -> Found:
    """The first step whose loss is not a finite number."""
    for step, loss in enumerate(batch_losses(trace), 1):
        if loss is not None and not math.isfinite(loss):
            return step
    return None


@as_probe
def second_epoch_first_loss(trace: Trace) -> Found:
    """Give the loss of the first batch of epoch 2: training goes on, it does not begin anew."""
    firsts = [as_float(step["loss"]) for step in trace.document["steps"] if step["epoch"] == 2]  # noqa: PLR2004
    return firsts[0] if firsts else None


# -- epochs --------------------------------------------------------------------------


def _of_epoch(trace: Trace, index: int, name: str) -> float | None:
    rows = trace.document["epochs"]
    return as_float(rows[index][name]) if rows else None


@as_probe
def first_running_loss(trace: Trace) -> Found:
    """Mean loss of the first epoch, taken while the weights moved."""
    return _of_epoch(trace, 0, "running_loss")


@as_probe
def last_running_loss(trace: Trace) -> Found:
    """The same of the last epoch."""
    return _of_epoch(trace, -1, "running_loss")


@as_probe
def last_running_accuracy(trace: Trace) -> Found:
    """Share of hits in the last epoch, taken while the weights moved."""
    return _of_epoch(trace, -1, "running_accuracy")


@as_probe
def heldout_loss(trace: Trace) -> Found:
    """Mean loss on the held-out rows after the last epoch."""
    return _of_epoch(trace, -1, "heldout_loss")


@as_probe
def heldout_accuracy(trace: Trace) -> Found:
    """Share of hits on the held-out rows after the last epoch."""
    return _of_epoch(trace, -1, "heldout_accuracy")


@as_probe
def heldout_hits(trace: Trace) -> Found:
    """Number of hits on the held-out rows after the last epoch."""
    share = _of_epoch(trace, -1, "heldout_accuracy")
    return None if share is None else round(share * trace.document["data"]["heldout_rows"])


@as_probe
def heldout_rows(trace: Trace) -> Found:
    """Number of held-out rows."""
    rows: int = trace.document["data"]["heldout_rows"]
    return rows


@as_probe
def heldout_majority(trace: Trace) -> Found:
    """Share of the commonest class among the held-out rows."""
    data = trace.document["data"]
    largest: int = max(data["heldout_class_counts"])
    return largest / int(data["heldout_rows"])


# -- preprocessing: one value followed through the scaler ------------------------------

MOVED = 0.1
"""A value that scaling moves by more than this can be told from what it was before."""


def followed(trace: Trace) -> tuple[int, float, float, float, float] | None:
    """Column, raw value, low, high and scaled value of the first row dealt.

    Of the narrowest column whose value scaling changes for good, if there is one.
    """
    if not (trace.has("first.scaled") and trace.has("low")):
        return None
    low, high = trace.tensor("low").flat, trace.tensor("high").flat
    raw, scaled = (trace.tensor(name)[0].flat for name in ("first.x", "first.scaled"))
    varied = [index for index in range(len(low)) if low[index] < high[index]]
    between = [index for index in varied if low[index] < raw[index] < high[index]]
    moved = [index for index in between if abs(raw[index] - scaled[index]) > MOVED]
    columns = moved or between or varied
    if not columns:
        return None
    column = min(columns, key=lambda index: high[index] - low[index])
    return column, raw[column], low[column], high[column], scaled[column]


def _followed(index: int) -> Probe:
    def value(trace: Trace) -> Found:
        seen = followed(trace)
        return None if seen is None else seen[index]

    return value


PROBES |= {
    f"followed_{name}": _followed(index)
    for index, name in enumerate(("column", "raw", "low", "high", "scaled"))
}


# -- loss: the first row of the first batch --------------------------------------------


@as_probe
def shown_row_loss(trace: Trace) -> Found:
    """Its loss."""
    return trace.tensor("first.row_losses").flat[0] if trace.has("first.row_losses") else None


@as_probe
def shown_row_probability(trace: Trace) -> Found:
    """Probability that the true class of that row got: exp(-loss)."""
    return (
        math.exp(-trace.tensor("first.row_losses").flat[0])
        if trace.has("first.row_losses")
        else None
    )


@as_probe
def shown_row_miss(trace: Trace) -> Found:
    """Probability that all other classes got together."""
    share = shown_row_probability(trace)
    return None if share is None else 1 - float(share)


def _logits_of_shown_row(trace: Trace) -> list[float] | None:
    return list(trace.tensor("first.logits")[0].flat) if trace.has("first.row_losses") else None


@as_probe
def shown_row_logit_sum(trace: Trace) -> Found:
    """Add up the logits of that row: probabilities would give 1."""
    logits = _logits_of_shown_row(trace)
    return None if logits is None else math.fsum(logits)


@as_probe
def shown_row_lowest_logit(trace: Trace) -> Found:
    """Find the smallest logit of that row; a probability is never below 0."""
    logits = _logits_of_shown_row(trace)
    return None if logits is None else min(logits)


@as_probe
def shown_row_label(trace: Trace) -> Found:
    """Its true class."""
    return int(trace.tensor("first.y").flat[0]) if trace.has("first.y") else None


def _all_finite(values: list[float | None]) -> bool:
    return all(value is not None and math.isfinite(value) for value in values)
