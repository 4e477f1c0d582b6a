"""Probes of predictions: a row of batch 1 through the trained model, and what softmax makes of it.

The row is the first of batch 1 whose largest logit is neither barely nor far ahead of the next, so
that its odds can be told from other numbers and still be worked out by hand.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from trainer.engine.layout import can_be_followed
from trainer.engine.probes.layers import Layers, softmax
from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, spec_of
from trainer.engine.probes.run import heldout_hits, heldout_loss, heldout_rows
from trainer.engine.trace import Trace

ROWS_TRIED = 20
LEAST_ODDS, MOST_ODDS = 3.0, 50.0
FAR = 700.0
"""Logits beyond this have powers of e that no float holds."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """A row of batch 1, by its place there, with the logits of the trained model for it."""

    place: int
    logits: list[float]

    @property
    def gap(self) -> float:
        """How far the largest logit is ahead of the next."""
        *_, second, first = sorted(self.logits)
        return first - second

    @property
    def winner(self) -> int:
        """The predicted class."""
        return self.logits.index(max(self.logits))

    @property
    def powers(self) -> float:
        """E to the power of each logit, added up; infinite where that has no end."""
        return _powers(self.logits) if max(self.logits) < FAR else math.inf


def _powers(values: list[float]) -> float:
    return math.fsum(map(math.exp, values))


def predicted(trace: Trace) -> Iterator[Predicted]:
    """The rows that the probes may speak of; none where no row of batch 1 is like that."""
    model = trained(trace)
    if model is None or not trace.has("first.scaled"):
        return
    rows = trace.tensor("first.scaled")
    for place in range(min(len(rows), ROWS_TRIED)):
        row = Predicted(place, model.logits(rows[place].flat))
        if math.log(LEAST_ODDS) <= row.gap <= math.log(MOST_ODDS):
            yield row


def _first(trace: Trace, skipped: int = 0) -> Predicted | None:
    return next(islice(predicted(trace), skipped, None), None)


def trained(trace: Trace) -> Layers | None:
    """The model as training left it; None where it left none, or no numbers."""
    if not trace.has("parameters") or not can_be_followed(trace.document):
        return None
    parameters = trace.tensor("parameters")[-1]
    return Layers.of(trace, parameters) if all(map(math.isfinite, parameters.flat)) else None


# -- the row ---------------------------------------------------------------------------


def _of_row(value: Callable[[Predicted], Found], skipped: int = 0) -> Probe:
    def asked(trace: Trace) -> Found:
        row = _first(trace, skipped)
        return None if row is None else value(row)

    return asked


PROBES |= {
    "predicted_row_class": _of_row(lambda row: row.winner),
    "predicted_row_top_logit": _of_row(lambda row: max(row.logits)),
    "predicted_row_next_logit": _of_row(lambda row: sorted(row.logits)[-2]),
    "predicted_row_gap": _of_row(lambda row: row.gap),
    "predicted_row_logit_sum": _of_row(lambda row: math.fsum(row.logits)),
    "predicted_row_share": _of_row(lambda row: max(softmax(row.logits))),
    "predicted_row_odds": _of_row(lambda row: math.exp(row.gap)),
    "predicted_row_twice_the_odds": _of_row(lambda row: 2 * math.exp(row.gap)),
    "predicted_row_odds_of_doubled": _of_row(lambda row: math.exp(2 * row.gap)),
    "predicted_row_share_of_doubled": _of_row(
        lambda row: max(softmax([2 * logit for logit in row.logits]))
    ),
    "predicted_row_share_twice": _of_row(lambda row: max(softmax(softmax(row.logits)))),
    "predicted_row_share_powers": _of_row(lambda row: _powers(softmax(row.logits))),
    "predicted_row_share_over_powers": _of_row(
        lambda row: max(softmax(row.logits)) / _powers(softmax(row.logits))
    ),
    "predicted_row_odds_of_one_more": _of_row(lambda row: math.exp(row.gap + 1)),
    "predicted_row_odds_plus_one": _of_row(lambda row: math.exp(row.gap) + 1),
}


def _number(trace: Trace, row: Predicted | None) -> Found:
    """Its number among the training rows."""
    return None if row is None else int(trace.tensor("first.rows").flat[row.place])


PROBES |= {
    "other_row": lambda trace: _number(trace, _first(trace, 1)),
    "other_row_top_logit": _of_row(lambda row: max(row.logits), 1),
    "other_row_next_logit": _of_row(lambda row: sorted(row.logits)[-2], 1),
    "other_row_gap": _of_row(lambda row: row.gap, 1),
    "other_row_odds": _of_row(lambda row: math.exp(row.gap), 1),
    "other_row_share": _of_row(lambda row: max(softmax(row.logits)), 1),
    "other_row_share_twice": _of_row(lambda row: max(softmax(softmax(row.logits))), 1),
    "other_row_powers": _of_row(lambda row: row.powers, 1),
    "other_row_logit_over_powers": _of_row(lambda row: max(row.logits) / row.powers, 1),
}


@as_probe
def predicted_row(trace: Trace) -> Found:
    """Number of the row among the training rows."""
    return _number(trace, _first(trace))


@as_probe
def predicted_row_label(trace: Trace) -> Found:
    """Its true class."""
    row = _first(trace)
    return None if row is None else int(trace.tensor("first.y").flat[row.place])


@as_probe
def softmax_twice_most(trace: Trace) -> Found:
    """The largest share that softmax of softmax can give: one class had 1, the others 0."""
    classes: int = trace.document["data"]["classes"]
    return math.e / (math.e + classes - 1)


# -- the same row, not scaled ------------------------------------------------------------


def _raw(trace: Trace) -> tuple[list[float], list[float]] | None:
    """Raw values of the row, and the logits of the trained model for them."""
    row, model = _first(trace), trained(trace)
    if row is None or model is None:
        return None
    values = list(trace.tensor("first.x")[row.place].flat)
    logits = model.logits(values)
    return (values, logits) if all(map(math.isfinite, logits)) else None


@as_probe
def raw_row_largest(trace: Trace) -> Found:
    """The largest raw value of the row."""
    found = _raw(trace)
    return None if found is None else max(found[0])


@as_probe
def raw_row_share(trace: Trace) -> Found:
    """The largest share that the trained model gives a class for the raw row."""
    found = _raw(trace)
    return None if found is None else max(softmax(found[1]))


@as_probe
def raw_row_class(trace: Trace) -> Found:
    """The class that it names for the raw row."""
    found = _raw(trace)
    return None if found is None else found[1].index(max(found[1]))


# -- a few rows of batch 1, scaled and not -----------------------------------------------


def _tried(trace: Trace, name: str) -> list[tuple[list[float], int]] | None:
    """Logits of the trained model for each of the first rows, scaled or raw, and its label."""
    model = trained(trace)
    if model is None or not (trace.has("first.scaled") and trace.has("first.logits")):
        return None
    rows, labels = trace.tensor(name), trace.tensor("first.y").flat
    found = [
        (model.logits(rows[place].flat), int(labels[place]))
        for place in range(min(len(rows), ROWS_TRIED))
    ]
    return found if all(math.isfinite(each) for logits, _ in found for each in logits) else None


def _right(name: str) -> Probe:
    def asked(trace: Trace) -> Found:
        found = _tried(trace, name)
        if found is None:
            return None
        return sum(logits.index(max(logits)) == label for logits, label in found)

    return asked


@as_probe
def tried_rows(trace: Trace) -> Found:
    """How many rows these are."""
    found = _tried(trace, "first.scaled")
    return None if found is None else len(found)


@as_probe
def raw_rows_share(trace: Trace) -> Found:
    """How sure the trained model is of the raw rows: the mean of their largest shares."""
    found = _tried(trace, "first.x")
    if found is None:
        return None
    return math.fsum(max(softmax(logits)) for logits, _ in found) / len(found)


PROBES |= {"tried_rows_right": _right("first.scaled"), "raw_rows_right": _right("first.x")}


# -- all held-out rows -------------------------------------------------------------------


@as_probe
def heldout_misses(trace: Trace) -> Found:
    """Held-out rows that are not predicted right after the last epoch."""
    hits, rows = heldout_hits(trace), heldout_rows(trace)
    return None if hits is None else int(rows or 0) - int(hits)


@as_probe
def heldout_typical_share(trace: Trace) -> Found:
    """exp(-loss): the share of the true class, as a geometric mean over the held-out rows."""
    loss = heldout_loss(trace)
    return math.exp(-float(loss)) if loss is not None and math.isfinite(float(loss)) else None


def _heldout_shape(*sizes: Callable[[Trace], int]) -> Probe:
    def asked(trace: Trace) -> Found:
        return str(tuple(size(trace) for size in sizes))

    return asked


def _rows(trace: Trace) -> int:
    return int(trace.document["data"]["heldout_rows"])


def _classes(trace: Trace) -> int:
    return int(trace.document["data"]["classes"])


PROBES |= {
    "heldout_logits_shape": _heldout_shape(_rows, _classes),
    "heldout_hidden_shape": _heldout_shape(_rows, lambda trace: spec_of(trace).hidden),
    "heldout_labels_shape": _heldout_shape(_rows),
    "heldout_as_batch_shape": _heldout_shape(
        lambda trace: min(spec_of(trace).batch_size, spec_of(trace).rows), _classes
    ),
}
