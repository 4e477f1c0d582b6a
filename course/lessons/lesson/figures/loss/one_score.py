"""One row of batch 1 with another score for its true class: its loss, and whether it is right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.numerals import signed
from course.drawings.plot import Axis, Marks, Panel, in_units, panels
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.pages import shown

REACH = 4.0
PLACES = 48
LISTED = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one row and its true class."""

    logits: Sequence[float]
    label: int

    @property
    def gap(self) -> float:
        """What its true class needs more, to have the largest score."""
        others = [each for index, each in enumerate(self.logits) if index != self.label]
        return max(others) - self.logits[self.label]

    def loss(self, more: float) -> float:
        """Minus the logarithm of the true class' share, with so much more on its score."""
        own = self.logits[self.label] + more
        scores = [own if index == self.label else each for index, each in enumerate(self.logits)]
        top = max(scores)
        return top + math.log(math.fsum(math.exp(each - top) for each in scores)) - own


def one_score(given: Shown) -> Figure | None:
    """Loss and right or wrong, over the score of the true class."""
    trace = given.trace
    if not trace.has("first.row_losses"):
        return None
    control = given.number("row", "Row of batch 1", (1, len(trace.tensor("first.y"))), 1)
    place = control.number - 1
    row = Row(trace.tensor("first.logits")[place].flat, int(trace.tensor("first.y").flat[place]))
    title = f"Row {control.number} of batch 1: another score for its true class"
    if not all(map(math.isfinite, row.logits)):
        return Figure(title, "The scores of this row are not finite.", controls=(control,))
    says = _says(row)
    return Figure(
        title, says, _drawn(row, Told(title, says)), table=_table(row), controls=(control,)
    )


def _drawn(row: Row, told: Told) -> str:
    reach = max(REACH, 1.5 * abs(row.gap))
    places = [reach * (2 * place / PLACES - 1) for place in range(PLACES + 1)]
    unit, words = in_units([reach])
    losses = [(more / unit, row.loss(more)) for more in places]
    tall, tall_words = in_units([loss for _, loss in losses])
    stairs = [(-reach, 0.0), (row.gap, 0.0), (row.gap, 1.0), (reach, 1.0)]
    x = Axis(f"added to the score{words}", -reach / unit, reach / unit)
    high = max(loss for _, loss in losses) * 1.05 / tall
    upper = Axis(f"loss of the row{tall_words}", 0.0, high)
    return panels(
        told,
        [
            Panel(x, upper, [
                Marks([(0.0, 0.0), (0.0, high)], "ref"),
                Marks([(more, loss / tall) for more, loss in losses], "s4-line", width=2.0),
                Marks([(0.0, row.loss(0.0) / tall)], "s4", "dots", radius=5.0),
            ]),
            Panel(x, Axis("right (1) or wrong (0)", -0.08, 1.2, whole=True), [
                Marks([(0.0, -0.08), (0.0, 1.2)], "ref"),
                Marks([(more / unit, right) for more, right in stairs], "line"),
                Marks([(0.0, float(row.gap < 0))], "ink", "dots", radius=5.0),
            ]),
        ],
    )  # fmt: skip


def _says(row: Row) -> str:
    now, more = row.loss(0.0), row.loss(0.5)
    turn = "falls back behind" if row.gap < 0 else "overtakes"
    return (
        f"Its true class is {row.label}. As the model scored it in step 1 it costs {shown(now)}, "
        f"with 0.5 more on that score it would cost {shown(more)}: the loss answers to every "
        f"change. Right or wrong answers at one place alone, {signed(row.gap)}, where the score "
        f"{turn} the others. Worked out from the scores of this row."
    )


def _table(row: Row) -> Table:
    columns = [{"text": "Added to the score", "kind": "n"}, {"text": "loss", "kind": "n"}]
    columns.append({"text": "largest score", "kind": ""})
    rows = [
        [signed(more, 1), shown(row.loss(more)), "right" if more > row.gap else "wrong"]
        for more in LISTED
    ]
    return table("Another score for the true class", columns, rows) | {"narrow": True}
