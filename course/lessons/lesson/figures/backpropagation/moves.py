"""What a step did to the parameters of one layer: gradient and update, one by one."""

import math
from dataclasses import dataclass
from itertools import product

from course.replays import replay
from trainer.engine.trace import Trace

EPSILON = 2.0**-23
"""How exactly a float32 holds a number, relative to its size."""
CLEAR = 100
"""Moves of at least so many of these are told from rounding."""
CLOSE = 1e-3


@dataclass(frozen=True, slots=True)
class Move:
    """One parameter at one step."""

    name: str
    before: float
    gradient: float
    after: float

    @property
    def update(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def is_finite(self) -> bool:
        """Whether gradient and update are numbers."""
        return math.isfinite(self.gradient) and math.isfinite(self.update)

    @property
    def is_still(self) -> bool:
        """Whether it has no gradient and did not move."""
        return not self.gradient and not self.update

    def is_clear(self, rate: float) -> bool:
        """Whether its move, or plain SGD's, is more than rounding."""
        return max(abs(self.update), rate * abs(self.gradient)) > CLEAR * self.rounding

    @property
    def rounding(self) -> float:
        """What float32 may lose in writing the moved parameter down."""
        return EPSILON * max(abs(self.before), abs(self.after))


def on_line(move: Move, rate: float) -> bool:
    """Whether the update is minus the rate times the gradient."""
    wanted = -rate * move.gradient
    return abs(move.update - wanted) <= CLOSE * abs(wanted) + move.rounding


def moves_of(trace: Trace, step: int, layer: str) -> list[Move] | None:
    """Every parameter of a layer in its order. None where the step updated none."""
    found = replay("step", trace, step)
    if found is None or not {"before", "after", "gradients"} <= found.keys():
        return None
    start = 0
    for each in trace.document["layout"]:
        size = math.prod(each["shape"])
        if each["name"] == layer:
            break
        start += size
    places = product(*map(range, each["shape"]))
    parts = (found[name][start : start + size] for name in ("before", "gradients", "after"))
    return [
        Move(f"{layer}[{', '.join(map(str, place))}]", *map(float, values))
        for place, *values in zip(places, *parts, strict=True)
    ]
