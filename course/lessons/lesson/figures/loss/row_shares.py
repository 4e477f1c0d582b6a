"""What each row of a step adds to the loss of the batch, the dearest first."""

import math

from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.loss.rows import Rows, rows_of, step_control
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.pages import shown

PART = 10
"""The dearest tenth is set off."""


def row_shares(given: Shown) -> Figure | None:
    """The losses of a step's rows in order, with their mean."""
    control = step_control(given)
    rows = rows_of(given, control.number) if control else None
    if control is None or rows is None:
        return None
    title = f"Step {control.number}: who pays for the mean"
    if not rows.losses:
        return Figure(title, f"No row has a finite loss.{rows.left_out}", controls=(control,))
    losses = sorted(rows.losses, reverse=True)
    dearest, says = math.ceil(len(losses) / PART), _says(rows)
    unit, words = in_units([losses[0]])
    bars = [(place, loss / unit) for place, loss in enumerate(losses, 1)]
    drawing = plot(
        Told(title, says),
        Axis("rows, the dearest first", 0.5, len(losses) + 0.5, whole=True),
        Axis(f"loss of the row{words}", 0.0, losses[0] * 1.05 / unit or 1.0),
        [
            Marks(bars[:dearest], "s4", kind="bars"),
            Marks(bars[dearest:], "s4-soft", kind="bars"),
            Marks([(0, rows.mean / unit)], "line-2", "rule", label="mean"),
        ],
    )
    return Figure(title, says, drawing, table=_table(losses), controls=(control,))


def _says(rows: Rows) -> str:
    losses, mean = sorted(rows.losses, reverse=True), rows.mean
    if len(losses) == 1:
        return f"There is one row, and the mean is what it costs, {shown(mean)}.{rows.left_out}"
    dearest = math.ceil(len(losses) / PART)
    share = math.fsum(losses[:dearest]) / (math.fsum(losses) or 1.0)
    below = sum(loss < mean for loss in losses)
    makes = "makes" if dearest == 1 else "make"
    return (
        f"The dearest {dearest} of {count(len(losses), 'row')} (drawn strong) {makes} up "
        f"{shown(share)} of everything that the rows cost together. The mean is "
        f"{shown(mean)}; {below} of the rows {'costs' if below == 1 else 'cost'} less than that."
        f"{rows.left_out}"
    )


def _table(losses: list[float]) -> Table:
    """What every tenth of the rows adds to the sum."""
    columns = [{"text": "Rows", "kind": "n"}, {"text": "their loss together", "kind": "n"}]
    columns.append({"text": "share of the sum", "kind": "n"})
    size, total = math.ceil(len(losses) / PART), math.fsum(losses) or 1.0
    parts = [(start, losses[start : start + size]) for start in range(0, len(losses), size)]
    rows = [
        [
            f"{start + 1} to {start + len(part)}" if len(part) > 1 else f"{start + 1}",
            shown(math.fsum(part)),
            shown(math.fsum(part) / total),
        ]
        for start, part in parts
    ]
    return table("What the rows add, the dearest first", columns, rows) | {"narrow": True}
