"""How far each parameter of a layer was moved at a step, over its gradient there."""

import math
from collections.abc import Sequence

from course.drawings.numerals import decimal
from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.backpropagation.moves import Move, moves_of, on_line
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.engine.probes import spec_of

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
    every = _every(len(moves))
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


def _every(size: int) -> int:
    """Which are drawn of so many: no divisor of them, or some columns would have no point."""
    every = math.ceil(size / DRAWN)
    while math.gcd(every, size) > 1:
        every += 1
    return every


def _padded(low: float, high: float) -> tuple[float, float]:
    pad = 0.12 * (high - low) or 1.0
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
    said += _on_the_line(moves, rate)
    most = rate * max(gradients)
    return (
        f"{said} Plain SGD with the same learning rate, {rate:g}, would move none of them by more "
        f"than {decimal(most, 4)} (worked out, not run)."
    )


def _on_the_line(moves: Sequence[Move], rate: float) -> str:
    """Of those that moved, or would have: how many did what plain SGD does."""
    still = sum(each.is_still for each in moves)
    others = [each for each in moves if each.is_clear(rate)]
    keep = "has a gradient of 0 and stays" if still == 1 else "have a gradient of 0 and stay"
    said = f" {still:,} of them {keep}." if still else ""
    if not others:
        return said
    on = sum(on_line(each, rate) for each in others)
    which = f"All {on:,}" if on == len(others) else f"{on:,}" if on else "Not one"
    beyond = "the others" if still else "them"
    if len(others) + still < len(moves):
        beyond = "those whose move is more than rounding"
    return f"{said} {which} of {beyond} {'lie' if on > 1 else 'lies'} on the dashed line."


def _span(sizes: Sequence[float]) -> str:
    low, high = decimal(min(sizes), 4), decimal(max(sizes), 4)
    return f"of {low}" if low == high else f"from {low} to {high}"


def _left_out(every: int, finite: int) -> str:
    said = f" {every - finite} that are not finite are left out." if finite < every else ""
    nth = _every(finite)
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
                decimal(value, 5)
                for value in (
                    each.before, each.gradient, -rate * each.gradient, each.update, each.after,
                )
            ),
        ]
        for each in largest
    ]  # fmt: skip
    return table("The largest gradients and what became of them", columns, rows)
