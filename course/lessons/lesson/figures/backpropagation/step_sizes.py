"""How far each parameter of a layer was moved at a step, over its gradient there."""

import math
from collections.abc import Sequence

from course.lessons.drawings.numerals import decimal
from course.lessons.drawings.plot import Axis, Marks, in_units, plot
from course.lessons.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.backpropagation.moves import Move, moves_of, on_line
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.engine.probes import spec_of
from trainer.pages import shown

DRAWN = 600
"""Points that a drawing holds; of a larger layer every second, third, ... is drawn."""
LISTED = 6


def step_sizes(given: Shown) -> Figure | None:
    """Gradient across, update up; the line is what plain SGD makes of the same gradients."""
    document = given.trace.document
    layers = {each["name"]: f"{each['name']} {tuple(each['shape'])}" for each in document["layout"]}
    if not document["steps"] or not layers:
        return None
    step = given.number("step", "Step", (1, len(document["steps"])), 1)
    layer = given.one_of("layer", "Parameters", layers)
    moves = moves_of(given.trace, step.number, layer.value)
    if moves is None:
        return None
    controls, title = (step, layer), f"Step {step.number}: gradient and update in {layer.value}"
    finite = [each for each in moves if each.is_finite]
    if not finite:
        return Figure(title, "No gradient and update here is finite.", controls=controls)
    rate = spec_of(given.trace).lr
    says = _says(finite, rate) + _left_out(len(moves), len(finite))
    drawing = _drawn(Told(title, says), finite, rate)
    return Figure(title, says, drawing, table=_table(finite, rate), controls=controls)


def _drawn(told: Told, moves: Sequence[Move], rate: float) -> str:
    gradients = [each.gradient for each in moves]
    ends = (min(*gradients, 0.0), max(*gradients, 0.0))
    updates = [each.update for each in moves] + [-rate * end for end in ends]
    across, wide = in_units(gradients)
    up, tall = in_units(updates)
    bounds = _padded(min(ends) / across, max(ends) / across)
    heights = _padded(min(updates) / up, max(updates) / up)
    every = math.ceil(len(moves) / DRAWN)
    points = [(each.gradient / across, each.update / up) for each in moves[::every]]
    line = [(end / across, -rate * end / up) for end in ends]
    return plot(
        told,
        Axis(f"gradient{wide}", *bounds),
        Axis(f"update{tall}", *heights),
        [
            Marks([(0.0, 0.0)], "rule", kind="rule"),
            Marks([(0.0, heights[0]), (0.0, heights[1])], "rule"),
            Marks(line, "line-2", label="plain SGD"),
            Marks(points, "s5-line", kind="cloud", radius=3.0),
        ],
    )


def _padded(low: float, high: float) -> tuple[float, float]:
    pad = 0.06 * (high - low) or 1.0
    return low - pad, high + pad


def _says(moves: Sequence[Move], rate: float) -> str:
    """Sizes, how many points lie on the line, and what the line would have done."""
    said = f"A point for each of {count(len(moves), 'parameter')}."
    gradients = [abs(each.gradient) for each in moves if each.gradient]
    updates = [abs(each.update) for each in moves if each.update]
    if not gradients or not updates:
        still = "gradient is zero" if not gradients else "parameter stays where it is"
        return f"{said} Every {still}."
    said += f" Gradients {_span(gradients)} in size; updates {_span(updates)}."
    clear = [each for each in moves if each.is_clear(rate)]
    on = sum(on_line(each, rate) for each in clear)
    if clear:
        lie = "lies" if on == 1 else "lie"
        of = "All" if on == len(clear) else f"{on} of"
        of = of if len(clear) > 1 else "1 of" if on else "0 of"
        small = "" if len(clear) == len(moves) else " that are larger than rounding"
        said += f" {of} {len(clear)}{small} {lie} on the dashed line."
    most = rate * max(gradients)
    return (
        f"{said} Plain SGD with the same learning rate, {rate:g}, would move none of them by more "
        f"than {decimal(most, 4)} (worked out, not run)."
    )


def _span(sizes: Sequence[float]) -> str:
    low, high = decimal(min(sizes), 4), decimal(max(sizes), 4)
    return f"of {low}" if low == high else f"from {low} to {high}"


def _left_out(every: int, finite: int) -> str:
    said = f" {every - finite} that are not finite are left out." if finite < every else ""
    nth = math.ceil(finite / DRAWN)
    return f"{said} Drawn: one in {nth}." if nth > 1 else said


def _table(moves: Sequence[Move], rate: float) -> Table:
    """The parameters with the largest gradients, before and after."""
    heads = ("parameter", "before", "its gradient", "plain SGD", "its update", "after")
    columns = [{"text": head, "kind": "n code"} for head in heads]
    columns[0]["kind"] = "code nowrap"
    largest = sorted(moves, key=lambda each: -abs(each.gradient))[:LISTED]
    rows = [
        [
            each.name,
            *(
                shown(value, 5)
                for value in (
                    each.before, each.gradient, -rate * each.gradient, each.update, each.after,
                )
            ),
        ]
        for each in largest
    ]  # fmt: skip
    return table("The largest gradients and what became of them", columns, rows)
