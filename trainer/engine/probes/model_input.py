"""Probes of the forward pass: shapes, counts, and single units for the first row of batch 1."""

from collections.abc import Callable
from dataclasses import dataclass

from trainer.engine.probes.data_loading import uneven_batch_size
from trainer.engine.probes.layers import dot, first_pass
from trainer.engine.probes.registry import PROBES, Found, as_probe, spec_of
from trainer.engine.trace import Trace

# -- shapes and counts -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sizes:
    """Inputs, hidden units and classes of the model."""

    features: int
    hidden: int
    classes: int

    @property
    def weights(self) -> int:
        """Of both layers."""
        return self.features * self.hidden + self.hidden * self.classes

    @property
    def biases(self) -> int:
        """Of both layers."""
        return self.hidden + self.classes


def sizes_of(trace: Trace) -> Sizes | None:
    """None where the run made no model."""
    layout = trace.document["layout"]
    if not layout:
        return None
    (hidden, features), classes = layout[0]["shape"], layout[-1]["shape"][0]
    return Sizes(features, hidden, classes)


def _sized(value: Callable[[Sizes], int | str]) -> Callable[[Trace], Found]:
    def found(trace: Trace) -> Found:
        sizes = sizes_of(trace)
        return None if sizes is None else value(sizes)

    return found


def _doubled(sizes: Sizes) -> Sizes:
    return Sizes(sizes.features, 2 * sizes.hidden, sizes.classes)


PROBES |= {
    "feature_count": _sized(lambda sizes: sizes.features),
    "hidden_units": _sized(lambda sizes: sizes.hidden),
    "class_count": _sized(lambda sizes: sizes.classes),
    "weight_count": _sized(lambda sizes: sizes.weights),
    "bias_count": _sized(lambda sizes: sizes.biases),
    "stuck_at_zero": _sized(lambda sizes: sizes.weights + sizes.hidden),
    "first_weight_shape": _sized(lambda sizes: str((sizes.hidden, sizes.features))),
    "doubled_units": _sized(lambda sizes: 2 * sizes.hidden),
    "doubled_weights": _sized(lambda sizes: _doubled(sizes).weights),
    "doubled_biases": _sized(lambda sizes: _doubled(sizes).biases),
    "doubled_second_weights": _sized(lambda sizes: 2 * sizes.hidden * sizes.classes),
    "doubled_second_parameters": _sized(lambda sizes: (2 * sizes.hidden + 1) * sizes.classes),
    "doubled_second_by_units": _sized(lambda sizes: 2 * sizes.hidden * (sizes.classes + 1)),
    "doubled_parameters": _sized(lambda sizes: _doubled(sizes).weights + _doubled(sizes).biases),
    "doubled_first_weight_shape": _sized(lambda sizes: str((2 * sizes.hidden, sizes.features))),
    "doubled_second_weight_shape": _sized(lambda sizes: str((sizes.classes, 2 * sizes.hidden))),
    "one_layer_weights": _sized(lambda sizes: sizes.features * sizes.classes),
    "one_layer_parameters": _sized(lambda sizes: (sizes.features + 1) * sizes.classes),
}


@as_probe
def hidden_shape(trace: Trace) -> Found:
    """Shape of a full batch between the two linear layers, as Python prints it."""
    sizes = sizes_of(trace)
    return None if sizes is None else str((spec_of(trace).batch_size, sizes.hidden))


def _of_uneven(value: Callable[[Sizes], int]) -> Callable[[Trace], Found]:
    """Shape of what a batch of another size becomes: a line per row, so many numbers each."""

    def found(trace: Trace) -> Found:
        sizes, rows = sizes_of(trace), uneven_batch_size(trace)
        return None if sizes is None or rows is None else str((rows, value(sizes)))

    return found


PROBES |= {
    "uneven_doubled_hidden_shape": _of_uneven(lambda sizes: 2 * sizes.hidden),
    "uneven_logits_shape": _of_uneven(lambda sizes: sizes.classes),
}

# -- units for the first row -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A hidden unit for one row: its products added up, its bias, and what it hands on."""

    index: int
    products: float
    bias: float

    @property
    def sum(self) -> float:
        """Before ReLU."""
        return self.products + self.bias

    @property
    def value(self) -> float:
        """After ReLU."""
        return max(self.sum, 0.0)


def units_of(trace: Trace, row: int = 0) -> list[Unit]:
    """Every hidden unit for a row of batch 1 in step 1; none where the model was not reached."""
    met = first_pass(trace)
    if met is None:
        return []
    rows, layers = met
    sums = layers.sums(rows[row].flat)
    return [
        Unit(index, total - bias, bias)
        for index, (total, bias) in enumerate(zip(sums, layers.bias1, strict=True))
    ]


def loud(trace: Trace) -> Unit | None:
    """Of the units above zero for the first row, the one with the largest bias."""
    above = [unit for unit in units_of(trace) if unit.sum > 0]
    return max(above, key=lambda unit: abs(unit.bias), default=None)


def quiet(trace: Trace) -> Unit | None:
    """Of the units below zero for the first row, the one that most other rows wake."""
    below = [unit for unit in units_of(trace) if unit.sum < 0]
    return max(below, key=lambda unit: len(active_rows(trace, unit.index)), default=None)


def active_rows(trace: Trace, unit: int) -> list[int]:
    """Places of the rows of batch 1 for which a hidden unit is above zero."""
    hidden = trace.tensor("first.hidden")
    width = hidden.shape[1]
    return [row for row, value in enumerate(hidden.flat[unit::width]) if value > 0]


def _of(
    chosen: Callable[[Trace], Unit | None], value: Callable[[Unit], float | int]
) -> Callable[[Trace], Found]:
    def found(trace: Trace) -> Found:
        unit = chosen(trace)
        return None if unit is None else value(unit)

    return found


PROBES |= {
    "loud_unit": _of(loud, lambda unit: unit.index),
    "loud_products": _of(loud, lambda unit: unit.products),
    "loud_bias": _of(loud, lambda unit: unit.bias),
    "loud_value": _of(loud, lambda unit: unit.value),
    "quiet_unit": _of(quiet, lambda unit: unit.index),
    "quiet_sum": _of(quiet, lambda unit: unit.sum),
}


@as_probe
def quiet_unit_rows(trace: Trace) -> Found:
    """Rows of batch 1 for which that unit is above zero; None where there is no such row."""
    unit = quiet(trace)
    return None if unit is None else len(active_rows(trace, unit.index)) or None


@as_probe
def asleep_in_batch(trace: Trace) -> Found:
    """Hidden units that are zero for every row of batch 1."""
    if not trace.has("first.hidden"):
        return None
    units = trace.tensor("first.hidden").shape[1]
    return sum(not active_rows(trace, unit) for unit in range(units))


# -- scores of batch 1 -----------------------------------------------------------------


@as_probe
def negative_logits(trace: Trace) -> Found:
    """Scores of batch 1 that are below zero."""
    if not trace.has("first.logits"):
        return None
    return sum(value < 0 for value in trace.tensor("first.logits").flat)


@as_probe
def logit_count(trace: Trace) -> Found:
    """Scores of batch 1."""
    return len(trace.tensor("first.logits").flat) if trace.has("first.logits") else None


@as_probe
def stacked_score(trace: Trace) -> Found:
    """The first row's score for class 0 by both layers of the start without ReLU, one by one."""
    met = first_pass(trace)
    if met is None:
        return None
    rows, layers = met
    sums = layers.sums(rows[0].flat)
    return dot(layers.weight2[0].flat, sums) + layers.bias2[0]


@as_probe
def merged_score(trace: Trace) -> Found:
    """The same score by the one layer that the two multiply out to."""
    met = first_pass(trace)
    if met is None:
        return None
    rows, layers = met
    out, features = layers.weight2[0].flat, layers.weight1.shape[1]
    weights = [dot(out, layers.weight1.flat[index::features]) for index in range(features)]
    bias = dot(out, layers.bias1) + layers.bias2[0]
    return dot(weights, rows[0].flat) + bias
