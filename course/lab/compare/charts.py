"""Curves of several runs over one another: for Plotly, as a drawing, as a table."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from course.drawings.log_axis import around
from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from course.lab.patterns import CLASSES
from course.lab.tables import Table, table
from trainer.engine.trace import Trace
from trainer.figures.overlay import overlay_figure, wants_powers
from trainer.figures.series import Curve, over_epochs, over_steps, written
from trainer.pages import NOT_MEASURED, shown

Chart = dict[str, Any]
Traces = Mapping[str, Trace]

FIELDS = {
    "running_loss": "Running loss by epoch",
    "heldout_loss": "Held-out loss by epoch",
    "running_accuracy": "Running accuracy by epoch",
    "heldout_accuracy": "Held-out accuracy by epoch",
}
PAIR = 2
MOST_ROWS = 200
"""A table of more steps than this would not be read: it has every second or third of them."""


def compared(traces: Traces) -> list[Chart]:
    """A chart of each measure that one of the runs has; of two runs also the loss by step."""
    made = [
        _chart(traces, title, "epoch", partial(over_epochs, field=field))
        for field, title in FIELDS.items()
    ]
    if len(traces) == PAIR:
        made.append(_chart(traces, "Loss of every batch by step", "step", over_steps))
    return [chart for chart in made if chart]


def _chart(
    traces: Traces, title: str, unit: str, curve_of: Callable[[Trace], Curve | None]
) -> Chart:
    found = {name: curve_of(trace) for name, trace in traces.items()}
    curves = {name: curve for name, curve in found.items() if curve and curve.known}
    if not curves:
        return {}
    share, says = "accuracy" in title, _says(found)
    classes = dict(zip(traces, CLASSES, strict=False))
    return {
        "title": title,
        "figure": overlay_figure(_placed(traces, curves), unit, share=share),
        "svg": _drawing(Told(title, says), curves, classes, unit, share=share),
        "says": says,
        "table": _table(title, unit, curves),
    }


def _placed(traces: Traces, curves: Mapping[str, Curve]) -> dict[str, Curve]:
    """Curves with their letters, a gap for a run that has none: each keeps its own pattern."""
    nothing = Curve([], [], None)
    return {name: curves.get(name, nothing) for name in traces}


def _drawing(
    told: Told, curves: Mapping[str, Curve], classes: Mapping[str, str], unit: str, *, share: bool
) -> str:
    marks = [
        Marks(_points(curve), classes[name], label=f"{name} {written(curve.end[1])}")
        for name, curve in curves.items()
        if curve.end
    ]
    last = max(curve.x[-1] for curve in curves.values())
    pad = 0.02 * last
    return plot(told, Axis(unit, 1 - pad, last + pad, whole=True), _y(curves, share=share), marks)


def _points(curve: Curve) -> list[tuple[float, float]]:
    return [(x, math.nan if y is None else y) for x, y in zip(curve.x, curve.y, strict=True)]


def _y(curves: Mapping[str, Curve], *, share: bool) -> Axis:
    if share:
        return Axis("accuracy", 0.0, 1.0)
    values = [value for curve in curves.values() for value in curve.known]
    if wants_powers(curves):
        return around("loss", values)
    high = max(values)
    return Axis("loss", min(0.0, *values), high * 1.08 if high > 0 else 1.0)


def _says(curves: Mapping[str, Curve | None]) -> str:
    """Where each begins and ends, and where one left the finite numbers."""
    return " ".join(_told(name, curve) for name, curve in curves.items())


def _told(name: str, curve: Curve | None) -> str:
    if curve is None:
        return f"{name} measured none."
    if not curve.known:
        return f"{name} has no finite value."
    first, last = written(curve.known[0]), written(curve.known[-1])
    said = f"{name}: {first} to {last}." if len(curve.known) > 1 else f"{name}: {first}."
    if curve.left:
        said += f" First {curve.left[1].replace('-', '−')} at {curve.left[0]:,}."
    return said


def _table(title: str, unit: str, curves: Mapping[str, Curve]) -> Table:
    last = max(curve.x[-1] for curve in curves.values())
    step = -(-last // MOST_ROWS)
    columns = [dict(zip(curve.x, curve.y, strict=True)) for curve in curves.values()]
    rows = [
        [str(at), *(_cell(column, at) for column in columns)] for at in range(1, last + 1, step)
    ]
    return table(title, [unit.capitalize(), *curves], rows)


def _cell(column: Mapping[int, float | None], at: int) -> str:
    if at not in column:
        return NOT_MEASURED
    value = column[at]
    return "not finite" if value is None else shown(value)


def letters(count: int) -> Sequence[str]:
    """A, B, C, ..."""
    return "ABCDEF"[:count]
