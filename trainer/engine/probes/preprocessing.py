"""Probes of scaling: bounds of columns, and what other bounds, or none, would make of values."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trainer.engine.layout import can_be_followed
from trainer.engine.probes.layers import Layers, first_pass, softmax
from trainer.engine.probes.registry import PROBES, Found, as_probe
from trainer.engine.trace import Trace

BEYOND = 0.2
"""So far beyond its highest training value a column is asked about, as a share of its span."""
DIGITS = 3
MISTYPED = 100
"""So many times its largest value is what somebody mistypes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the bounds that were fitted, and its raw values in batch 1."""

    index: int
    low: float
    high: float
    batch: Sequence[float]

    @property
    def span(self) -> float:
        """From the lowest to the highest training value."""
        return self.high - self.low

    @property
    def mean(self) -> float:
        """Of batch 1."""
        return math.fsum(self.batch) / len(self.batch)

    @property
    def middle(self) -> float:
        """The raw value that becomes 0.5."""
        return (self.low + self.high) / 2

    @property
    def beyond(self) -> float:
        """A raw value above all that the scaler was fitted on."""
        return round(self.high + BEYOND * self.span, DIGITS)

    def scaled(self, raw: float) -> float:
        """Between 0 and 1 for training rows."""
        return (raw - self.low) / self.span

    @property
    def first(self) -> float:
        """The raw value of the first row."""
        return self.batch[0]

    @property
    def moved(self) -> float:
        """How far scaling moves it."""
        return abs(self.first - self.scaled(self.first))

    def mistyped(self) -> float:
        """What becomes of it where a training value is mistyped."""
        return (self.first - self.low) / (MISTYPED * self.high - self.low)

    def refitted(self) -> float:
        """The first row's value under bounds of batch 1 alone."""
        low, high = min(self.batch), max(self.batch)
        return (self.batch[0] - low) / (high - low)


def columns_of(trace: Trace) -> list[Column]:
    """Every column that changes at all; none where the run fitted no scaler or dealt no batch."""
    if not (trace.has("low") and trace.has("first.x")):
        return []
    low, high, rows = trace.tensor("low").flat, trace.tensor("high").flat, trace.tensor("first.x")
    return [
        Column(index, low[index], high[index], rows.flat[index :: len(low)])
        for index in range(len(low))
        if high[index] > low[index]
    ]


Chosen = Callable[[Trace], Column | None]


def lopsided(trace: Trace) -> Column | None:
    """The column whose mean over batch 1 is farthest from its middle."""
    return max(columns_of(trace), key=lambda each: abs(each.scaled(each.mean) - 0.5), default=None)


def widest(trace: Trace) -> Column | None:
    """The column with the largest span."""
    return max(columns_of(trace), key=lambda each: each.span, default=None)


def refitted(trace: Trace) -> Column | None:
    """The column in which the first row would move most, were batch 1 scaled by itself."""
    known = [each for each in columns_of(trace) if min(each.batch) < max(each.batch)]
    return max(
        known, key=lambda each: abs(each.refitted() - each.scaled(each.batch[0])), default=None
    )


def mistyped(trace: Trace) -> Column | None:
    """The column in which the first row stands farthest up, and a mistake would be the highest."""
    known = [each for each in columns_of(trace) if each.low < each.first and each.high > 0]
    return max(known, key=lambda each: each.scaled(each.first), default=None)


def moved(trace: Trace) -> Column | None:
    """The column in which scaling moves the first row's value most."""
    return max(columns_of(trace), key=lambda each: each.moved, default=None)


def _of(chosen: Chosen, value: Callable[[Column], float | int]) -> Callable[[Trace], Found]:
    def found(trace: Trace) -> Found:
        column = chosen(trace)
        return None if column is None else value(column)

    return found


PROBES |= {
    "lopsided_column": _of(lopsided, lambda each: each.index),
    "lopsided_low": _of(lopsided, lambda each: each.low),
    "lopsided_high": _of(lopsided, lambda each: each.high),
    "lopsided_mean": _of(lopsided, lambda each: each.mean),
    "lopsided_middle": _of(lopsided, lambda each: each.middle),
    "lopsided_mean_scaled": _of(lopsided, lambda each: each.scaled(each.mean)),
    "widest_column": _of(widest, lambda each: each.index),
    "widest_low": _of(widest, lambda each: each.low),
    "widest_high": _of(widest, lambda each: each.high),
    "widest_beyond": _of(widest, lambda each: each.beyond),
    "widest_beyond_scaled": _of(widest, lambda each: each.scaled(each.beyond)),
    "mistyped_column": _of(mistyped, lambda each: each.index),
    "mistyped_raw": _of(mistyped, lambda each: each.first),
    "mistyped_low": _of(mistyped, lambda each: each.low),
    "mistyped_high": _of(mistyped, lambda each: each.high),
    "mistyped_highest": _of(mistyped, lambda each: MISTYPED * each.high),
    "mistyped_before": _of(mistyped, lambda each: each.scaled(each.first)),
    "mistyped_after": _of(mistyped, lambda each: each.mistyped()),
    "moved_column": _of(moved, lambda each: each.index),
    "moved_raw": _of(moved, lambda each: each.first),
    "moved_scaled": _of(moved, lambda each: each.scaled(each.first)),
    "refitted_column": _of(refitted, lambda each: each.index),
    "refitted_raw": _of(refitted, lambda each: each.batch[0]),
    "refitted_scaled": _of(refitted, lambda each: each.scaled(each.batch[0])),
    "refitted_batch_low": _of(refitted, lambda each: min(each.batch)),
    "refitted_batch_high": _of(refitted, lambda each: max(each.batch)),
    "refitted_by_batch": _of(refitted, lambda each: each.refitted()),
}


# -- shapes of bounds ------------------------------------------------------------------


@as_probe
def train_x_shape(trace: Trace) -> Found:
    """Shape of all raw training rows, as Python prints it."""
    data = trace.document["data"]
    return str((data["train_rows"], data["features"]))


@as_probe
def column_bounds_shape(trace: Trace) -> Found:
    """Shape of one bound per column."""
    return str((trace.document["data"]["features"],))


@as_probe
def row_bounds_shape(trace: Trace) -> Found:
    """Shape of one bound per row, which a scaler does not keep."""
    return str((trace.document["data"]["train_rows"],))


# -- raw values in the model -----------------------------------------------------------


def _largest_sum(trace: Trace, name: str) -> float | None:
    """How far from zero a hidden unit gets for the first row before ReLU, at the start."""
    met = first_pass(trace)
    if met is None or not trace.has(name):
        return None
    return max(map(abs, met[1].sums(trace.tensor(name)[0].flat)))


@as_probe
def largest_sum_scaled(trace: Trace) -> Found:
    """Of the scaled first row."""
    return _largest_sum(trace, "first.scaled")


@as_probe
def largest_sum_raw(trace: Trace) -> Found:
    """Of the same row, had it not been scaled."""
    return _largest_sum(trace, "first.x") if trace.has("first.scaled") else None


def _heaviest(trace: Trace) -> tuple[int, float] | None:
    """The hidden unit with the largest weight for the column of `moved`, and that weight."""
    met, column = first_pass(trace), moved(trace)
    if met is None or column is None or not trace.has("first.scaled"):
        return None
    weights = [unit.flat[column.index] for unit in met[1].weight1]
    unit = max(range(len(weights)), key=lambda index: abs(weights[index]))
    return unit, weights[unit]


@as_probe
def moved_unit(trace: Trace) -> Found:
    """The hidden unit with the largest weight for that column."""
    found = _heaviest(trace)
    return None if found is None else found[0]


@as_probe
def moved_weight(trace: Trace) -> Found:
    """That weight, at the start."""
    found = _heaviest(trace)
    return None if found is None else found[1]


def _product(value: Callable[[Column], float]) -> Callable[[Trace], Found]:
    """What that weight makes of a value of the first row."""

    def found(trace: Trace) -> Found:
        heaviest, column = _heaviest(trace), moved(trace)
        return None if heaviest is None or column is None else heaviest[1] * value(column)

    return found


PROBES |= {
    "moved_product_scaled": _product(lambda each: each.scaled(each.first)),
    "moved_product_raw": _product(lambda each: each.first),
}


def _confidence(trace: Trace, name: str) -> float | None:
    """The probability of the likeliest class of the first row, by the model as it ended."""
    wanted = (name, "first.scaled", "first.hidden", "parameters")
    if not all(map(trace.has, wanted)) or not can_be_followed(trace.document):
        return None
    row, ended = trace.tensor(name)[0].flat, trace.tensor("parameters")[-1]
    if not all(map(math.isfinite, [*row, *ended.flat])):
        return None
    logits = Layers.of(trace, ended).logits(row)
    return max(softmax(logits)) if all(map(math.isfinite, logits)) else None


@as_probe
def confidence_scaled(trace: Trace) -> Found:
    """With the row scaled."""
    return _confidence(trace, "first.scaled")


@as_probe
def confidence_raw(trace: Trace) -> Found:
    """With the row as it was dealt."""
    return _confidence(trace, "first.x")
