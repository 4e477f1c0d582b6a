"""Ranges on two axes side by side: a line per column, from its lowest value to its highest.

As wide as its frame, from 260 px on. Knows no run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.svg import Told, drawing, line, tag, text

NAMES = (1.0, 13.0)
PANELS = ((17.0, 56.0), (62.0, 98.0))
TOP, PITCH, BOX = 34, 26, 14

Five = Sequence[float]
"""Lowest, first quarter, middle, third quarter, highest: shares of an axis."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An axis: its name, what its ends are called, and the five places of each line, or none."""

    name: str
    ends: tuple[str, str]
    lines: Sequence[Five | None]


def boxes(told: Told, names: Sequence[str], panels: tuple[Panel, Panel]) -> SafeString:
    """The middle half of each line is a box, its middle a stroke."""
    floor = TOP + PITCH * len(names)
    parts = [over(NAMES, text(0, TOP - 16, "column", "t-small"))]
    for index, name in enumerate(names):
        parts.append(over(NAMES, text("100%", _middle(index) + 4.5, name, "t-code end")))
    for place, panel in zip(PANELS, panels, strict=True):
        parts.append(over(place, *_panel(panel, floor)))
    return drawing(("100%", floor + 30), told, *parts)


def _panel(panel: Panel, floor: int) -> list[str]:
    parts = [text(0, TOP - 16, panel.name, "t-small")]
    parts += [line((end, TOP - 6), (end, floor), "grid") for end in ("0%", "50%", "100%")]
    for index, five in enumerate(panel.lines):
        if five:
            parts.append(_box(five, _middle(index)))
    low, high = panel.ends
    parts.append(line((0, floor), ("100%", floor), "rule"))
    parts.append(text(0, floor + 18, low, "t-tick"))
    parts.append(text("100%", floor + 18, high, "t-tick end"))
    return parts


def _middle(index: int) -> float:
    return TOP + PITCH * (index + 0.5)


def _box(five: Five, y: float) -> str:
    low, first, middle, third, high = map(percent, five)
    width = percent(five[3] - five[1])
    top = y - BOX / 2
    ends = "".join(line((end, y - 4), (end, y + 4), "s2-line") for end in (low, high))
    return (
        line((low, y), (high, y), "s2-line")
        + ends
        + tag("rect", x=first, y=top, width=width, height=BOX, class_="s2-soft")
        + line((first, top), (first, top + BOX), "s2-line")
        + line((third, top), (third, top + BOX), "s2-line")
        + line((middle, top), (middle, top + BOX), "framed")
    )
