"""Which class is taken for which: every held-out row counted by its class and its prediction."""

from collections import Counter

from course.drawings.grid import grid
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.prediction_trace.heldout import (
    NOTHING,
    Row,
    epoch_control,
    rows_after,
    unknown,
    when,
)
from course.lessons.pipeline.tables import table
from course.lessons.pipeline.wording import count
from trainer.engine.names import Names

Pair = tuple[int, int]
MOST_NAMED = 4
"""Up to so many classes that are never predicted are named."""


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
    found = Counter((row.label, row.predicted) for row in rows)
    counts = [[found[label, named] for named in range(classes)] for label in range(classes)]
    named = Names.of(given.trace.document)
    says = _says(rows, found, named) + unknown(rows)
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


def _says(rows: list[Row], found: Counter[Pair], names: Names) -> str:
    right = sum(row.right for row in rows)
    said = f"{right} of {count(len(rows), 'row')} lie on the diagonal: they are predicted right."
    wrong = {pair: number for pair, number in found.items() if pair[0] != pair[1]}
    if wrong:
        (label, wrongly), number = max(wrong.items(), key=lambda each: (each[1], each[0]))
        taken = f"{names.label(label)} taken for {names.label(wrongly)}"
        others = len(rows) - right
        if others == 1:
            said += f" The other one is {taken}."
        else:
            said += (
                f" Of the {others} others the commonest kind is {taken}: {count(number, 'row')}."
            )
    classes = len(names.classes)
    never = [each for each in range(classes) if all(row.predicted != each for row in rows)]
    if never and len(never) <= MOST_NAMED:
        said += f" Never predicted: {', '.join(map(names.label, never))}."
    elif never:
        said += f" {len(never)} of {classes} classes are never predicted."
    return said
