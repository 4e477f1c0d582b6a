"""The loss of each batch, and the mean of its epoch, of which it is one sample."""

import math
from itertools import pairwise

from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.training_trace.epochs import DOTTED, ROOM, apart
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.engine.probes import training_trace as probes
from trainer.engine.trace import Document, Trace, as_float
from trainer.pages import shown

LISTED = 50
"""Batches that the table has."""
HALF = 0.5


def batches_of_epoch(given: Shown) -> Figure | None:
    """Every batch of one epoch or of all, with the mean of each epoch as a level line."""
    trace = given.trace
    every = [each for each in trace.document["steps"] if each["loss"] is not None]
    if not every:
        return None
    numbers = sorted({each["epoch"] for each in every})
    options = {"all": "all"} | {f"{number}": f"{number}" for number in numbers}
    control = given.one_of("batches", "Epoch", options)
    steps = every
    if control.value != "all":
        steps = [each for each in every if each["epoch"] == int(control.value)]
    whole = control.value == "all"
    title = "The loss of every batch" if whole else f"The batches of epoch {control.value}"
    says = _of_all(trace) if whole else _of_one(trace, steps)
    marks = _marks(trace, steps)
    return Figure(
        title=title,
        says=f"Solid: batches. Dashed: the mean of the epoch. {says}" if marks else says,
        drawing=plot(Told(title, says), *_axes(steps, marks), marks) if marks else "",
        table=_table(title, steps),
        controls=(control,),
    )


def _marks(trace: Trace, steps: list[Document]) -> list[Marks]:
    points = [(float(each["step"]), float(each["loss"])) for each in steps]
    points = [point for point in points if math.isfinite(point[1])]
    if not points:
        return []
    marks = [Marks(points, "line", label="batches")]
    if len(points) <= DOTTED:
        marks.append(Marks(points, "ink", "dots"))
    if level := _means(trace, steps):
        marks.append(Marks(level, "line-2", label="mean"))
    if steps[0]["epoch"] == steps[-1]["epoch"] and math.isfinite(float(steps[-1]["loss"])):
        marks.append(Marks(points[-1:], "hollow", "dots", radius=5.0))
    return marks


def _means(trace: Trace, steps: list[Document]) -> list[tuple[float, float]]:
    """A level stretch over the steps of each epoch, at its running loss."""
    level = []
    known = probes.of_epochs(trace, "running_loss")
    for each, mean in zip(trace.document["epochs"], known, strict=True):
        own = [step["step"] for step in steps if step["epoch"] == each["epoch"]]
        if own and mean is not None:
            level += [(own[0] - HALF, mean), (own[-1] + HALF, mean)]
    return level


def _axes(steps: list[Document], marks: list[Marks]) -> tuple[Axis, Axis]:
    top = max(y for each in marks for _, y in each.points) * ROOM or 1.0
    first, last = steps[0]["step"], steps[-1]["step"]
    return Axis("step", first - HALF, last + HALF, whole=True), Axis("loss", 0.0, top)


def _of_one(trace: Trace, steps: list[Document]) -> str:
    """One epoch: from where to where its batches went, and how far off its last one was."""
    epoch, losses = steps[0]["epoch"], [float(each["loss"]) for each in steps]
    bad = [each["step"] for each in steps if not math.isfinite(float(each["loss"]))]
    if bad:
        return f"At step {bad[0]} the loss was not a finite number."
    mean = as_float(trace.document["epochs"][epoch - 1]["running_loss"])
    if len(steps) == 1:
        return f"One batch is all of epoch {epoch}, so its loss {shown(losses[0])} is the mean."
    said = (
        f"{count(len(steps), 'batch', 'batches')}, from {shown(min(losses))} to "
        f"{shown(max(losses))}. The loss rose at {_rises(losses)} of "
        f"{count(len(losses) - 1, 'change')}."
    )
    if mean is None:
        return said
    side = "above" if losses[-1] > mean else "below" if losses[-1] < mean else "from"
    return (
        f"{said} The mean over all {count(_rows(steps), 'row')} is {shown(mean)}. The last batch, "
        f"ringed, cost {shown(losses[-1])}: {apart(losses[-1], mean)} {side} it."
    )


def _of_all(trace: Trace) -> str:
    """The whole run: how far off the last batches were."""
    losses = [as_float(each["loss"]) for each in trace.document["steps"]]
    found = probes.last_batches(trace)
    said = f"{count(len(losses), 'batch', 'batches')} in {count(_epochs(trace), 'epoch')}."
    if found:
        epoch, last, mean = max(found, key=lambda each: abs(each[1] - each[2]))
        said += (
            f" The last batch of an epoch was at most {apart(last, mean)} off the mean of its "
            f"epoch: in epoch {epoch} it cost {shown(last)}, the mean was {shown(mean)}."
        )
    known = [loss for loss in losses if loss is not None and math.isfinite(loss)]
    if len(known) == len(losses) > 1:
        said += f" The loss rose at {_rises(known):,} of {count(len(known) - 1, 'change')}."
    return said


def _rises(losses: list[float]) -> int:
    return sum(after > before for before, after in pairwise(losses))


def _rows(steps: list[Document]) -> int:
    return sum(each["rows"] for each in steps)


def _epochs(trace: Trace) -> int:
    return len({each["epoch"] for each in trace.document["steps"]})


def _table(title: str, steps: list[Document]) -> Table:
    columns = [{"text": text, "kind": "n"} for text in ("Step", "Epoch", "Rows", "Loss")]
    rows = [
        [f"{each['step']:,}", str(each["epoch"]), f"{each['rows']:,}", shown(each["loss"])]
        for each in steps[:LISTED]
    ]
    left = f", the first {LISTED}" if len(steps) > LISTED else ""
    return table(f"{title}{left}", columns, rows)
