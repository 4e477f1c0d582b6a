"""How sure the model is of a held-out row, and how often it is right when it is that sure."""

from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.heldout.confidence import Bin, binned, told
from course.heldout.rows import NOTHING, rows_after, unknown, when
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.prediction_trace.control import epoch_control
from course.lessons.pipeline.tables import Table, table
from trainer.pages import shown


def confidence(given: Shown) -> Figure | None:
    """Held-out rows in bins of their largest share: what was right against how sure it was."""
    control = epoch_control(given, "sure_after")
    if control is None:
        return None
    every = rows_after(given.trace, control.number)
    rows = [row for row in every if row.known]
    title = f"How sure and how often right, {when(control.number)}"
    if not rows:
        says = unknown(every).strip() or NOTHING
        return Figure(title, says, controls=(control,))
    bins = binned(rows)
    says = told(rows, bins) + unknown(every)
    drawn = [
        Strip(
            f"0.{each.tenth}",
            f"{each.right}/{len(each.rows)}",
            segments=[(each.accuracy, "ink-3")],
            mark=each.sure,
        )
        for each in bins
    ]
    return Figure(
        title=title,
        says="A line for each tenth of the largest share. Bar: how many of its rows were right. "
        f"Upright line: how sure the model was of them. {says}",
        drawing=strips(Told(title, says), ("sure", "from 0 to 1", "right"), drawn),
        table=_table(title, bins),
        controls=(control,),
    )


def _table(title: str, bins: list[Bin]) -> Table:
    heads = ("Largest share", "Rows", "Right", "Share right", "Mean of the largest share")
    columns = [{"text": head, "kind": "n"} for head in heads]
    rows = [
        [
            each.span,
            str(len(each.rows)),
            str(each.right),
            shown(each.accuracy),
            shown(each.sure),
        ]
        for each in bins
    ]
    return table(title, columns, rows)
