"""A matrix of weights as true cells, standing as PyTorch prints it: a row per output.

As wide as its frame, from 260 px on. Knows no run.
"""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.heat import Table, diverging
from course.drawings.numerals import decimal
from course.drawings.svg import Told, drawing, rect, tag, text

NAMES, CELLS = (1.0, 11.0), (13.0, 99.0)
TOP, PITCH, CELL = 30, 18, 10
SWATCH = 12
MOST_NAMES = 16
"""Up to so many columns are all numbered."""
ROOMY, TALLEST, LOWEST = 64, 640, 6
"""Up to so many rows are all numbered; of more each is lower, for the map not to grow on."""


@dataclass(frozen=True, slots=True)
class Axes:
    """What rows and columns are called."""

    rows: str
    columns: str


def weight_map(
    told: Told, axes: Axes, table: Table, limit: float, framed: tuple[int, int] | None
) -> SafeString:
    """Full colour at ±limit; the framed cell is row and column."""
    pitch = PITCH if table.height <= ROOMY else max(LOWEST, TALLEST // table.height)
    height = pitch * table.height
    cells = tag(
        "svg", diverging(table, (0, 0), (CELL, pitch), limit), y=TOP, width="100%", height=height,
        viewBox=f"0 0 {CELL * table.width} {height}", preserveAspectRatio="none",
    )  # fmt: skip
    parts = [
        over((1.0, 99.0), text(0, TOP - 14, axes.rows, "t-small")),
        *(
            over(NAMES, text("100%", TOP + pitch * (row + 0.5) + 4, f"{row}", "t-tick end"))
            for row in range(0, table.height, 1 if pitch == PITCH else 10)
            if table.height > 1
        ),
        over(CELLS, cells, *_frame(framed, table.width), *_numbers(table.width, TOP + height)),
        over((1.0, 99.0), text("100%", TOP + height + 36, axes.columns, "t-small end")),
        over((1.0, 99.0), _legend(limit, TOP + height + 48)),
    ]
    return drawing(("100%", TOP + height + 72), told, *parts)


def _frame(framed: tuple[int, int] | None, width: int) -> list[str]:
    if framed is None:
        return []
    row, column = framed
    x, y = percent(column / width), TOP + PITCH * row
    return [tag("rect", x=x, y=y, width=percent(1 / width), height=PITCH, class_="framed")]


def _numbers(width: int, floor: int) -> list[str]:
    every = 1 if width <= MOST_NAMES else 8 * math.ceil(width / (8 * MOST_NAMES))
    return [
        text(percent((column + 0.5) / width), floor + 17, f"{column}", "t-tick mid")
        for column in range(0, width, every)
    ]


def _legend(limit: float, y: float) -> str:
    """Both ends and the middle of the scale, with their numbers."""
    marks = (("neg", decimal(-limit)), ("zero", "0"), ("pos", decimal(limit)))
    parts = []
    for (class_, words), place in zip(marks, (0, 110, 160), strict=True):
        parts.append(rect(place, y, SWATCH, SWATCH, class_))
        parts.append(rect(place, y, SWATCH, SWATCH, "rule"))
        parts.append(text(place + SWATCH + 6, y + 10.5, words, "t-tick"))
    return "".join(parts)
