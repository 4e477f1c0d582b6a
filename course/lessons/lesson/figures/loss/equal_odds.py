"""What equal odds on every class cost, and what the first batch of each epoch did."""

import math

from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from trainer.engine.trace import Trace, as_float
from trainer.pages import shown

DOTTED = 40
"""Up to so many epochs have a dot each."""


def equal_odds(given: Shown) -> Figure | None:
    """The first loss of every epoch against the logarithm of the number of classes."""
    found = _firsts(given.trace)
    known = [loss for loss in found.values() if math.isfinite(loss)]
    if not known:
        return None
    classes = given.trace.document["data"]["classes"]
    uniform = math.log(classes)
    title = "The first batch of each epoch, against equal odds"
    says = _says(found, classes)
    high = max(*known, uniform) * 1.08
    unit, words = in_units([high])
    line = [(epoch, loss / unit) for epoch, loss in found.items()]
    dots = [Marks(line, "s4", kind="dots", radius=4.0)] if len(line) <= DOTTED else []
    drawing = plot(
        Told(title, says),
        Axis("epoch", 0.5, max(found) + 0.5, whole=True),
        Axis(f"loss of its first batch{words}", 0.0, high / unit),
        [
            Marks([(0, uniform / unit)], "ref", kind="rule", label=f"ln {classes}"),
            Marks(line, "s4-line", width=2.0),
            *dots,
        ],
    )
    return Figure(title, says, drawing, table=_table(found, uniform))


def _firsts(trace: Trace) -> dict[int, float]:
    """The loss of the first batch by epoch, where one was computed."""
    firsts: dict[int, float] = {}
    for step in trace.document["steps"]:
        loss = as_float(step["loss"])
        if step["batch"] == 1 and loss is not None:
            firsts[step["epoch"]] = loss
    return firsts


def _says(found: dict[int, float], classes: int) -> str:
    uniform, first, last = math.log(classes), min(found), max(found)
    said = (
        f"Equal odds on {classes} classes cost ln {classes} = {shown(uniform)} per row. The loss "
        f"of the first batch was {shown(found[first])} in epoch {first}"
    )
    # Of the rounded figures, so that the gap agrees with what stands beside it.
    gap = round(round(found[first], 3) - round(uniform, 3), 3)
    if math.isfinite(gap):
        said += (
            f", {shown(abs(gap))} {'above' if gap > 0 else 'below'} that" if gap else ", as much"
        )
    return said + (f"; in epoch {last} it was {shown(found[last])}." if last != first else ".")


def _table(found: dict[int, float], uniform: float) -> Table:
    columns = [{"text": "Epoch", "kind": "n"}, {"text": "loss of its first batch", "kind": "n"}]
    columns.append({"text": "above equal odds", "kind": "n"})
    rows = [[str(epoch), shown(loss), shown(loss - uniform)] for epoch, loss in found.items()]
    return table("The first batch of each epoch", columns, rows) | {"narrow": True}
