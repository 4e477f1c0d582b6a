"""The first layer's weights as true cells, before training and after any epoch."""

import math

from course.drawings.heat import Table as Cells
from course.drawings.heat import strongest
from course.drawings.numerals import decimal
from course.drawings.svg import Told
from course.drawings.weight_map import Axes, weight_map
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.engine.probes.model_input import sizes_of
from trainer.engine.trace import Document, Trace, Values
from trainer.pages import shown

UNITS, CELLS = 24, 1000
"""Hidden units that are drawn, and cells of all of them."""

AXES = Axes(rows="hidden unit", columns="column of x")


def first_weights(given: Shown) -> Figure | None:
    """A row per hidden unit, a column per measurement; the cell that moved most is framed."""
    sizes, ends = sizes_of(given.trace), _ends(given.trace)
    if sizes is None or not ends:
        return None
    control = given.number("epoch", "After epoch", (0, max(ends)), max(ends))
    epoch = max(each for each in ends if each <= control.number)
    units = max(1, min(sizes.hidden, UNITS, CELLS // sizes.features))
    start, now, last = (
        Cells.of(_weight(given.trace, ends[each], (sizes.hidden, sizes.features)), units, 10**6)
        for each in (0, epoch, max(ends))
    )
    limit = strongest([*start.numbers(), *now.numbers(), *last.numbers()])
    framed = _moved_most(start, now)
    says = _says(start, now, framed)
    if units < sizes.hidden:
        says += f" Drawn: the first {units} of {sizes.hidden} hidden units."
    name = given.trace.document["layout"][0]["name"]
    title = f"{name}, {f'after epoch {epoch}' if epoch else 'before training'}"
    return Figure(
        title=title,
        says=says,
        drawing=weight_map(Told(title, says), AXES, now, limit, framed),
        table=_table(now, title),
        controls=(control,),
    )


def _ends(trace: Trace) -> dict[int, int]:
    """Epochs whose last parameters were kept, with their place among those; 0 is the start."""
    if not trace.has("kept_steps"):
        return {}
    kept = list(trace.tensor("kept_steps").flat)
    last = {0: 0} | _last_steps(trace.document)
    ends = {epoch: kept.index(step) for epoch, step in last.items() if step in kept}
    return ends if 0 in ends else {}


def _last_steps(document: Document) -> dict[int, int]:
    return {each["epoch"]: each["last_step"] for each in document["epochs"]}


def _weight(trace: Trace, place: int, shape: tuple[int, int]) -> Values:
    flat = trace.tensor("parameters")[place].flat
    return Values(shape, flat[: shape[0] * shape[1]])


def _moved_most(start: Cells, now: Cells) -> tuple[int, int] | None:
    """None where none moved, or where that cannot be said."""
    width = now.width
    moves = [abs(b - a) for a, b in zip(start.numbers(), now.numbers(), strict=True)]
    if not all(map(math.isfinite, moves)) or not any(moves):
        return None
    return divmod(max(range(len(moves)), key=moves.__getitem__), width)


def _says(start: Cells, now: Cells, framed: tuple[int, int] | None) -> str:
    if not all(map(math.isfinite, now.numbers())):
        return "Solid cells are weights that are not finite numbers any more."
    if framed is None:
        return "Each weight shown is what it was before training."
    row, column = framed
    before, after = (decimal(cells.rows[row][column]) for cells in (start, now))
    return (
        f"Of the weights drawn here, `0.weight[{row}, {column}]` has moved farthest from where it "
        f"began: it was {before} and is {after}. It is framed."
    )


def _table(cells: Cells, title: str) -> Table:
    columns = [{"text": "Unit", "kind": "n"}]
    columns += [{"text": f"x[{column}]", "kind": "n code"} for column in range(cells.width)]
    rows = [[f"{unit}", *map(shown, weights)] for unit, weights in enumerate(cells.rows)]
    return table(title, columns, rows)
