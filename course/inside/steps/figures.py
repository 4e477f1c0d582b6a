"""What a step shows besides its names: the loss of each row, the graph, the course of the norms."""

import math
from itertools import groupby
from typing import Any

from course.drawings.graph import Drawn, autograd_graph, graph_rows
from course.drawings.numerals import count, decimal, real
from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.inside.steps.step import Step
from course.lessons.lesson.figure import Shown
from course.lessons.lesson.figures.backpropagation.norms import norms
from course.lessons.pipeline.tables import table
from course.lessons.pipeline.wording import prose
from trainer.engine.trace import Trace
from trainer.models import Run

ROWS = "loss of each row"
LISTED = 200

Figure = dict[str, Any]


def row_losses(step: Step, at: int) -> Figure | None:
    """Bars: what each row of the batch costs, with their mean. None before there are logits."""
    thing = step.things(at).get(ROWS)
    if thing is None or thing.value is None:
        return None
    losses: list[float] = [real(number) for number in thing.value["numbers"]]
    known = [loss for loss in losses if math.isfinite(loss)]
    told: Figure = {"says": _of_losses(losses, known), "table": _losses_table(step, losses)}
    if not known:
        return told
    unit, words = in_units(known)
    high = max(known, default=0.0) * 1.06 / unit or 1.0
    drawn = plot(
        Told("Cross-entropy of each row of the batch", told["says"]),
        Axis("row of the batch", -0.5, len(losses) - 0.5, whole=True),
        Axis(f"loss{words}", 0.0, high),
        [*_bars(losses, unit), *_mean(known, len(losses), unit)],
    )
    return told | {"drawing": drawn}


def _bars(losses: list[float], unit: float) -> list[Marks]:
    """An outline round each stretch of finite bars."""
    places = enumerate(losses)
    return [
        Marks([(place, loss / unit) for place, loss in stretch], "s4-mid", kind="bars")
        for finite, stretch in groupby(places, key=lambda each: math.isfinite(each[1]))
        if finite
    ]


def _mean(known: list[float], rows: int, unit: float) -> list[Marks]:
    if not known or len(known) < rows:
        return []
    mean = math.fsum(known) / rows / unit
    return [Marks([(0.0, mean)], "ref", kind="rule")]


def _of_losses(losses: list[float], known: list[float]) -> str:
    rows = count(len(losses), "row")
    if len(known) < len(losses):
        return f"{len(losses) - len(known)} of {rows} have no finite loss, and no bar."
    worst = max(range(len(losses)), key=losses.__getitem__)
    mean = math.fsum(losses) / len(losses)
    return (
        f"{rows}, from {decimal(min(losses))} to {decimal(losses[worst])} in row {worst}; "
        f"the dotted line is their mean, {decimal(mean)}."
    )


def _losses_table(step: Step, losses: list[float]) -> dict[str, Any]:
    dealt = step.replayed["rows"]
    columns = [{"text": each, "kind": "n"} for each in ("Row of the batch", "of the data", "Loss")]
    named = [str(row) for row in dealt] if len(dealt) == len(losses) else ["–"] * len(losses)
    rows = [[str(at), named[at], decimal(loss)] for at, loss in enumerate(losses[:LISTED])]
    return table("Loss of each row", columns, rows) | {"narrow": True}


def graph(step: Step, at: int) -> Figure | None:
    """What `loss` came from, and after `backward()` what came back. None before there is a loss."""
    found = step.graph(at)
    if found is None:
        return None
    if not found.get("nodes"):
        return {"says": prose("`loss` has no `grad_fn`: autograd recorded no way to it.")}
    visits = step.visits(at)
    drawn = Drawn.of(found, visits)
    says = _of_graph(drawn)
    columns = [
        {"text": "Node", "kind": "code"}, {"text": "Stands for", "kind": "code"},
        {"text": "Shape", "kind": "code"}, {"text": "Made from", "kind": "code"},
        {"text": "Visit", "kind": "n"}, {"text": "Length of gradient", "kind": "n"},
    ]  # fmt: skip
    told = Told("The graph that autograd recorded for loss", says.replace("`", ""))
    return {
        "drawing": autograd_graph(drawn, told),
        "says": prose(says),
        "table": table("Nodes of the graph", columns, graph_rows(drawn)),
    }


def _of_graph(drawn: Drawn) -> str:
    nodes = [each for each in drawn.nodes if each.op]
    leaves = [each.parameter for each in nodes if each.parameter]
    said = f"{count(len(nodes), 'node')}"
    if drawn.left_out:
        said += f", and {drawn.left_out:,} more that are not drawn"
    said += f"; {count(len(leaves), 'of them stands', 'of them stand')} for a parameter."
    visited = [each for each in nodes if each.visits]
    if not visited:
        return f"{said} Arrows go the way of the forward pass, down to `loss`."
    return (
        f"{said} `backward()` went the other way and came to {len(visited)} of them; the number "
        "is the order, the length that of the gradient that arrived."
    )


def course_of_norms(run: Run, trace: Trace, number: int) -> Figure | None:
    """Lengths of gradient and update over the run, this step marked."""
    made = norms(Shown(run, trace, {"mark": str(number)}))
    if made is None:
        return None
    return {"drawing": made.drawing, "says": prose(made.says), "table": made.table}
