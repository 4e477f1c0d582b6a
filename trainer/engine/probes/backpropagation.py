"""Probes of gradients and moves in step 1: lengths, and two more weights to work with."""

import math
from collections.abc import Callable

from trainer.engine.layout import can_be_followed
from trainer.engine.probes.named_weight import first_gradients, parameters_after
from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, probe, spec_of
from trainer.engine.trace import Trace, as_float

OPTIMIZERS = {
    "sgd": "plain SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
}

FIRST, LAST = 0, 2
"""The weights of the first and of the last layer, in the layout."""

LEAST_MOVE = 1e-5
"""Smaller moves are too near to what float32 rounds away to be asked for."""

ASKED_MOVE = 0.01
"""How far a learning rate is to take the named weight."""


@as_probe
def optimizer(trace: Trace) -> Found:
    """Its name among the settings."""
    return spec_of(trace).optimizer


@as_probe
def optimizer_name(trace: Trace) -> Found:
    """The same as people say it."""
    return OPTIMIZERS[spec_of(trace).optimizer]


@as_probe
def learning_rate(trace: Trace) -> Found:
    """The learning rate, as the form shows it."""
    return f"{spec_of(trace).lr:g}"


# -- lengths -----------------------------------------------------------------------------


def _of_step_1(name: str, times: int = 1) -> Probe:
    def value(trace: Trace) -> Found:
        steps = trace.document["steps"]
        found = as_float(steps[0][name]) if steps else None
        return times * found if found is not None and math.isfinite(found) else None

    return value


PROBES |= {
    "first_grad_norm": _of_step_1("grad_norm"),
    "first_grad_norm_thrice": _of_step_1("grad_norm", 3),
    "first_update_norm": _of_step_1("update_norm"),
}


@as_probe
def update_norm_by_hand(trace: Trace) -> Found:
    """The length of the update that plain SGD with the rate by hand makes of these gradients."""
    norm, rate = probe("first_grad_norm", trace), probe("by_hand_rate", trace)
    return float(rate or 0) * norm if isinstance(norm, float) else None


@as_probe
def largest_change(trace: Trace) -> Found:
    """The most that any parameter differs between the start and the end; NaN if one ended so."""
    if not trace.has("parameters"):
        return None
    stored = trace.tensor("parameters")
    pairs = zip(stored[0].flat, stored[-1].flat, strict=True)
    changes = [abs(after - before) for before, after in pairs]
    return math.nan if any(map(math.isnan, changes)) else max(changes)


@as_probe
def move_spread(trace: Trace) -> Found:
    """Longest move in step 1 over the shortest, of the parameters that had a gradient."""
    before, after = parameters_after(trace, 0), parameters_after(trace, 1)
    gradients = first_gradients(trace)
    if gradients is None or before is None or after is None:
        return None
    every = zip(gradients, before.flat, after.flat, strict=True)
    moves = [abs(end - start) for gradient, start, end in every if gradient]
    if not moves or not min(moves) or not all(map(math.isfinite, moves)):
        return None
    return max(moves) / min(moves)


# -- the named weight ------------------------------------------------------------------


def _of_named(rule: Callable[[float], float]) -> Probe:
    def value(trace: Trace) -> Found:
        gradient = probe("weight_gradient", trace)
        if not isinstance(gradient, float) or not LEAST_MOVE < abs(gradient) < math.inf:
            return None
        return rule(gradient)

    return value


PROBES |= {
    "weight_gradient_twice": _of_named(lambda gradient: 2 * gradient),
    "rate_to_move": _of_named(lambda gradient: ASKED_MOVE / abs(gradient)),
    "rate_to_move_uphill": _of_named(lambda gradient: -ASKED_MOVE / abs(gradient)),
    "move_at_that_rate": _of_named(lambda gradient: ASKED_MOVE * abs(gradient)),
}


# -- a second weight of the first layer ----------------------------------------------------


def _by_size(trace: Trace, layer: int) -> list[int] | None:
    """Flat indices of a layer's parameters that had a gradient in step 1, the largest last."""
    gradients = first_gradients(trace)
    followed = parameters_after(trace, 1) and can_be_followed(trace.document)
    if gradients is None or not followed:
        return None
    sizes = [math.prod(each["shape"]) for each in trace.document["layout"]]
    start = sum(sizes[:layer])
    found = [i for i in range(start, start + sizes[layer]) if gradients[i]]
    if not found or not all(math.isfinite(gradients[i]) for i in found):
        return None
    return sorted(found, key=lambda i: abs(gradients[i]))


def _smaller(trace: Trace, layer: int) -> int | None:
    """One with a smaller gradient: a quarter of the others have one that is smaller still."""
    order = _by_size(trace, layer)
    return order[len(order) // 4] if order else None


def _name(layer: int) -> Probe:
    def value(trace: Trace) -> Found:
        index = _smaller(trace, layer)
        if index is None:
            return None
        layout = trace.document["layout"]
        place = index - sum(math.prod(each["shape"]) for each in layout[:layer])
        unit, column = divmod(place, layout[layer]["shape"][1])
        return f"{layout[layer]['name']}[{unit}, {column}]"

    return value


def _gradient(layer: int, rule: Callable[[float], float]) -> Probe:
    def value(trace: Trace) -> Found:
        index = _smaller(trace, layer)
        return None if index is None else rule(trace.tensor("first.gradients").flat[index])

    return value


PROBES |= {
    "second_weight": _name(FIRST),
    "second_gradient": _gradient(FIRST, float),
    "second_gradient_size": _gradient(FIRST, abs),
}


def _move(trace: Trace, index: int) -> Found:
    """How far a parameter was moved by step 1, without a sign."""
    before, after = parameters_after(trace, 0), parameters_after(trace, 1)
    if before is None or after is None:
        return None
    move = abs(after.flat[index] - before.flat[index])
    return move if math.isfinite(move) and move > LEAST_MOVE else None


@as_probe
def named_move(trace: Trace) -> Found:
    """How far step 1 moved the weight with the largest gradient of its layer."""
    order = _by_size(trace, FIRST)
    return _move(trace, order[-1]) if order else None


@as_probe
def named_move_signed(trace: Trace) -> Found:
    """What step 1 added to that weight."""
    before, after = probe("weight_before", trace), probe("weight_after", trace)
    if named_move(trace) is None or not isinstance(before, float) or not isinstance(after, float):
        return None
    return after - before


@as_probe
def largest_gradient(trace: Trace) -> Found:
    """The largest gradient of all parameters in step 1, without a sign."""
    if not trace.has("first.gradients"):
        return None
    sizes = [abs(each) for each in trace.tensor("first.gradients").flat]
    return max(sizes) if all(map(math.isfinite, sizes)) and max(sizes) > LEAST_MOVE else None


@as_probe
def farthest_move(trace: Trace) -> Found:
    """How far step 1 moved the parameter that it moved farthest."""
    before, after = parameters_after(trace, 0), parameters_after(trace, 1)
    if before is None or after is None:
        return None
    moves = [abs(end - start) for start, end in zip(before.flat, after.flat, strict=True)]
    return max(moves) if all(map(math.isfinite, moves)) and max(moves) > LEAST_MOVE else None


@as_probe
def farthest_move_of_sgd(trace: Trace) -> Found:
    """How far it would have been with plain SGD at the same learning rate."""
    largest = largest_gradient(trace)
    return spec_of(trace).lr * largest if isinstance(largest, float) else None


@as_probe
def second_move(trace: Trace) -> Found:
    """How far step 1 moved the second weight."""
    index = _smaller(trace, FIRST)
    return None if index is None else _move(trace, index)


@as_probe
def second_move_in_proportion(trace: Trace) -> Found:
    """How far the second would have moved, had both moved in proportion to their gradients."""
    order, move = _by_size(trace, FIRST), named_move(trace)
    if order is None or not isinstance(move, float):
        return None
    gradients = trace.tensor("first.gradients").flat
    return move * abs(gradients[order[len(order) // 4]] / gradients[order[-1]])


# -- a weight of the last layer, under plain SGD by hand ------------------------------------

PROBES |= {
    "output_weight": _name(LAST),
    "output_gradient": _gradient(LAST, float),
    "output_gradient_flipped": _gradient(LAST, lambda gradient: -gradient),
}


@as_probe
def output_before(trace: Trace) -> Found:
    """The weight before step 1."""
    index, before = _smaller(trace, LAST), parameters_after(trace, 0)
    return None if index is None or before is None else before.flat[index]


@as_probe
def output_move_by_hand(trace: Trace) -> Found:
    """The rate by hand times its gradient."""
    gradient, rate = probe("output_gradient", trace), probe("by_hand_rate", trace)
    return float(rate or 0) * gradient if isinstance(gradient, float) else None


@as_probe
def output_by_hand(trace: Trace) -> Found:
    """The weight after plain SGD with the rate by hand."""
    before, move = output_before(trace), output_move_by_hand(trace)
    if not isinstance(before, float) or not isinstance(move, float):
        return None
    return before - move
