"""One column over two axes: what its values were, and what the scaler makes of them."""

from collections.abc import Sequence

from course.drawings.histogram import Landing, histogram
from course.drawings.numerals import decimal
from course.drawings.plot import Axis
from course.drawings.svg import Told
from course.lessons.lesson.figure import Control, Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from course.replays import replay
from trainer.engine.names import Names
from trainer.engine.trace import Trace

BINS = 20
"""The most; a column of fewer different values has one for each."""


def column_control(given: Shown) -> Control:
    """Which column a figure shows: the same for all figures of the page."""
    last = given.trace.document["data"]["features"] - 1
    return given.number("column", "Column", (0, last), min(3, last))


def column_histogram(given: Shown) -> Figure | None:
    """How often the values of a column occur, with one value followed to the scaled axis."""
    control = column_control(given)
    found = replay("columns", given.trace, control.number)
    if found is None:
        return None
    values: list[float] = found["values"]
    name = Names.of(given.trace.document).column(control.number)
    low, high = min(values), max(values)
    title = f"{name} of the training rows, over its raw and its scaled axis"
    if low == high:
        says = f"{name} is {decimal(low)} in every training row. There is nothing to stretch."
        return Figure(title=title, says=says, controls=(control,))
    counts = _counts(values, low, high)
    followed = _followed(given.trace, control.number)
    says = (
        f"Bars stand where they stood; the axis below is another. {decimal(low)} becomes 0 and "
        f"{decimal(high)} becomes 1."
    )
    landing = None
    if followed:
        row, value = followed
        after = decimal((value - low) / (high - low))
        landing = Landing((value - low) / (high - low), decimal(value), after)
        says += f" The {decimal(value)} of row {row} becomes {after}."
    says += f" {_outside(found['heldout_values'], low, high)}"
    axes = Axis("raw", low, high), Axis("scaled", 0.0, 1.0)
    return Figure(
        title=title,
        says=says,
        drawing=histogram(Told(title, says), axes, counts, landing),
        table=_table(counts, low, high),
        controls=(control,),
    )


def _counts(values: Sequence[float], low: float, high: float) -> list[int]:
    counts = [0] * min(BINS, len({*values}))
    for value in values:
        counts[min(int((value - low) / (high - low) * len(counts)), len(counts) - 1)] += 1
    return counts


def _followed(trace: Trace, column: int) -> tuple[int, float] | None:
    """The first row that was dealt, and its value."""
    if not trace.has("first.x"):
        return None
    return int(trace.tensor("first.rows").flat[0]), trace.tensor("first.x")[0].flat[column]


def _outside(heldout: Sequence[float], low: float, high: float) -> str:
    """Where held-out values of the column come to lie, and how many beyond both ends."""
    first, last = ((value - low) / (high - low) for value in (min(heldout), max(heldout)))
    beyond = sum(not low <= value <= high for value in heldout)
    those = "none lies" if not beyond else f"{beyond:,} {'lies' if beyond == 1 else 'lie'}"
    return (
        f"The {count(len(heldout), 'held-out value')} of the column, scaled, go from "
        f"{decimal(first, 4)} to {decimal(last, 4)}; {those} outside 0 and 1."
    )


def _table(counts: Sequence[int], low: float, high: float) -> Table:
    columns = [
        {"text": each, "kind": "n"} for each in ("Raw, from", "to", "Scaled, from", "to", "Rows")
    ]
    bins = len(counts)
    step = (high - low) / bins
    rows = [
        [
            decimal(low + index * step),
            decimal(low + (index + 1) * step),
            decimal(index / bins, 2),
            decimal((index + 1) / bins, 2),
            f"{rows:,}",
        ]
        for index, rows in enumerate(counts)
    ]
    return table("Training rows in each bar", columns, rows)
