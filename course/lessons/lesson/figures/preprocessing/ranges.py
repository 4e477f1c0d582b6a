"""Every column as it is and scaled, beside one another."""

from collections.abc import Sequence

from course.lessons.drawings.boxes import Panel, boxes
from course.lessons.drawings.numerals import decimal
from course.lessons.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from course.lessons.replays import replay

DRAWN = 16
"""Columns that are drawn."""

Five = Sequence[float]


def column_ranges(given: Shown) -> Figure | None:
    """Lowest, quarters and highest of each training column, on a raw axis and on a scaled one."""
    found = replay("columns", given.trace, 0)
    if found is None:
        return None
    columns: list[Five] = found["quartiles"]
    drawn = columns[:DRAWN]
    low, high = min(five[0] for five in drawn), max(five[-1] for five in drawn)
    raw = Panel(
        "raw", (decimal(low, 1), decimal(high, 1)), [_shares(five, low, high) for five in drawn]
    )
    scaled = Panel("scaled", ("0", "1"), [_shares(five, five[0], five[-1]) for five in drawn])
    heldout = given.trace.document["data"]["heldout_rows"] * len(columns)
    says = f"{_spans(columns)} {_outside(found['outside'], heldout)}"
    if len(columns) > DRAWN:
        says += f" Drawn: the first {DRAWN} of {len(columns)} columns."
    told = Told("The training rows' columns, raw and scaled", says)
    names = [f"x[{index}]" for index in range(len(drawn))]
    return Figure(
        title="Every column, raw and scaled",
        says=says,
        drawing=boxes(told, names, (raw, scaled)),
        table=_table(columns, found["outside"]),
    )


def _shares(five: Five, low: float, high: float) -> Five | None:
    """None where there is no way from low to high."""
    return [(value - low) / (high - low) for value in five] if high > low else None


def _spans(columns: Sequence[Five]) -> str:
    """The widest and the narrowest column, and those that do not change at all."""
    spans = [five[-1] - five[0] for five in columns]
    most, least = (
        max(spans),
        min(span for span in [*spans, max(spans)] if span > 0 or not any(spans)),
    )
    said = (
        f"Raw, the widest column is x[{spans.index(most)}] with {decimal(most)} from its lowest to "
        f"its highest value, the narrowest x[{spans.index(least)}] with {decimal(least)}."
    )
    still = spans.count(0.0)
    if still:
        return f"{said} {count(still, 'column')} never changed. Scaled, the others go from 0 to 1."
    return f"{said} Scaled, each goes from 0 to 1."


def _outside(outside: Sequence[int], values: int) -> str:
    """Held-out values beyond what the scaler has seen, counted."""
    beyond = sum(outside)
    lies = "lies" if beyond == 1 else "lie"
    return (
        f"Of {values:,} held-out values {beyond:,} {lies} outside the range of the training rows."
    )


def _table(columns: Sequence[Five], outside: Sequence[int]) -> Table:
    heads = ("Lowest", "First quarter", "Middle", "Third quarter", "Highest", "Held-out, outside")
    kinds = [{"text": "Column", "kind": "code"}, *({"text": each, "kind": "n"} for each in heads)]
    rows = [
        [f"x[{index}]", *(decimal(value, 2) for value in five), f"{outside[index]:,}"]
        for index, five in enumerate(columns)
    ]
    return table("Training values of each column, raw", kinds, rows)
