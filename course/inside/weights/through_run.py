"""One weight through the whole run: what it did in a sentence, as two curves, as a table."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator

from course.drawings.numerals import count, decimal
from course.drawings.plot import Axis, Marks, Panel, in_units, panels
from course.drawings.svg import Told
from course.inside.weights.entries import Entry, Ledger
from trainer.pages import shown

PER_PAGE = 20
FEW = 60
"""Up to so many updates each has a dot of its own."""
DIGITS = 6

Address = Callable[[int], str]


def says(ledger: Ledger) -> str:
    """From where to where it went, or why it did not."""
    name, entries = ledger.place.name, ledger.entries
    if not entries:
        return "The run called `optimizer.step()` not once, so no optimizer ever moved this weight."
    calls = count(len(entries), "call")
    if all(each.held is None for each in entries):
        return f"At none of the {calls} of `step()` did the model have a weight `{name}`."
    if not any(each.held for each in entries):
        return (
            f"The optimizer does not hold this tensor: it was made with other parameters. None of "
            f"the {calls} of `step()` changed `{name}`."
        )
    if all(each.gradient is None for each in entries):
        return f"At none of the {calls} of `step()` was there a gradient, so none moved `{name}`."
    return f"{_way(ledger)}{_gradients(entries)}"


def _way(ledger: Ledger) -> str:
    known = [each for each in ledger.entries if each.before is not None]
    first, last = known[0], known[-1]
    said = f"Over {count(len(known), 'call')} of `step()` `{ledger.place.name}` "
    if first.before == last.after:
        return said + f"ended where it began, at {_exact(first.before)}."
    return said + f"went from {_exact(first.before)} to {_exact(last.after)}."


def _exact(value: float | None) -> str:
    return "nothing" if value is None else decimal(value, DIGITS)


def _gradients(entries: Sequence[Entry]) -> str:
    met = [each.gradient for each in entries if each.gradient is not None]
    if not any(met):
        return " Wherever it had a gradient, that was 0."
    finite = [abs(each) for each in met if math.isfinite(each)]
    if len(finite) < len(met):
        return f" Its gradient was no finite number at {len(met) - len(finite)} of them."
    return f" Its largest gradient was {decimal(max(finite), DIGITS)} in size."


def drawing(ledger: Ledger, entries: Sequence[Entry], *, blank: bool) -> Any:  # noqa: ANN401
    """Value and gradient over the updates; `blank`: the last of them without its new value."""
    values = [(each.number - 1.0, each.before) for each in entries[:1]]
    values += [(float(each.number), each.after) for each in (entries[:-1] if blank else entries)]
    gradients = [(float(each.number), each.gradient) for each in entries]
    name = ledger.place.name
    told = Told(f"{name} at every update", "Above its value, below its gradient at each update.")
    shown_ = [_panel(values, "value", len(ledger.entries)),
              _panel(gradients, "gradient", len(ledger.entries))]  # fmt: skip
    return panels(told, [each for each in shown_ if each]) if any(shown_) else ""


def _panel(points: Sequence[tuple[float, float | None]], label: str, last: int) -> Panel | None:
    known = [(x, y) for x, y in points if y is not None and math.isfinite(y)]
    if not known:
        return None
    unit, words = in_units([y for _, y in known])
    scaled = [(x, y / unit) for x, y in known]
    low, high = min(y for _, y in scaled), max(y for _, y in scaled)
    room = 0.08 * (high - low) or 0.1 * abs(high) or 1.0
    axis = Axis(f"{label}{words}", low - room, high + room)
    marks = [Marks([(0.0, 0.0)], "ref", kind="rule")] if axis.low < 0 < axis.high else []
    marks.append(Marks(scaled, "line", width=1.75))
    if len(scaled) <= FEW:
        marks.append(Marks(scaled, "ink", kind="dots", radius=2.5))
    return Panel(Axis("update", 0.0, float(max(last, 1)), whole=True), axis, marks)


COLUMNS = (
    ("Update", "n"), ("Epoch", "n"), ("Batch", "n"), ("Learning rate", "n"),
    ("Value before", "n code"), ("Gradient at step()", "n code"), ("Change", "n code"),
    ("New value", "n code"),
)  # fmt: skip


def pages(entries: Sequence[Entry], number: str) -> Any:  # noqa: ANN401 - Django's page
    """Entries a page at a time."""
    return Paginator(entries, PER_PAGE).get_page(number)


def table_of(
    ledger: Ledger, entries: Sequence[Entry], chosen: Entry | None, address: Address, *, blank: bool
) -> dict[str, Any]:
    """A row per update, its number a link to its arithmetic."""
    rows = []
    for each in entries:
        hidden = blank and each is chosen
        cells: list[dict[str, Any]] = [{"text": text, "kind": kind} for text, (_, kind) in
                 zip(_cells(each, hidden=hidden), COLUMNS, strict=True)]  # fmt: skip
        cells[0] |= {"head": True, "href": address(each.number)}
        rows.append({"cells": cells, "lit": each is chosen})
    columns = [{"text": text, "kind": kind} for text, kind in COLUMNS]
    return {"label": f"Every update of {ledger.place.name}", "columns": columns, "rows": rows}


def _cells(entry: Entry, *, hidden: bool) -> list[str]:
    gradient = "none" if entry.gradient is None and entry.held else _number(entry.gradient)
    change = None if entry.after is None or entry.before is None else entry.change
    lr = shown(None) if entry.lr is None else f"{entry.lr:.6g}"
    last = ["?", "?"] if hidden else [_number(change), _number(entry.after)]
    return [
        str(entry.number), str(entry.epoch or shown(None)), str(entry.batch or shown(None)), lr,
        _number(entry.before), gradient, *last,
    ]  # fmt: skip


def _number(value: float | None) -> str:
    return shown(None) if value is None else decimal(value, DIGITS)
