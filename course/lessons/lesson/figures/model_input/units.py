"""For which rows of a batch each hidden unit is above zero."""

import math
from collections.abc import Sequence

from course.drawings.numerals import decimal, real
from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from course.replays import replay
from trainer.engine.trace import Document, Trace

DRAWN = 16
"""Hidden units that are drawn."""
ROWS = 200
"""Rows of the batch that are drawn."""

GROUND = ((1.0, "sunk"),)

Hidden = Sequence[Sequence[float]]


def active_units(given: Shown) -> Figure | None:
    """A stroke for each row that wakes a unit, in the batch of any step."""
    steps = len(given.trace.document["steps"])
    if not steps or not given.trace.has("first.hidden"):
        return None
    control = given.number("step", "Step", (1, steps), 1)
    hidden = _hidden(given.trace, control.number)
    lost = _lost(hidden)
    if lost:
        says = f"In step {control.number} {lost}."
        return Figure(title="Which rows wake which units", says=says, controls=(control,))
    rows = len(hidden)
    awake = [
        [row for row, value in enumerate(unit) if value > 0] for unit in zip(*hidden, strict=True)
    ]
    drawn = [_strip(unit, found, min(rows, ROWS)) for unit, found in enumerate(awake[:DRAWN])]
    says = _says(awake, rows, control.number) + _at_the_end(given.trace.document)
    title = f"Step {control.number}: the rows for which each hidden unit is above 0"
    heads = ("unit", f"row 1 to row {min(rows, ROWS):,} of the batch", "rows")
    return Figure(
        title=title,
        says=says + _left_out(len(awake), rows),
        drawing=strips(Told(title, says), heads, drawn),
        table=_table(awake, rows),
        controls=(control,),
    )


def _hidden(trace: Trace, step: int) -> Hidden:
    """(rows, units); nothing where the step did not come so far, or cannot be had for now."""
    if step == 1:
        return [row.flat for row in trace.tensor("first.hidden")]
    found = replay("step", trace, step) or {}
    return [[real(value) for value in row] for row in found.get("hidden", [])]


def _lost(hidden: Hidden) -> str:
    """Why there is nothing to draw, if so."""
    if not hidden:
        return "there are no hidden values, or none that can be had just now"
    finite = all(math.isfinite(value) for row in hidden for value in row)
    return "" if finite else "the hidden values are not finite numbers"


def _strip(unit: int, awake: Sequence[int], rows: int) -> Strip:
    """A stroke for each row that wakes the unit, of those that are drawn."""
    places = [(row + 0.5) / rows for row in awake if row < rows]
    return Strip(f"{unit}", f"{len(awake):,}", GROUND, places, "s3-line")


def _says(awake: Sequence[Sequence[int]], rows: int, step: int) -> str:
    never = sum(not found for found in awake)
    always = sum(len(found) == rows for found in awake)
    zeros = 1 - sum(map(len, awake)) / (rows * len(awake))
    return (
        f"In step {step}, {decimal(100 * zeros, 1)}% of the hidden values are 0. Of "
        f"{count(len(awake), 'unit')}, {len(awake) - never - always:,} are at 0 for some rows and "
        f"above it for others, {always:,} above 0 for every row, {never:,} at 0 for every row of "
        "this batch."
    )


def _at_the_end(document: Document) -> str:
    """Dead is what gives 0 for every training row, not what gives 0 once."""
    silent = document["silent_units"]
    if silent is None:
        return ""
    return (
        f" At the end of the run {count(silent, 'unit')} {'is' if silent == 1 else 'are'} at 0 "
        "for every training row."
    )


def _left_out(units: int, rows: int) -> str:
    said = f" Drawn: the first {DRAWN} of {units:,} units." if units > DRAWN else ""
    return said + (f" Drawn: the first {ROWS} of {rows:,} rows." if rows > ROWS else "")


def _table(awake: Sequence[Sequence[int]], rows: int) -> Table:
    heads = ("Unit", "Rows above 0", "Rows at 0")
    lines = [
        [f"{unit}", f"{len(found):,}", f"{rows - len(found):,}"] for unit, found in enumerate(awake)
    ]
    return table(
        "Each hidden unit over the batch", [{"text": e, "kind": "n"} for e in heads], lines
    )
