"""Points and lines over two axes, as wide as its frame: one drawing for every width from 260 px on.

Things stand at shares of the width and at pixels of the height, so no text is ever scaled. Knows no
run: who calls gives numbers and words.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.numerals import decimal
from course.drawings.svg import Told, circle, drawing, line, tag, text
from trainer.figures.series import LARGE, powered
from trainer.figures.ticks import nice_ticks, tick_digits

LEFT, RIGHT, LABELLED = 13.0, 97.0, 76.0
"""Where the plot begins and ends, in percent; it ends sooner where lines carry their names."""
TOP, FLOOR, HEIGHT = 12.0, 212.0, 256
FINE = 1000
"""Horizontal units of a line's own coordinates."""
APART = 16.0
NEAR = 1e-9

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured, from `low` to `high`. whole: only whole numbers are named on it."""

    label: str
    low: float
    high: float
    whole: bool = False

    def share(self, value: float) -> float:
        """Place of a value, 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Round values on it, with their words."""
        found = nice_ticks(self.low, self.high, most)
        digits = tick_digits(found)
        if self.whole:
            found, digits = [tick for tick in found if abs(tick - round(tick)) < NEAR], 0
        return [(tick, _written(tick, digits)) for tick in found]


@dataclass(frozen=True, slots=True)
class Marks:
    """Points that belong together. label: written at the last of a line.

    cloud: many dots as one stroke, so a class of lines. bars: from the floor up, one unit of x
    wide, as one outline. width: of a line whose class gives it none.
    """

    points: Sequence[Point]
    class_: str
    kind: Literal["line", "dots", "rule", "cloud", "bars"] = "line"
    label: str = ""
    radius: float = 3.0
    width: float | None = None


def _written(tick: float, digits: int) -> str:
    return powered(tick, 0) if abs(tick) >= LARGE else decimal(tick, digits)


@dataclass(frozen=True, slots=True)
class Panel:
    """Marks over two axes. Later marks are drawn over earlier ones."""

    x: Axis
    y: Axis
    marks: Sequence[Marks]


def plot(told: Told, x: Axis, y: Axis, marks: Sequence[Marks]) -> SafeString:
    """Later marks are drawn over earlier ones; a point that is not finite is left out."""
    return panels(told, [Panel(x, y, marks)])


def panels(told: Told, shown: Sequence[Panel]) -> SafeString:
    """Plots below one another, as wide as each other."""
    right = LABELLED if any(mark.label for each in shown for mark in each.marks) else RIGHT
    parts = [
        tag("svg", _body(panel, right), y=index * HEIGHT, width="100%", height=HEIGHT)
        for index, panel in enumerate(shown)
    ]
    return drawing(("100%", HEIGHT * len(shown)), told, *parts)


def in_units(values: Sequence[float]) -> tuple[float, str]:
    """A power of ten that leaves few digits on an axis, and the words that say so.

    1 and no words where plain numbers do.
    """
    largest = max((abs(each) for each in values if math.isfinite(each)), default=0.0) or 1.0
    power = math.floor(math.log10(largest))
    if -1 <= power <= 2:
        return 1.0, ""
    return 10.0**power, f", in units of 1e{power}"


def _body(panel: Panel, right: float) -> str:
    x, y, marks = panel.x, panel.y, panel.marks
    parts = [_rules(y, right), _feet(x, right)]
    parts += [over((LEFT, right), *_drawn(each, x, y)) for each in marks]
    parts.append(over((right, 100.0), *_names(marks, y)))
    return "".join(parts)


def _y(axis: Axis, value: float) -> float:
    return FLOOR - (FLOOR - TOP) * axis.share(value)


def _rules(axis: Axis, right: float) -> str:
    parts = [text(percent(0.005), TOP - 1, axis.label, "t-small")]
    for tick, words in axis.ticks(5):
        height = _y(axis, tick)
        parts.append(line((f"{LEFT:g}%", height), (f"{right:g}%", height), "grid"))
        if height > TOP + 14:
            parts.append(text(f"{LEFT - 1.5:g}%", height + 4, words, "t-tick end"))
    return "".join(parts)


def _feet(axis: Axis, right: float) -> str:
    parts = [line((0, FLOOR), ("100%", FLOOR), "rule")]
    for tick, words in axis.ticks(5):
        place = percent(axis.share(tick))
        parts.append(line((place, FLOOR), (place, FLOOR + 4), "tick"))
        parts.append(text(place, FLOOR + 19, words, "t-tick mid"))
    parts.append(text("100%", FLOOR + 38, axis.label, "t-small end"))
    return over((LEFT, right), *parts)


def _drawn(marks: Marks, x: Axis, y: Axis) -> list[str]:
    finite = [(x.share(a), _y(y, b)) for a, b in marks.points if math.isfinite(a + b)]
    if marks.kind == "dots":
        return [
            circle(percent(share), height, marks.radius, marks.class_) for share, height in finite
        ]
    if marks.kind == "rule":
        return [line((0, height), ("100%", height), marks.class_) for _, height in finite[:1]]
    if not finite:
        return []
    d = _PATHS[marks.kind](finite, 0.5 / ((x.high - x.low) or 1.0))
    dotted = marks.kind == "cloud"
    stroke = tag(
        "path", d=d, class_=marks.class_, vector_effect="non-scaling-stroke",
        stroke_width=2 * marks.radius if dotted else marks.width,
        stroke_linecap="round" if dotted else None,
    )  # fmt: skip
    box = f"0 0 {FINE} {HEIGHT}"
    return [
        tag("svg", stroke, width="100%", height=HEIGHT, viewBox=box, preserveAspectRatio="none")
    ]


def _line(places: Sequence[Point], half: float) -> str:  # noqa: ARG001 - one of `_PATHS`
    return " ".join(
        f"{'L' if index else 'M'}{share * FINE:.1f} {height:.1f}"
        for index, (share, height) in enumerate(places)
    )


def _cloud(places: Sequence[Point], half: float) -> str:  # noqa: ARG001 - one of `_PATHS`
    """Strokes of next to no length, whose round ends are dots."""
    return "".join(f"M{share * FINE:.1f} {height:.1f}h.1" for share, height in places)


def _bars(places: Sequence[Point], half: float) -> str:
    """One outline round all; `half` is half a bar's width, as a share."""
    tops = "".join(f"V{height:.1f}H{(share + half) * FINE:.1f}" for share, height in places)
    return f"M{(places[0][0] - half) * FINE:.1f} {FLOOR}{tops}V{FLOOR}z"


_PATHS = {"line": _line, "cloud": _cloud, "bars": _bars}


def _names(marks: Sequence[Marks], y: Axis) -> list[str]:
    """Names at the ends of lines, moved apart where they would touch."""
    ends = [
        (_y(y, last[-1][1]), each.label)
        for each in marks
        if each.label and (last := [p for p in each.points if math.isfinite(p[0] + p[1])])
    ]
    parts, lowest = [], FLOOR + 4.0
    for height, words in sorted(ends, reverse=True):
        place = min(height + 4.0, lowest)
        lowest = place - APART
        parts.append(text(8, place, words, "t-small"))
    return parts
