"""An axis on which each step of the same width is the same factor."""

import math
from dataclasses import dataclass

from course.drawings.plot import Axis

PLAIN = 4
"""Powers of ten up to this one are written out."""

ROOM, LEAST = 0.04, 0.02
"""At both ends: so much of the whole, and in powers of ten at least."""

SPAN = 300.0
"""Nothing that a run computes is beyond ten to this, up or down."""


@dataclass(frozen=True, slots=True)
class LogAxis(Axis):
    """From `low` to `high`, both above 0. What is not above 0 has no place on it."""

    def share(self, value: float) -> float:
        """Place of a value, 0 to 1; nan where it has none."""
        if not value > 0 or math.isinf(value):
            return math.nan
        low, high = math.log10(self.low), math.log10(self.high)
        return (math.log10(value) - low) / ((high - low) or 1.0)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Powers of ten on it; where there are fewer than two, its ends."""
        first = math.ceil(math.log10(self.low) - 1e-9)
        last = math.floor(math.log10(self.high) + 1e-9)
        step = max(1, -(-(last - first) // max(most - 1, 1)))
        found = [(10.0**power, _power(power)) for power in range(first, last + 1, step)]
        return found if len(found) > 1 else [(end, f"{end:.3g}") for end in (self.low, self.high)]


def around(label: str, values: list[float], above: float = 0.0) -> LogAxis:
    """An axis that holds every value above 0, with a little room at both ends.

    above: more of it, as a share of the whole, for names that stand over the highest.
    """
    known = [math.log10(value) for value in values if value > 0 and math.isfinite(value)] or [0.0]
    room = max((max(known) - min(known)) * ROOM, LEAST)
    more = (max(known) - min(known)) * above
    low, high = max(min(known) - room, -SPAN), min(max(known) + room + more, SPAN)
    return LogAxis(label, 10.0 ** min(low, SPAN - room), 10.0 ** max(high, room - SPAN))


def _power(power: int) -> str:
    return (
        f"{10.0**power:g}" if abs(power) <= PLAIN else f"1e{power}".replace("-", "\N{MINUS SIGN}")
    )
