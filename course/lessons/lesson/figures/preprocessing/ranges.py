"""Every column as it is and scaled, beside one another."""

from collections.abc import Sequence

from course.drawings.boxes import Panel, boxes
from course.drawings.numerals import decimal
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from course.replays import replay
from trainer.engine.names import Names

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
    names = Names.of(given.trace.document)
    says = f"{_spans(columns, names)} {_outside(found['outside'], heldout)}"
    if len(columns) > DRAWN:
        says += f" Drawn: the first {DRAWN} of {len(columns)} columns."
    told = Told("The training rows' columns, raw and scaled", says)
    return Figure(
        title="Every column, raw and scaled",
        says=says,
        drawing=boxes(told, [f"x[{index}]" for index in range(len(drawn))], (raw, scaled)),
        table=_table(columns, found["outside"], names),
    )


def _shares(five: Five, low: float, high: float) -> Five | None:
    """None where there is no way from low to high."""
    return [(value - low) / (high - low) for value in five] if high > low else None


def _spans(columns: Sequence[Five], names: Names) -> str:
    """The widest and the narrowest column, and those that do not change at all."""
    spans = [five[-1] - five[0] for five in columns]
    changing = [index for index, span in enumerate(spans) if span > 0]
    if not changing:
        return "No column ever changes in the training rows. There is nothing to stretch."
    most, least = (end(changing, key=spans.__getitem__) for end in (max, min))
    said = (
        f"Raw, the widest column is {names.column(most)}: {decimal(spans[most])} from its lowest "
        f"to its highest value. The narrowest that changes is {names.column(least)}: "
        f"{decimal(spans[least])}. Scaled, each that changes "
        "goes from 0 to 1."
    )
    still = len(spans) - len(changing)
    return f"{said} {count(still, 'column')} never changed." if still else said


def _outside(outside: Sequence[int], values: int) -> str:
    """Held-out values beyond what the scaler has seen, counted."""
    beyond = sum(outside)
    lies = "lies" if beyond == 1 else "lie"
    return (
        f"Of {values:,} held-out values {beyond:,} {lies} outside the range of the training rows."
    )


def _table(columns: Sequence[Five], outside: Sequence[int], names: Names) -> Table:
    heads = ("Lowest", "First quarter", "Middle", "Third quarter", "Highest", "Held-out, outside")
    kinds = [{"text": "Column", "kind": "code"}, *({"text": each, "kind": "n"} for each in heads)]
    rows = [
        [names.column(index), *(decimal(value, 2) for value in five), f"{outside[index]:,}"]
        for index, five in enumerate(columns)
    ]
    return table("Training values of each column, raw", kinds, rows)
