"""Every belief of the course as a sign, by stage: an empty ring, a cross in a square, a tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.signs import SIGNS
from course.drawings.svg import Told, drawing, moved, rect, text


@dataclass(frozen=True, slots=True)
class Row:
    """A stage: its mark as the chip shows it, its name, and a sign for each of its beliefs."""

    mark: str
    name: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in pixels: of the first cell of a row, from cell to cell, from row to row."""

    width: int
    first: tuple[float, float]
    pitch: float
    row: int
    class_: str


WIDE = Layout(width=620, first=(224, 20), pitch=30, row=40, class_="drawing-wide")
TALL = Layout(width=288, first=(11, 46), pitch=22, row=66, class_="drawing-tall")


def belief_map_wide(told: Told, rows: Sequence[Row]) -> SafeString:
    """With the names beside the cells, 620 px wide."""
    return _draw(told, rows, WIDE)


def belief_map_tall(told: Told, rows: Sequence[Row]) -> SafeString:
    """For phones, 288 px wide: with the names above."""
    return _draw(told, rows, TALL)


def _draw(told: Told, rows: Sequence[Row], layout: Layout) -> SafeString:
    size = (layout.width, layout.row * len(rows))
    drawn = (moved(0, index * layout.row, _row(row, layout)) for index, row in enumerate(rows))
    return drawing(size, told, *drawn, class_=layout.class_)


def _row(row: Row, layout: Layout) -> str:
    x, y = layout.first
    chip = rect(0, 8, 24, 24, _hue(row.mark), rx=4)
    named = text(12, 24.5, row.mark, "t-chip") + text(34, 24.5, row.name, "t-label")
    cells = (moved(x + at * layout.pitch, y, SIGNS[each]) for at, each in enumerate(row.cells))
    return chip + named + "".join(cells)


def _hue(mark: str) -> str:
    return f"s{mark}" if mark.isdigit() else "ink"
