"""What a row costs for the probability that its true class got, with a step's rows on the curve."""

import math

from course.drawings.numerals import decimal
from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.loss.rows import Rows, rows_of, step_control
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.pages import shown

PLACES = 50
LISTED = 10
"""Rows that the table lists, the dearest first."""


def price(given: Shown) -> Figure | None:
    """The curve of minus the logarithm, with a dot for each row of a step."""
    control = step_control(given)
    rows = rows_of(given, control.number) if control else None
    if control is None or rows is None:
        return None
    title = f"Step {control.number}: what each row costs"
    if not rows.losses:
        return Figure(title, f"No row has a finite loss.{rows.left_out}", controls=(control,))
    says = _says(rows)
    high = max(*rows.losses, 1.0) * 1.04
    unit, words = in_units([high])
    curve = [(math.exp(-loss), loss / unit) for loss in _places(high)]
    dots = [(math.exp(-loss), loss / unit) for loss in rows.losses]
    mean = [(0.0, rows.mean / unit)]
    drawing = plot(
        Told(title, says),
        Axis("probability of the true class", 0.0, 1.0),
        Axis(f"loss of the row{words}", 0.0, high / unit),
        [
            Marks(mean, "ref", kind="rule", label="mean"),
            Marks(curve, "rule", label="−ln p"),
            Marks(dots, "s4-line", kind="cloud", radius=4.0),
        ],
    )
    return Figure(title, says, drawing, table=_table(rows), controls=(control,))


def _places(high: float) -> list[float]:
    """Losses at which the curve is drawn: evenly over the probabilities, and over the losses."""
    by_share = [-math.log(1 - place / PLACES) for place in range(PLACES)]
    by_loss = [high * place / PLACES for place in range(PLACES + 1)]
    return sorted((loss for loss in {*by_share, *by_loss} if loss <= high), reverse=True)


def _says(rows: Rows) -> str:
    least, most = min(rows.losses), max(rows.losses)
    if len(rows.losses) == 1:
        return f"The row gave its true class {_share(most)}. It costs {shown(most)}.{rows.left_out}"
    named = ", the loss of the batch" if rows.is_loss else ""
    return (
        "A dot for each row. The dearest gave its true class "
        f"{_share(most)} and costs {shown(most)}; the cheapest gave it {_share(least)} and costs "
        f"{shown(least)}. The mean of the {count(len(rows.losses), 'row')} is {shown(rows.mean)}"
        f"{named}.{_hits(rows)}{rows.left_out}"
    )


def _share(loss: float) -> str:
    return decimal(math.exp(-loss))


def _hits(rows: Rows) -> str:
    """How many rows are right, which is another matter than what they cost."""
    if rows.dropped:
        return ""
    labels = rows.replayed["y"]
    logits = [list(map(float, row)) for row in rows.replayed["logits"]]
    hits = sum(row.index(max(row)) == label for row, label in zip(logits, labels, strict=True))
    have = "has its" if hits == 1 else "have their"
    return f" {hits} of them {have} largest score at the true class."


def _table(rows: Rows) -> Table:
    columns = [{"text": "row", "kind": "n"}, {"text": "label y", "kind": "n code"}]
    columns += [{"text": "probability of y", "kind": "n code"}, {"text": "loss", "kind": "n code"}]
    every = zip(
        rows.replayed["rows"], rows.replayed["y"], map(float, rows.replayed["row_losses"]),
        strict=True,
    )  # fmt: skip
    dearest = sorted((each for each in every if math.isfinite(each[2])), key=lambda each: -each[2])
    listed = [
        [str(row), str(label), _share(loss), shown(loss, 4)]
        for row, label, loss in dearest[:LISTED]
    ]
    return table("The dearest rows of the step", columns, listed) | {"narrow": True}
