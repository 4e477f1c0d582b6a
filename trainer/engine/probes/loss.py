"""Probes of what rows and batches cost, and of what other ways to add it up would give."""

import math
from collections.abc import Callable

from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, probe, spec_of
from trainer.engine.trace import Trace


def _worked(of: tuple[str, ...], rule: Probe) -> Probe:
    """A value worked out of other probes, where the run has all of them as finite numbers."""

    def value(trace: Trace) -> Found:
        found = [probe(name, trace) for name in of]
        known = all(isinstance(each, float | int) and math.isfinite(each) for each in found)
        return rule(trace) if known else None

    return value


def _number(name: str, trace: Trace) -> float:
    return float(probe(name, trace) or 0.0)


def _share(loss: float) -> float:
    """exp(-loss). No cross-entropy is below 0, but a program may make its loss anything."""
    try:
        return math.exp(-loss)
    except OverflowError:
        return math.inf


# -- one row: a tenth of the probability that its true class got -------------------------

SHOWN = ("shown_row_loss", "shown_row_probability")

PROBES |= {
    "shown_row_tenth": _worked(SHOWN, lambda trace: _number("shown_row_probability", trace) / 10),
    "loss_of_tenth": _worked(
        SHOWN, lambda trace: _number("shown_row_loss", trace) + math.log(10)
    ),
    "loss_times_ten": _worked(SHOWN, lambda trace: 10 * _number("shown_row_loss", trace)),
    "loss_plus_lost_share": _worked(
        SHOWN,
        lambda trace: _number("shown_row_loss", trace)
        + 0.9 * _number("shown_row_probability", trace),
    ),
}  # fmt: skip

# -- equal odds ------------------------------------------------------------------------


@as_probe
def class_count(trace: Trace) -> Found:
    """Classes of the data set."""
    count: int = trace.document["data"]["classes"]
    return count


@as_probe
def equal_share_missed(trace: Trace) -> Found:
    """What equal odds leave to all classes but the true one."""
    return 1 - 1 / int(class_count(trace) or 1)


@as_probe
def log_twice_the_classes(trace: Trace) -> Found:
    """Loss of equal odds on twice as many classes."""
    return math.log(2 * int(class_count(trace) or 1))


@as_probe
def twice_log_classes(trace: Trace) -> Found:
    """Twice the loss of equal odds."""
    return 2 * math.log(int(class_count(trace) or 1))


PROBES |= {
    "first_loss_above_equal_odds": _worked(
        ("first_batch_loss", "log_classes"),
        lambda trace: _number("first_batch_loss", trace) - _number("log_classes", trace),
    )
}

# -- from a mean back to a probability ---------------------------------------------------

PROBES |= {
    "first_batch_probability": _worked(
        ("first_batch_loss",), lambda trace: _share(_number("first_batch_loss", trace))
    ),
    "first_running_probability": _worked(
        ("first_running_loss",), lambda trace: _share(_number("first_running_loss", trace))
    ),
    "one_minus_first_running_loss": _worked(
        ("first_running_loss",), lambda trace: 1 - _number("first_running_loss", trace)
    ),
}

# -- a batch of four rows -----------------------------------------------------------------

FOUR = 4


def _first_four(trace: Trace) -> list[float] | None:
    """Losses of the first rows of batch 1, as finite numbers; None where it has fewer."""
    if not trace.has("first.row_losses"):
        return None
    losses = list(trace.tensor("first.row_losses").flat[:FOUR])
    return losses if len(losses) == FOUR and all(map(math.isfinite, losses)) else None


def _of_four(divisor: Callable[[Trace], float]) -> Probe:
    def value(trace: Trace) -> Found:
        losses = _first_four(trace)
        return None if losses is None else math.fsum(losses) / divisor(trace)

    return value


PROBES |= {
    "four_rows_mean": _of_four(lambda _: FOUR),
    "four_rows_sum": _of_four(lambda _: 1),
    "four_rows_by_classes": _of_four(lambda trace: int(class_count(trace) or 1)),
}


@as_probe
def four_row_losses(trace: Trace) -> Found:
    """What the first four rows of batch 1 cost, one by one."""
    losses = _first_four(trace)
    return None if losses is None else ", ".join(f"{loss:.4f}" for loss in losses)


# -- batches of two sizes, with the first and the last loss of the run --------------------

ENDS = ("first_batch_loss", "last_batch_loss")


def _of_ends(first: float, last: float) -> Probe:
    return _worked(
        ENDS,
        lambda trace: first * _number(ENDS[0], trace) + last * _number(ENDS[1], trace),
    )


PROBES |= {
    "pooled_loss": _of_ends(0.9, 0.1),
    "pooled_as_equals": _of_ends(0.5, 0.5),
    "pooled_as_sum": _of_ends(1.0, 1.0),
}

# -- what the criterion is given ---------------------------------------------------------


@as_probe
def first_batch_hits(trace: Trace) -> Found:
    """Rows of batch 1 whose largest logit is at their class."""
    if not trace.has("first.row_losses"):
        return None
    labels = trace.tensor("first.y").flat
    rows = [list(row.flat) for row in trace.tensor("first.logits")]
    return sum(row.index(max(row)) == label for row, label in zip(rows, labels, strict=True))


@as_probe
def first_batch_rows(trace: Trace) -> Found:
    """Rows of batch 1."""
    return len(trace.tensor("first.y")) if trace.has("first.y") else None


@as_probe
def first_labels(trace: Trace) -> Found:
    """The first classes in batch 1, as they are handed to the criterion."""
    if not trace.has("first.y"):
        return None
    return ", ".join(str(int(label)) for label in trace.tensor("first.y").flat[:4])


def _outvoted(trace: Trace) -> tuple[int, int, list[float]] | None:
    """The first row of batch 1 whose class has not the largest score: its place, class, scores."""
    if not trace.has("first.row_losses"):
        return None
    labels = [int(label) for label in trace.tensor("first.y").flat]
    for place, (row, label) in enumerate(zip(trace.tensor("first.logits"), labels, strict=True)):
        scores = list(row.flat)
        if all(map(math.isfinite, scores)) and scores[label] < max(scores):
            return place, label, scores
    return None


def _of_outvoted(value: Callable[[int, int, list[float]], Found]) -> Probe:
    def found(trace: Trace) -> Found:
        row = _outvoted(trace)
        return None if row is None else value(*row)

    return found


PROBES |= {
    "outvoted_row": _of_outvoted(lambda place, *_: place + 1),
    "outvoted_label": _of_outvoted(lambda _, label, __: label),
    "outvoted_scores": _of_outvoted(
        lambda *row: ", ".join(f"{score:.4f}".replace("-", "\N{MINUS SIGN}") for score in row[2])
    ),
    "outvoted_score": _of_outvoted(lambda _, label, scores: scores[label]),
    "outvoted_winner": _of_outvoted(lambda *row: max(row[2])),
}


@as_probe
def softmaxed_floor(trace: Trace) -> Found:
    """The least loss of a row whose probabilities are taken for logits: 1 for its class, else 0."""
    return math.log(math.e + int(class_count(trace) or 1) - 1) - 1


@as_probe
def softmaxed_loss(trace: Trace) -> Found:
    """Mean loss of batch 1, had softmax been taken of its logits before the criterion."""
    if not trace.has("first.row_losses"):
        return None
    labels = trace.tensor("first.y").flat
    rows = [_softmax(list(row.flat)) for row in trace.tensor("first.logits")]
    losses = [-math.log(_softmax(row)[int(label)]) for row, label in zip(rows, labels, strict=True)]
    mean = math.fsum(losses) / len(losses)
    return mean if math.isfinite(mean) else None


@as_probe
def column_softmax_row_sum(trace: Trace) -> Found:
    """What a row adds up to, in the mean over a full batch, where softmax runs down its columns."""
    spec = spec_of(trace)
    return int(class_count(trace) or 0) / min(spec.batch_size, spec.rows)


def _softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(each - top) for each in scores]
    whole = math.fsum(parts)
    return [part / whole for part in parts]


# -- shapes ------------------------------------------------------------------------------


def _shape(*sizes: int | None) -> Probe:
    """A shape as Python prints it; None stands for the rows of a full batch."""

    def value(trace: Trace) -> Found:
        rows = spec_of(trace).batch_size
        return str(tuple(rows if size is None else size for size in sizes))

    return value


PROBES |= {"batch_as_column_shape": _shape(None, 1), "batch_by_batch_shape": _shape(None, None)}
