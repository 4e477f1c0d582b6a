"""Where labels stand: at the ends of lines, moved apart, and beside a band, where there is room."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LINE = 17.0
"""Height of a text line in pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a value on the vertical axis, and below it a number, if there is one."""

    value: float
    name: str
    number: str = ""

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return LINE * (2 if self.number else 1)


def spread(labels: Sequence[Label], scale: float, top: float) -> list[tuple[Label, float]]:
    """Each label with how far up it moves, in pixels, so that none covers another.

    scale: pixels per unit of the value; top: pixels above zero that a label may reach. From
    the lowest value up, a label keeps its place or moves above the one before; then, from the
    highest down, below what it would overlap.
    """
    ordered = sorted(labels, key=lambda label: label.value)
    centres = _pushed_up([(label.value * scale, label.height) for label in ordered])
    ceiling = top
    for index in range(len(ordered) - 1, -1, -1):
        half = ordered[index].height / 2
        centres[index] = min(centres[index], ceiling - half)
        ceiling = centres[index] - half
    return [
        (label, centre - label.value * scale)
        for label, centre in zip(ordered, centres, strict=True)
    ]


def _pushed_up(places: list[tuple[float, float]]) -> list[float]:
    centres: list[float] = []
    floor = float("-inf")
    for place, height in places:
        centres.append(max(place, floor + height / 2))
        floor = centres[-1] + height / 2
    return centres


Point = tuple[float, float]
Line = Sequence[Point]
"""Points (x, y), x ascending."""


def free_place(places: Line, lines: Sequence[Line], reach: float, enough: float) -> Point:
    """The first place with enough room above and below, or the one with most.

    Room is the vertical distance to the nearest line between x - reach and x + reach.
    """

    def room(place: Point) -> float:
        x, y = place
        probes = [x + reach * step / 4 for step in range(-4, 5)]
        heights = (_height(line, probe) for line in lines for probe in probes)
        return min((abs(found - y) for found in heights if found is not None), default=enough)

    return next((place for place in places if room(place) >= enough), max(places, key=room))


def _height(line: Line, x: float) -> float | None:
    """The line's y at x, straight between its points."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0) if x1 > x0 else 0)
    return None
