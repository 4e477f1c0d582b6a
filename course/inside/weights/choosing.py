"""The map of a tensor to choose a weight from, a link in each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.drawings.heat import strongest
from course.drawings.linked_cells import Cell, Heads, linked_cells
from course.drawings.numerals import decimal
from course.drawings.svg import Told
from course.inside.weights.places import Parameter, Place
from course.lessons.pipeline.tables import table
from trainer.engine.names import Names

ACROSS, DOWN = 16, 24
"""Columns up to which all stand beside one another, and rows drawn at a time."""

Address = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Window:
    """What is drawn of a tensor: lines of places, how they are called, and what comes around."""

    lines: list[list[Place]]
    heads: Heads
    before: Place | None
    after: Place | None


def choosing(place: Place, names: Names, address: Address, *, numbers: bool) -> dict[str, Any]:
    """The map around a place; `numbers`: with its values as a table."""
    parameter, window = place.parameter, _window(place, names)
    title = f"{parameter.name} as the run left it"
    told = Told(title, f"Each cell is a link to one weight. Framed: {place.name}.")
    cells = [
        [Cell(_value(each), address(each), each.name, each == place) for each in line]
        for line in window.lines
    ]
    return {
        "title": title,
        "drawing": linked_cells(told, window.heads, cells, strongest(parameter.values.flat)),
        "limit": decimal(strongest(parameter.values.flat)),
        "before": address(window.before) if window.before else "",
        "after": address(window.after) if window.after else "",
        "table": _table(title, window) if numbers else None,
    }


def _value(place: Place) -> float:
    return place.parameter.value(place.row, place.column)


def _window(place: Place, names: Names) -> Window:
    columns = place.parameter.columns
    if columns is None:
        return _folded_bias(place)
    return _rows(place, columns) if columns <= ACROSS else _folded_row(place, columns, names)


def _rows(place: Place, columns: int) -> Window:
    """As many whole rows as are drawn at a time, the place's among them."""
    parameter = place.parameter
    first = place.row // DOWN * DOWN
    shown = range(first, min(first + DOWN, parameter.rows))
    lines = [[Place(parameter, row, column) for column in range(columns)] for row in shown]
    heads = Heads("row, an output", "column, an input", [*map(str, shown)], _numbers(columns))
    before = Place(parameter, first - 1, place.column) if first else None
    last = shown[-1]
    after = Place(parameter, last + 1, place.column) if last + 1 < parameter.rows else None
    return Window(lines, heads, before, after)


def _folded_row(place: Place, columns: int, names: Names) -> Window:
    """One row of many columns, line by line: of a picture, as that picture lies."""
    parameter, row = place.parameter, place.row
    pictured = names.image if columns == len(names.features) else None
    wide = pictured[1] if pictured else ACROSS
    every = [Place(parameter, row, column) for column in range(columns)]
    lines = [every[start : start + wide] for start in range(0, columns, wide)]
    heads = Heads(
        f"column it begins with, all of row {row}", "so many further on",
        [str(start) for start in range(0, columns, wide)], _numbers(wide),
    )  # fmt: skip
    before = Place(parameter, row - 1, place.column) if row else None
    after = Place(parameter, row + 1, place.column) if row + 1 < parameter.rows else None
    return Window(lines, heads, before, after)


def _folded_bias(place: Place) -> Window:
    parameter = place.parameter
    every = [Place(parameter, row, None) for row in range(parameter.rows)]
    lines = [every[start : start + ACROSS] for start in range(0, len(every), ACROSS)]
    heads = Heads(
        "index it begins with", "so many further on",
        [str(start) for start in range(0, len(every), ACROSS)],
        _numbers(min(ACROSS, len(every))),
    )  # fmt: skip
    return Window(lines, heads, None, None)


def _numbers(count: int) -> list[str]:
    return [str(each) for each in range(count)]


def _table(title: str, window: Window) -> dict[str, Any]:
    columns = [{"text": "from", "kind": "n"}]
    columns += [{"text": name, "kind": "n"} for name in window.heads.column_names]
    wide = len(window.heads.column_names)
    rows = [
        [name, *(decimal(_value(each)) for each in line), *[""] * (wide - len(line))]
        for name, line in zip(window.heads.row_names, window.lines, strict=True)
    ]
    return table(title, columns, rows)


def tensors(parameters: list[Parameter], chosen: Place, address: Address) -> list[dict[str, Any]]:
    """The tensors of the model, each a link to its first weight."""
    return [
        {
            "name": each.name,
            "shape": str(each.shape),
            "href": address(Place(each, 0, None if each.columns is None else 0)),
            "chosen": each.name == chosen.parameter.name,
        }
        for each in parameters
    ]
