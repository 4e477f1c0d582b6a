"""Heat maps: the real numbers of a tensor as cells, in few SVG nodes.

Strength has nine steps, and all cells of a step are one path. A number that is not finite is
a solid cell in ink, because neither colour would be true.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from course.drawings.numerals import finite
from course.drawings.svg import path, rect
from trainer.engine.trace import Values

LEVELS = 8
NOT_FINITE = LEVELS + 1

Place = tuple[float, float]
Cell = tuple[int, int]
"""Width and height in whole pixels, so that edges stay sharp."""


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


def sequential(table: Table, at: Place, cell: Cell, hue: str, ends: tuple[float, float]) -> str:
    """Cells from nothing at the lower end to the full hue at the upper, and so beyond them."""
    low, high = ends
    unit = LEVELS / ((high - low) or 1.0)
    levels = [
        [
            NOT_FINITE if value - value else min(max(round((value - low) * unit), 0), LEVELS)
            for value in row
        ]
        for row in table.rows
    ]
    return _layers(levels, at, cell, lambda _: hue)


def diverging(table: Table, at: Place, cell: Cell, limit: float) -> str:
    """Cells around zero: one hue above, the other below, full at ±limit."""
    unit = LEVELS / limit
    levels = [
        [NOT_FINITE if value - value else round(value * unit) for value in row]
        for row in table.rows
    ]
    ground = rect(*at, table.width * cell[0], table.height * cell[1], "zero")
    return ground + _layers(levels, at, cell, lambda step: "pos" if step > 0 else "neg")


def extent(numbers: Sequence[float]) -> tuple[float, float]:
    """The smallest and the largest finite number; 0 to 1 where there is none."""
    known = finite(numbers)
    return min(known, default=0.0), max(known, default=1.0)


def strongest(numbers: Sequence[float]) -> float:
    """The largest finite distance from zero; 1 where there is none, so that it may divide."""
    return max(map(abs, finite(numbers)), default=0.0) or 1.0


def _layers(levels: list[list[int]], at: Place, cell: Cell, hue: Callable[[int], str]) -> str:
    """A path per level that occurs; level 0 is the ground."""
    width, height = cell
    across = [f"M{at[0] + column * width:g} " for column in range(len(levels[0]))]
    boxes = [f"h{n * width}v{height}h-{n * width}z" for n in range(len(levels[0]) + 1)]
    found: dict[int, list[str]] = defaultdict(list)
    for row, line in enumerate(levels):
        y = f"{at[1] + row * height:g}"
        for level, start, count in _runs(line):
            found[level].append(across[start] + y + boxes[count])
    found.pop(0, None)
    return "".join(_layer(level, "".join(found[level]), hue) for level in sorted(found))


def _runs(levels: list[int]) -> Iterator[tuple[int, int, int]]:
    """Neighbours of one level as one: level, first column, how many."""
    start = 0
    for level, same in groupby(levels):
        count = sum(1 for _ in same)
        yield level, start, count
        start += count


def _layer(level: int, d: str, hue: Callable[[int], str]) -> str:
    if level == NOT_FINITE:
        return path(d, "ink")
    return path(d, hue(level), fill_opacity=f"{abs(level) / LEVELS:g}")
