"""How sure the model is of a held-out row, and how often it is right when it is that sure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.strips import Strip, strips
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
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.pages import shown

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose largest share lies between two tenths."""

    tenth: int
    rows: list[Row]

    @property
    def right(self) -> int:
        """How many are predicted right."""
        return sum(row.right for row in self.rows)

    @property
    def accuracy(self) -> float:
        """The share of them that is."""
        return self.right / len(self.rows)

    @property
    def sure(self) -> float:
        """The mean of their largest shares."""
        return mean([row.sure for row in self.rows])


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
    says = _says(rows, bins) + unknown(every)
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


def binned(rows: Sequence[Row]) -> list[Bin]:
    """Bins from the first that holds a row to the last; a share of 1 is in the last of ten."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(min(int(row.sure * BINS), BINS - 1), []).append(row)
    return [Bin(tenth, found[tenth]) for tenth in sorted(found)]


def mean(values: Sequence[float]) -> float:
    """Their mean."""
    return math.fsum(values) / len(values)


def _says(rows: list[Row], bins: list[Bin]) -> str:
    sure, right = mean([row.sure for row in rows]), sum(row.right for row in rows)
    share = right / len(rows)
    side = _side(sure, share)
    said = (
        f"Over all {count(len(rows), 'row')} the mean of the largest share is {shown(sure)}, and "
        f"{shown(share)} of them are right: the model is {side} it is right."
    )
    wrong = [row.sure for row in rows if not row.right]
    if wrong:
        said += (
            f" Where it is wrong ({count(len(wrong), 'row')}) the mean is {shown(mean(wrong))}, "
            f"and the surest of them has {shown(max(wrong))}."
        )
    fullest = max(bins, key=lambda each: len(each.rows))
    return (
        f"{said} The fullest bin, from 0.{fullest.tenth} on, is sure of {shown(fullest.sure)} and "
        f"right on {shown(fullest.accuracy)}."
    )


def _side(sure: float, share: float) -> str:
    if shown(sure) == shown(share):
        return "as sure as"
    return "less sure than" if sure < share else "surer than"


def _table(title: str, bins: list[Bin]) -> Table:
    heads = ("Largest share", "Rows", "Right", "Share right", "Mean of the largest share")
    columns = [{"text": head, "kind": "n"} for head in heads]
    rows = [
        [
            f"0.{each.tenth} to {'1' if each.tenth == BINS - 1 else f'0.{each.tenth + 1}'}",
            str(len(each.rows)),
            str(each.right),
            shown(each.accuracy),
            shown(each.sure),
        ]
        for each in bins
    ]
    return table(title, columns, rows)
