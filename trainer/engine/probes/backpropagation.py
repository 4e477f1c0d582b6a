"""Probes of gradients and moves in step 1: lengths, and a second weight to work with."""

import math

from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, probe, spec_of
from trainer.engine.probes.run import parameters_after
from trainer.engine.trace import Trace, as_float

OPTIMIZERS = {
    "sgd": "plain SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
}

LEAST_MOVE = 1e-5
"""Smaller moves are too near to what float32 rounds away to be asked for."""


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
def move_spread(trace: Trace) -> Found:
    """Longest move in step 1 over the shortest, of the parameters that had a gradient."""
    before, after = parameters_after(trace, 0), parameters_after(trace, 1)
    if not trace.has("first.gradients") or before is None or after is None:
        return None
    every = zip(trace.tensor("first.gradients").flat, before.flat, after.flat, strict=True)
    moves = [abs(end - start) for gradient, start, end in every if gradient]
    if not moves or not min(moves) or not all(map(math.isfinite, moves)):
        return None
    return max(moves) / min(moves)


# -- a second weight of the first layer ----------------------------------------------------


def _indices(trace: Trace) -> tuple[int, int] | None:
    """The weights of the first layer with the largest gradient in step 1 and with a smaller one."""
    if not (trace.has("first.gradients") and parameters_after(trace, 1)):
        return None
    size = math.prod(trace.document["layout"][0]["shape"])
    gradients = trace.tensor("first.gradients").flat[:size]
    order = sorted((i for i in range(size) if gradients[i]), key=lambda i: abs(gradients[i]))
    if not order or not all(math.isfinite(gradients[i]) for i in order):
        return None
    return order[-1], order[len(order) // 4]


@as_probe
def second_weight(trace: Trace) -> Found:
    """Its name as PyTorch spells it."""
    found = _indices(trace)
    if found is None:
        return None
    first = trace.document["layout"][0]
    unit, column = divmod(found[1], first["shape"][1])
    return f"{first['name']}[{unit}, {column}]"


@as_probe
def second_gradient(trace: Trace) -> Found:
    """Its gradient in step 1."""
    found = _indices(trace)
    return trace.tensor("first.gradients").flat[found[1]] if found else None


@as_probe
def second_gradient_size(trace: Trace) -> Found:
    """The same without its sign."""
    found = second_gradient(trace)
    return abs(found) if isinstance(found, float) else None


@as_probe
def second_gradient_flipped(trace: Trace) -> Found:
    """The same with the other sign."""
    found = second_gradient(trace)
    return -found if isinstance(found, float) else None


def _move(place: int) -> Probe:
    """How far the first or second of the weights was moved by step 1, without a sign."""

    def value(trace: Trace) -> Found:
        found, before, after = (
            _indices(trace), parameters_after(trace, 0), parameters_after(trace, 1),
        )  # fmt: skip
        if found is None or before is None or after is None:
            return None
        move = abs(after.flat[found[place]] - before.flat[found[place]])
        return move if math.isfinite(move) and move > LEAST_MOVE else None

    return value


PROBES |= {"named_move": _move(0), "second_move": _move(1)}


@as_probe
def second_move_in_proportion(trace: Trace) -> Found:
    """How far the second would have moved, had both moved in proportion to their gradients."""
    found, move = _indices(trace), probe("named_move", trace)
    if found is None or not isinstance(move, float):
        return None
    gradients = trace.tensor("first.gradients").flat
    return move * abs(gradients[found[1]] / gradients[found[0]])


# -- the second weight under plain SGD, by hand --------------------------------------------


@as_probe
def second_before(trace: Trace) -> Found:
    """The weight before step 1."""
    found, before = _indices(trace), parameters_after(trace, 0)
    return before.flat[found[1]] if found and before else None


@as_probe
def second_move_by_hand(trace: Trace) -> Found:
    """The rate by hand times its gradient."""
    gradient, rate = second_gradient(trace), probe("by_hand_rate", trace)
    return float(rate or 0) * gradient if isinstance(gradient, float) else None


@as_probe
def second_by_hand(trace: Trace) -> Found:
    """The weight after plain SGD with the rate by hand."""
    before, move = second_before(trace), second_move_by_hand(trace)
    if not isinstance(before, float) or not isinstance(move, float):
        return None
    return before - move
