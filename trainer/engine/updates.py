"""What an optimizer makes of the gradient of one weight, spelled out in double precision.

From recorded numbers alone, so Python without PyTorch. What an optimizer holds on to is float32:
where that came to no finite number, as for squares beyond 3.4e38, the sum goes on from there.
"""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

Numbers = Mapping[str, float]


class Known(NamedTuple):
    """One update as it was recorded.

    before, gradient, lr: of the weight at `step()`; settings: the optimizer's; held: what it held
    for the weight ahead of the update, nothing ahead of its first; holds: the same after it.
    """

    before: float
    gradient: float
    lr: float
    settings: Numbers
    held: Numbers
    holds: Numbers


def worked(rule: str, known: Known) -> dict[str, float]:
    """Every intermediate result of an update by name; the last is `new`, the weight after it."""
    return _RULES[rule](known)


def _sgd(known: Known) -> dict[str, float]:
    return _moved(known, known.gradient, {})


def _momentum(known: Known) -> dict[str, float]:
    """The first buffer is the gradient itself."""
    share = known.settings["momentum"]
    if "buffer" in known.held:
        buffer = _kept(share * known.held["buffer"] + known.gradient, known.holds["buffer"])
    else:
        buffer = known.gradient
    return _moved(known, buffer, {"buffer": buffer})


def _adam(known: Known) -> dict[str, float]:
    beta1, beta2 = known.settings["beta1"], known.settings["beta2"]
    gradient, held = known.gradient, known.held
    t = held.get("t", 0.0) + 1
    m = _kept(beta1 * held.get("m", 0.0) + (1 - beta1) * gradient, known.holds["m"])
    square = (1 - beta2) * gradient * gradient
    v = _kept(beta2 * held.get("v", 0.0) + square, known.holds["v"])
    first, second = 1 - beta1**t, 1 - beta2**t
    found = {"t": t, "m": m, "v": v, "correction1": first, "correction2": second}
    found |= {"m_hat": m / first, "v_hat": v / second}
    found["root"] = math.sqrt(found["v_hat"])
    found["quotient"] = found["m_hat"] / (found["root"] + known.settings["eps"])
    return _moved(known, found["quotient"], found)


def _adamw(known: Known) -> dict[str, float]:
    """A little of the weight goes first, then Adam's update."""
    decayed = known.before * (1 - known.lr * known.settings["weight_decay"])
    return {"decayed": decayed} | _adam(known._replace(before=decayed))


def _rmsprop(known: Known) -> dict[str, float]:
    alpha, gradient = known.settings["alpha"], known.gradient
    square = (1 - alpha) * gradient * gradient
    v = _kept(alpha * known.held.get("v", 0.0) + square, known.holds["v"])
    root = math.sqrt(v)
    quotient = gradient / (root + known.settings["eps"])
    return _moved(known, quotient, {"v": v, "root": root, "quotient": quotient})


def _moved(known: Known, direction: float, found: dict[str, float]) -> dict[str, float]:
    move = known.lr * direction
    return found | {"move": move, "new": known.before - move}


def _kept(value: float, recorded: float) -> float:
    return value if math.isfinite(recorded) else recorded


_RULES: dict[str, Callable[[Known], dict[str, float]]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
}
