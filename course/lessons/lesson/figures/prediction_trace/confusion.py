"""Which class is taken for which: every held-out row counted by its class and its prediction."""

from course.drawings.grid import grid
from course.drawings.svg import Told
from course.heldout.confusion import table_of, told
from course.heldout.rows import NOTHING, rows_after, unknown, when
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.prediction_trace.control import epoch_control
from course.lessons.pipeline.tables import table
from trainer.engine.names import Names


def confusion(given: Shown) -> Figure | None:
    """Classes down, predictions across."""
    control = epoch_control(given, "confused_after")
    if control is None:
        return None
    rows = rows_after(given.trace, control.number)
    title = f"Which class is taken for which, {when(control.number)}"
    if not rows:
        return Figure(title, NOTHING, controls=(control,))
    classes = given.trace.document["data"]["classes"]
    counts, named = table_of(rows, classes), Names.of(given.trace.document)
    says = told(rows, named) + unknown(rows)
    names = [str(each) for each in range(classes)]
    return Figure(
        title=title,
        says=f"Down: the class of a row. Across: the class predicted. {says}",
        drawing=grid(Told(title, says), ("predicted class", "class"), names, counts),
        table=table(
            title,
            [{"text": "Class", "kind": ""}]
            + [{"text": f"predicted {each}", "kind": "n"} for each in names],
            [[named.label(index), *map(str, line)] for index, line in enumerate(counts)],
        ),
        controls=(control,),
    )
