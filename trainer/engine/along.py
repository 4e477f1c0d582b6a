"""The loss of a step's batch where its parameters do not stand: on a straight way through them.

One way goes against the gradients that `step()` found, the other along what it made of them.
Recomputed in double precision from the step as `trainer.engine.replay` gives it.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from trainer.engine import measure, replay
from trainer.engine.replay import NotReached
from trainer.engine.trace import Trace, number

PLACES = range(-8, 33)
"""Where the loss is taken: in 32nds of the reach, some of them on the way back."""
FARTHEST, NEAREST = 2.0**40, 2.0**-60
SETTLED = 0.01
"""Below this share of where it began the loss need not be followed any farther."""
NOISE = 1e-9
"""Share of a loss by which rounding alone does not change it."""

Loss = Callable[[float], float]


def along(trace: Trace, wanted: int) -> dict[str, Any]:
    """The loss of step `wanted` on two ways through its parameters, as far as it rises again.

    start: before the update. gradient: `at` learning rates of plain SGD; update: `at` multiples of
    the step's own update; both with the `loss` there, and `once`, the loss at the run's learning
    rate or after its update. Raises `NotReached`.
    """
    found = replay.step(trace, wanted)
    if not {"gradients", "before", "after", "y"} <= found.keys():
        raise NotReached(f"The run made no update of every parameter in step {wanted}.")
    before, after, gradients = (_tensor(found[name]) for name in ("before", "after", "gradients"))
    x, y = _tensor(found.get("scaled", found["x"])), torch.tensor(found["y"])
    layout = [(each["name"], tuple(each["shape"])) for each in trace.document["layout"]]

    def loss_of(flat: Tensor) -> float:
        return cross_entropy(measure.layers(flat, layout, x).logits, y).item()

    def way(direction: Tensor, once: float) -> dict[str, Any]:
        def loss(times: float) -> float:
            return loss_of(before + times * direction)

        reach = _reach(loss, loss(0.0))
        at = [reach * place / PLACES[-1] for place in PLACES]
        return {"at": at, "loss": [number(loss(each)) for each in at], "once": number(loss(once))}

    return {
        "step": wanted,
        "start": number(loss_of(before)),
        "gradient": way(-gradients, float(trace.document["spec"]["lr"])),
        "update": way(after - before, 1.0),
    }


def _tensor(nested: list[Any]) -> Tensor:
    """Back from strict JSON: numbers that are not finite were words."""
    rows = [list(map(float, row)) if isinstance(row, list) else float(row) for row in nested]
    return torch.tensor(rows, dtype=torch.float64)


def _reach(loss: Loss, start: float) -> float:
    """The first power of two at which the loss is above its start, or has all but gone.

    Where it rises from the beginning, the largest up to 1 at which it has not doubled.
    """
    far = 1.0
    while SETTLED * start < loss(far) <= start and far < FARTHEST:
        far *= 2
    falls = _halved(loss, start * (1 - NOISE), far / 2)
    return 2 * falls if falls > NEAREST else _halved(loss, 2 * start, 1.0)


def _halved(loss: Loss, most: float, far: float) -> float:
    """Halved until the loss is no more than that."""
    while not loss(far) <= most and far > NEAREST:
        far /= 2
    return far
