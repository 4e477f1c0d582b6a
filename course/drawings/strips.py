"""Lines of a list, each with a bar or strokes from 0 to the whole width. Knows no run.

As wide as its frame, from 260 px on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.svg import Told, drawing, line, tag, text

NAMES, BARS, NOTES = (1.0, 14.0), (17.0, 77.0), (79.0, 99.0)
TOP, PITCH, BAR = 30, 26, 16
FLOOR = 8


@dataclass(frozen=True, slots=True)
class Strip:
    """One line: its name, a note behind it, and what is drawn between them.

    segments: shares of the width with a class each, from the left. strokes: places 0 to 1. mark:
    a place 0 to 1 that something drawn is to be compared with.
    """

    name: str
    note: str = ""
    segments: Sequence[tuple[float, str]] = ()
    strokes: Sequence[float] = ()
    class_: str = "s1-line"
    mark: float | None = None


def strips(told: Told, heads: tuple[str, str, str], rows: Sequence[Strip]) -> SafeString:
    """Lines under the three heads of their columns."""
    parts = [
        over(NAMES, text(0, TOP - 14, heads[0], "t-small")),
        over(BARS, text(0, TOP - 14, heads[1], "t-small")),
        over(NOTES, text("100%", TOP - 14, heads[2], "t-small end")),
    ]
    for index, row in enumerate(rows):
        y = TOP + PITCH * index
        parts.append(over(NAMES, text("100%", y + 13, row.name, "t-tick end")))
        parts.append(over(BARS, *_segments(row, y), *_strokes(row, y), _mark(row, y)))
        parts.append(over(NOTES, text("100%", y + 13, row.note, "t-tick end")))
    return drawing(("100%", TOP + PITCH * len(rows) + FLOOR), told, *parts)


def _segments(row: Strip, y: float) -> list[str]:
    parts, start = [_bar(0.0, 1.0, y, "sunk")] if row.mark is not None else [], 0.0
    for share, class_ in row.segments:
        parts.append(_bar(start, share, y, class_))
        start += share
    return parts


def _bar(start: float, share: float, y: float, class_: str) -> str:
    width = percent(share)
    return tag("rect", x=percent(start), y=y, width=width, height=BAR, class_=class_)


def _strokes(row: Strip, y: float) -> list[str]:
    if not row.strokes:
        return []
    ground = _bar(0.0, 1.0, y, "sunk")
    d = "".join(f"M{place * 1000:.1f} 0v{BAR}" for place in row.strokes)
    stroke = tag("path", d=d, class_=row.class_, vector_effect="non-scaling-stroke")
    lines = tag(
        "svg", stroke, y=y, width="100%", height=BAR,
        viewBox=f"0 0 1000 {BAR}", preserveAspectRatio="none",
    )  # fmt: skip
    return [ground, lines]


def _mark(row: Strip, y: float) -> str:
    """An upright line, a little taller than the bar, with paper to both sides of it."""
    if row.mark is None:
        return ""
    place = percent(row.mark)
    ends = (place, y - 3), (place, y + BAR + 3)
    return line(*ends, "mark-ground") + line(*ends, "line")
