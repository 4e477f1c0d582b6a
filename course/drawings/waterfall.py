"""Numbers that are added up one after the other: each bar begins where the last one ended.

As wide as its frame, from 260 px on. Knows no run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.svg import Told, drawing, line, tag, text

NAMES, BARS, NOTES = (1.0, 15.0), (18.0, 77.0), (79.0, 99.0)
TOP, PITCH, BAR = 30, 24, 14


@dataclass(frozen=True, slots=True)
class Step:
    """One line: a bar between two values, with its name before and its number behind it."""

    name: str
    start: float
    end: float
    note: str
    class_: str


def waterfall(told: Told, heads: tuple[str, str, str], steps: Sequence[Step]) -> SafeString:
    """Zero is the upright line."""
    ends = [0.0, *(value for step in steps for value in (step.start, step.end))]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return (value - low) / span

    floor, zero = TOP + PITCH * len(steps), percent(place(0.0))
    parts = [
        over(NAMES, text(0, TOP - 14, heads[0], "t-small")),
        over(BARS, text(zero, TOP - 14, heads[1], f"t-small {_anchor(place(0.0))}")),
        over(NOTES, text("100%", TOP - 14, heads[2], "t-small end")),
        over(BARS, line((zero, TOP - 8), (zero, floor), "rule")),
    ]
    for index, step in enumerate(steps):
        y = TOP + PITCH * index
        shares = place(step.start), place(step.end)
        parts.append(over(NAMES, text("100%", y + 12, step.name, "t-code end")))
        parts.append(over(BARS, _bar(shares, y, step.class_)))
        parts.append(over(NOTES, text("100%", y + 12, step.note, "t-code end")))
    return drawing(("100%", floor + 8), told, *parts)


def _anchor(share: float) -> str:
    """Where words at a place have room."""
    return "mid" if 0.15 < share < 0.85 else "end" if share > 0.5 else ""


def _bar(shares: tuple[float, float], y: float, class_: str) -> str:
    """With a stroke at its end, so that none is too small to be seen."""
    left, width = percent(min(shares)), percent(abs(shares[1] - shares[0]))
    end = percent(shares[1])
    bar = tag("rect", x=left, y=y + 1, width=width, height=BAR, class_=class_)
    return bar + line((end, y - 1), (end, y + BAR + 3), "framed")
