"""Heat maps: the real numbers of a tensor as cells, in few SVG nodes.

Strength has nine steps, and all cells of a step are one path. A number that is not finite is
a solid cell in ink, because neither colour would be true.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from course.lessons.drawings.numerals import finite
from course.lessons.drawings.svg import path, rect
from trainer.engine.trace import Values

LEVELS = 8
NOT_FINITE = LEVELS + 1

Place = tuple[float, float]
Level = Callable[[float], int]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in rows, all of one length."""

    rows: Sequence[Sequence[float]]

    @classmethod
    def of(cls, values: Values, rows: int, columns: int) -> "Table":
        """The first rows and columns of a matrix; a vector counts as one row."""
        height, width = values.shape if len(values.shape) == 2 else (1, len(values.flat))
        shown = range(min(height, rows))
        flat = values.flat
        return cls([flat[row * width : row * width + min(width, columns)] for row in shown])

    @property
    def height(self) -> int:
        """How many rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.rows[0]) if self.rows else 0

    def lying(self) -> "Table":
        """Rows as columns."""
        return Table(list(zip(*self.rows, strict=True)))

    def numbers(self) -> list[float]:
        """All numbers, row by row."""
        return [value for row in self.rows for value in row]


def stretched(table: Table) -> Table:
    """The same table with its smallest number at 0 and its largest at 1, for `sequential`."""
    numbers = finite(table.numbers())
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    span = (high - low) or 1.0
    return Table([[(value - low) / span for value in row] for row in table.rows])


def sequential(table: Table, at: Place, cell: Place, hue: str) -> str:
    """Cells from nothing at 0 to the full hue at 1; beyond either end they stay as at the end."""
    return _layers(table, at, cell, _share_level, lambda _: hue)


def diverging(table: Table, at: Place, cell: Place, limit: float) -> str:
    """Cells around zero: one hue above, the other below, full at ±limit."""

    def level(value: float) -> int:
        strength = _share_level(abs(value) / limit)
        return strength if value >= 0 or strength == NOT_FINITE else -strength

    ground = rect(*at, table.width * cell[0], table.height * cell[1], "zero")
    return ground + _layers(table, at, cell, level, lambda step: "pos" if step > 0 else "neg")


def strongest(numbers: Sequence[float]) -> float:
    """The largest finite distance from zero; 1 where there is none, so that it may divide."""
    return max(map(abs, finite(numbers)), default=0.0) or 1.0


def _share_level(share: float) -> int:
    if not math.isfinite(share):
        return NOT_FINITE
    return round(min(max(share, 0.0), 1.0) * LEVELS)


def _layers(table: Table, at: Place, cell: Place, level: Level, hue: Callable[[int], str]) -> str:
    found: dict[int, list[str]] = defaultdict(list)
    for row, values in enumerate(table.rows):
        _collect_runs(
            found, [level(value) for value in values], (at[0], at[1] + row * cell[1]), cell
        )
    found.pop(0, None)
    return "".join(_layer(step, "".join(found[step]), hue) for step in sorted(found))


def _collect_runs(found: dict[int, list[str]], levels: list[int], at: Place, cell: Place) -> None:
    """Neighbours of one level become one rectangle."""
    start = 0
    for column in range(1, len(levels) + 1):
        if column < len(levels) and levels[column] == levels[start]:
            continue
        width = (column - start) * cell[0]
        found[levels[start]].append(
            f"M{at[0] + start * cell[0]:g} {at[1]:g}h{width:g}v{cell[1]:g}h-{width:g}z"
        )
        start = column


def _layer(step: int, d: str, hue: Callable[[int], str]) -> str:
    if step == NOT_FINITE:
        return path(d, "ink")
    return path(d, hue(step), fill_opacity=f"{abs(step) / LEVELS:g}")
