"""True cells of a tensor, each a link: a map to choose a number from. Knows no run.

At its real size: on narrow screens it scrolls in its own frame. One cell is in the way of the Tab
key, the chosen one; from there arrow keys lead on where there is JavaScript, and a form beside the
map reaches every cell without it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.heat import LEVELS
from course.drawings.svg import Told, drawing, link, rect, text

WIDE, HIGH = 32, 28
LEFT, TOP = 52, 66


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: where its link leads, what it is called, whether it is the chosen one."""

    value: float
    href: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Heads:
    """What rows and columns are, and how each is called."""

    rows: str
    columns: str
    row_names: Sequence[str]
    column_names: Sequence[str]


def linked_cells(
    told: Told, heads: Heads, rows: Sequence[Sequence[Cell]], limit: float
) -> SafeString:
    """One hue above zero, the other below, full at ±limit."""
    across, down = len(heads.column_names), len(rows)
    width, height = max(LEFT + WIDE * across + 12, 220), TOP + HIGH * down + 12
    parts = [
        text(8, 18, f"across: {heads.columns}", "t-small"),
        text(8, 36, f"down: {heads.rows}", "t-small"),
    ]
    parts += [
        text(LEFT + WIDE * (at + 0.5), TOP - 6, name, "t-tick mid")
        for at, name in enumerate(heads.column_names)
    ]
    for at, (name, row) in enumerate(zip(heads.row_names, rows, strict=True)):
        y = TOP + HIGH * at
        parts.append(text(LEFT - 8, y + 19, name, "t-tick end"))
        parts += [_cell(cell, (LEFT + WIDE * of, y), limit) for of, cell in enumerate(row)]
    # Last, so that neighbours do not lie over its frame; twice, so that it is seen on any ground.
    parts += [
        rect(LEFT + WIDE * of, TOP + HIGH * at, WIDE, HIGH, class_)
        for at, row in enumerate(rows)
        for of, cell in enumerate(row)
        if cell.chosen
        for class_ in ("mark-ground", "framed")
    ]
    return drawing((width, height), told, *parts, class_="linked-cells", role="group")


def _cell(cell: Cell, at: tuple[float, float], limit: float) -> str:
    ground, edge = rect(*at, WIDE, HIGH, "zero"), rect(*at, WIDE, HIGH, "grid")
    return link(
        cell.href,
        cell.name,
        ground + _tint(cell.value, at, limit) + edge,
        aria_current="true" if cell.chosen else None,
        tabindex="0" if cell.chosen else "-1",
    )


def _tint(value: float, at: tuple[float, float], limit: float) -> str:
    """As strong as the value; one that is not finite is ink, because no colour would be true."""
    if not math.isfinite(value):
        return rect(*at, WIDE, HIGH, "ink")
    strength = min(round(abs(value) / limit * LEVELS), LEVELS) / LEVELS
    class_ = "pos" if value > 0 else "neg"
    return rect(*at, WIDE, HIGH, class_, fill_opacity=strength) if strength else ""
