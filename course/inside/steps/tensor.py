"""One tensor as a map of cells with its numbers one click away, and which one to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.heat import Table, strongest
from course.drawings.numerals import count, decimal, real, shape
from course.drawings.svg import Told
from course.drawings.weight_map import Axes, weight_map
from course.inside.steps.step import Thing
from course.inside.steps.tables import written
from course.lessons.pipeline.tables import Table as Listed
from course.lessons.pipeline.tables import table

ROWS, CELLS = 100, 1_040
"""The most that is drawn of a tensor: its first rows, as many as have so many cells."""
COLUMNS = 130
LISTED = 200
GROUPS = ("parameter", "gradient", "name", "state")
"""Of what a line changed, the most telling first."""
AXES = {
    "x": Axes("row", "column"), "y": Axes("", "row"), "h": Axes("row", "hidden unit"),
    "logits": Axes("row", "class"), "heldout_logits": Axes("held-out row", "class"),
    "heldout_hits": Axes("", "held-out row"), "low": Axes("", "column"), "high": Axes("", "column"),
}  # fmt: skip
MATRIX = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A tensor as the page writes it out. none: it was asked for, and is not there."""

    name: str
    title: str
    says: str
    drawing: SafeString
    table: Listed


def chosen(things: Mapping[str, Thing], wanted: str) -> Thing | None:
    """The tensor that was asked for; else the most telling that changed; else any."""
    maps = [each for each in things.values() if each.group in GROUPS and drawable(each)]
    known = {each.path: each for each in maps}
    if wanted in known:
        return known[wanted]
    marked = [each for each in maps if each.mark] or maps
    return min(marked, key=_rank, default=None)


def drawable(thing: Thing) -> bool:
    """Whether it has more than one number."""
    return any(size > 1 for size in thing.shape) and 0 not in thing.shape


def _rank(thing: Thing) -> tuple[int, int, str]:
    size = 1
    for length in thing.shape:
        size *= length
    return GROUPS.index(thing.group), -size, thing.path


def figure(thing: Thing) -> Figure:
    """The tensor as true cells, standing as PyTorch prints it."""
    cells, axes = _cells(thing), _axes(thing)
    title = f"{thing.path} {shape(thing.shape)}"
    says = _says(thing, cells)
    drawn = weight_map(Told(title, says), axes, cells, strongest(cells.numbers()), framed=None)
    return Figure(thing.path, title, says, drawn, _table(thing, cells, axes))


def _rows(thing: Thing) -> list[list[Any]]:
    """The numbers that are drawn: a vector is one row."""
    told = thing.value["numbers"] if thing.value else []
    rows = told if len(thing.shape) >= MATRIX else [told]
    wide = max(1, min(len(rows[0]), COLUMNS))
    if len(rows) == 1:
        return [rows[0][:CELLS]]
    return [row[:wide] for row in rows[: max(1, min(ROWS, CELLS // wide))]]


def _cells(thing: Thing) -> Table:
    return Table([[real(number) for number in row] for row in _rows(thing)])


def _axes(thing: Thing) -> Axes:
    if thing.group == "name":
        return AXES.get(thing.path, Axes("first axis" * (len(thing.shape) > 1), "last axis"))
    rows = "output" if len(thing.shape) >= MATRIX else ""
    return Axes(rows, "input" if rows else "output")


def _says(thing: Thing, cells: Table) -> str:
    numbers = cells.numbers()
    known = [number for number in numbers if number - number == 0]
    odd = len(numbers) - len(known)
    said = "True cells, in the rows in which PyTorch prints them; zero is paper."
    if known:
        said += f" The smallest number shown is {_exact(thing, min(known))}, "
        said += f"the largest {_exact(thing, max(known))}."
    if odd:
        said += f" {count(odd, 'cell')} in solid ink {'is' if odd == 1 else 'are'} not finite."
    return said + _part(thing, cells)


def _exact(thing: Thing, number: float) -> str:
    whole = thing.value is not None and "float" not in thing.value["dtype"]
    return written(int(number)) if whole else decimal(number)


def _part(thing: Thing, cells: Table) -> str:
    height = thing.shape[0] if len(thing.shape) >= MATRIX else 1
    said = ""
    if cells.height < height:
        said = f" Drawn: the first {cells.height} of {height:,} rows."
    if cells.width < thing.shape[-1]:
        said += f" Drawn: the first {cells.width} of {thing.shape[-1]:,} columns."
    return said


def _table(thing: Thing, cells: Table, axes: Axes) -> Listed:
    """As it is drawn; of a vector a row per number."""
    named = f"Numbers of {thing.path}"
    if len(thing.shape) < MATRIX:
        numbers = enumerate(_rows(thing)[0][:LISTED])
        listed = [[str(at), written(number)] for at, number in numbers]
        return table(named, _heads(axes.columns, thing.path), listed) | {"narrow": True}
    columns = _heads(axes.rows, *(str(column) for column in range(cells.width)))
    rows = [[str(at), *(written(number) for number in row)] for at, row in enumerate(_rows(thing))]
    return table(named, columns, rows)


def _heads(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "kind": "n"} for text in texts]
