"""Probes of one weight in the first step, and what plain SGD by hand would make of it."""

import math
from collections.abc import Sequence

from trainer.engine.probes.registry import PROBES, Found, Probe, as_probe, probe, spec_of
from trainer.engine.trace import Trace, Values


def first_gradients(trace: Trace) -> Sequence[float] | None:
    """All gradients of step 1, flat; None where they are of another model than the last."""
    if not trace.has("first.gradients"):
        return None
    flat = trace.tensor("first.gradients").flat
    parameters = sum(math.prod(each["shape"]) for each in trace.document["layout"])
    return flat if len(flat) == parameters else None


def named_index(trace: Trace) -> int | None:
    """The weight of the first layer with the largest gradient in step 1, as a flat index."""
    gradients = first_gradients(trace)
    if gradients is None or not trace.has("parameters"):
        return None
    size = math.prod(trace.document["layout"][0]["shape"])
    return max(range(size), key=lambda index: abs(gradients[index]))


@as_probe
def named_weight(trace: Trace) -> Found:
    """Its name as PyTorch spells it, for example `0.weight[3, 1]`."""
    index = named_index(trace)
    if index is None:
        return None
    first = trace.document["layout"][0]
    unit, column = divmod(index, first["shape"][1])
    return f"{first['name']}[{unit}, {column}]"


def parameters_after(trace: Trace, step: int) -> Values | None:
    """All parameters after a step, flat; None where that step was not stored."""
    if not trace.has("kept_steps"):
        return None
    kept = list(trace.tensor("kept_steps").flat)
    return trace.tensor("parameters")[kept.index(step)] if step in kept else None


def _weight(step: int) -> Probe:
    def value(trace: Trace) -> Found:
        index, parameters = named_index(trace), parameters_after(trace, step)
        return None if index is None or parameters is None else parameters.flat[index]

    return value


@as_probe
def weight_gradient(trace: Trace) -> Found:
    """The gradient of the named weight in step 1."""
    index = named_index(trace)
    return None if index is None else trace.tensor("first.gradients").flat[index]


PROBES |= {"weight_before": _weight(0), "weight_after": _weight(1)}


@as_probe
def by_hand_rate(trace: Trace) -> Found:
    """Give a learning rate for plain SGD by hand that the run itself did not use."""
    spec = spec_of(trace)
    return 0.25 if (spec.optimizer, spec.lr) == ("sgd", 0.5) else 0.5


def _by_hand(sign: int, *, with_rate: bool = True) -> Probe:
    """`weight + sign * rate * gradient` for the named weight, or without the rate."""

    def value(trace: Trace) -> Found:
        before, gradient = probe("weight_before", trace), probe("weight_gradient", trace)
        rate = by_hand_rate(trace) if with_rate else 1
        if not isinstance(before, float) or not isinstance(gradient, float):
            return None
        return before + sign * float(rate or 0) * gradient

    return value


PROBES |= {
    "weight_by_hand": _by_hand(-1),
    "weight_uphill": _by_hand(+1),
    "weight_minus_gradient": _by_hand(-1, with_rate=False),
}
