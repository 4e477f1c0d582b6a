"""The length of the gradient and of the update at every step, one over the other."""

import math

from course.drawings.numerals import decimal
from course.drawings.plot import Axis, Marks, Panel, in_units, panels
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.engine.trace import Trace, as_float

DRAWN = 400
"""Steps that a line goes through; of a longer run every second, third, ..."""
LISTED = 20
LENGTHS = {"grad_norm": "gradient", "update_norm": "update"}

Lengths = dict[int, float]
"""By step, where measured and finite."""


def norms(given: Shown) -> Figure | None:
    """Both lengths by step, with one step marked."""
    gradient, update = (_lengths(given.trace, name) for name in LENGTHS)
    steps = len(given.trace.document["steps"])
    if not gradient or not update:
        return None
    control = given.number("mark", "Step to mark", (1, steps), 1)
    says = _says(control.number, gradient, update) + _thinned(steps)
    told = Told("The lengths of gradient and update, step by step", says)
    shown_steps = (steps, control.number)
    drawn = panels(
        told,
        [_panel("gradient", gradient, shown_steps), _panel("update", update, shown_steps)],
    )
    table_ = _table(given.trace, gradient, update)
    return Figure(told.title, says, drawn, table=table_, controls=(control,))


def _lengths(trace: Trace, name: str) -> Lengths:
    found = {each["step"]: as_float(each[name]) for each in trace.document["steps"]}
    return {
        step: length for step, length in found.items() if length is not None and _finite(length)
    }


def _finite(length: float) -> bool:
    return math.isfinite(length)


def _panel(name: str, lengths: Lengths, steps: tuple[int, int]) -> Panel:
    last, marked = steps
    unit, words = in_units(list(lengths.values()))
    high = max(lengths.values()) * 1.06 / unit or 1.0
    every = math.ceil(last / DRAWN)
    line = [(step, length / unit) for step, length in lengths.items() if step % every == 0]
    dot = [(marked, lengths[marked] / unit)] if marked in lengths else []
    return Panel(
        Axis("step", 0.5, last + 0.5, whole=True),
        Axis(f"length of the {name}{words}", 0.0, high),
        [
            Marks([(marked, 0.0), (marked, high)], "ref"),
            Marks(line, "s5-line", width=2.0),
            Marks(dot, "s5", kind="dots", radius=5.0),
        ],
    )


def _says(marked: int, gradient: Lengths, update: Lengths) -> str:
    if marked in gradient and marked in update:
        said = (
            f"Step {marked}: a gradient of length {decimal(gradient[marked])}, an update of length "
            f"{decimal(update[marked])}."
        )
    else:
        said = f"Step {marked} has no gradient and update of finite length."
    for name, lengths in (("gradient", gradient), ("update", update)):
        if len(lengths) > 1:
            most = max(lengths, key=lengths.__getitem__)
            said += f" The longest {name} is that of step {most}, {decimal(lengths[most])}."
    return said + _ratio(gradient, update)


def _ratio(gradient: Lengths, update: Lengths) -> str:
    """How an update compares with its gradient, over all steps that have both."""
    ratios = [
        update[step] / gradient[step] for step in gradient if step in update and gradient[step]
    ]
    if len(ratios) < 2:  # noqa: PLR2004 - one is no course of a run
        return ""
    low, high = decimal(min(ratios)), decimal(max(ratios))
    if low == high:
        return f" At every step the update is {low} times as long as the gradient."
    return f" The update is between {low} and {high} times as long as the gradient."


def _thinned(steps: int) -> str:
    every = math.ceil(steps / DRAWN)
    return f" Drawn: one step in {every}." if every > 1 else ""


def _table(trace: Trace, gradient: Lengths, update: Lengths) -> Table:
    columns = [
        {"text": text, "kind": "n"}
        for text in ("Step", "length of the gradient", "length of the update")
    ]
    steps = trace.document["steps"]
    every = math.ceil(len(steps) / LISTED)
    rows = [
        [str(step), *(decimal(each[step]) if step in each else "–" for each in (gradient, update))]
        for step in range(1, len(steps) + 1, every)
    ]
    return table("Lengths by step", columns, rows) | {"narrow": True}
