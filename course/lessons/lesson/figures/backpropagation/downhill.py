"""The loss of a step's batch farther along, and back: how far a gradient can be trusted."""

import math
from dataclasses import dataclass

from course.drawings.numerals import decimal
from course.drawings.plot import Axis, Marks, in_units, plot
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.replays import replay
from trainer.engine.probes import spec_of
from trainer.pages import shown

WAYS = {"gradient": "against the gradients", "update": "as this step moved"}
ACROSS = {"gradient": "learning rate of plain SGD", "update": "times the update of this step"}

LEVEL = 1e-6
"""Losses that differ by no more than this share of them are called the same."""


@dataclass(frozen=True, slots=True)
class Way:
    """Losses at places along a way that begins at 0; `once` is the loss at `mark`."""

    kind: str
    at: list[float]
    loss: list[float]
    start: float
    once: float
    mark: float

    @property
    def zero(self) -> int:
        """Which of the places is the beginning."""
        return self.at.index(0.0)

    @property
    def has_mark(self) -> bool:
        """Whether the mark is within the picture, and its loss a number."""
        return math.isfinite(self.once) and self.mark <= self.at[-1]

    @property
    def lowest(self) -> int:
        """The place with the smallest loss."""
        return min(range(len(self.loss)), key=self.loss.__getitem__)


def downhill(given: Shown) -> Figure | None:
    """The loss on the way that was chosen."""
    steps = len(given.trace.document["steps"])
    if not steps:
        return None
    step = given.number("step", "Step", (1, steps), 1)
    chosen = given.one_of("way", "Move the parameters", WAYS)
    found = replay("along", given.trace, step.number)
    if found is None:
        return None
    rate = spec_of(given.trace).lr
    along, kind = found[chosen.value], chosen.value
    losses = [float(each) for each in along["loss"]]
    mark = rate if kind == "gradient" else 1.0
    way = Way(kind, along["at"], losses, float(found["start"]), float(along["once"]), mark)
    controls, title = (step, chosen), f"Step {step.number}: the loss on the way {WAYS[kind]}"
    if not all(map(math.isfinite, (*losses, way.start))):
        return Figure(title, "The loss of this batch is not finite here.", controls=controls)
    if max(losses) - min(losses) <= LEVEL * max(losses):
        return Figure(title, "The loss is the same all along this way.", controls=controls)
    says = _says(way)
    drawing = _drawn(Told(title, says), way)
    return Figure(title, says, drawing, table=_table(way), controls=controls)


def _drawn(told: Told, way: Way) -> str:
    ends = [way.start, way.loss[-1], *([way.once] if way.has_mark else [])]
    low, high = min(way.loss), max(ends)
    pad = 0.15 * (high - low) or 0.1
    across, wide = in_units(way.at)
    up, tall = in_units([high])
    points = [
        (at / across, loss / up)
        for at, loss in zip(way.at, way.loss, strict=True)
        if loss <= high + pad
    ]
    name = f"at {way.mark:g}" if way.kind == "gradient" else "once"
    once = Marks([(way.mark / across, way.once / up)], "s5", "dots", label=name, radius=5.5)
    return plot(
        told,
        Axis(f"{ACROSS[way.kind]}{wide}", way.at[0] / across, way.at[-1] / across),
        Axis(f"loss of the batch{tall}", (low - pad) / up, (high + pad) / up),
        [
            Marks([(0.0, way.start / up)], "ref", kind="rule", label="start"),
            Marks(points, "s5-line", width=2.0),
            Marks([(0.0, way.start / up)], "hollow", kind="dots", radius=5.0),
            *([once] if way.has_mark else []),
        ],
    )


def _says(way: Way) -> str:
    """What was there, what the marked place makes of it, and the two directions."""
    if way.kind == "gradient":
        once = f"Plain SGD with the run's learning rate, {way.mark:g}, would take it to"
    else:
        once = "The update that this step made takes it to"
    outside = "" if way.has_mark else " (outside the picture)"
    return (
        f"The batch costs {shown(way.start)} before the update. {once} {shown(way.once)}{outside}. "
        f"{_ahead(way)}{_back(way)}"
    )


def _ahead(way: Way) -> str:
    """The lowest place, and what comes after it."""
    if way.lowest <= way.zero:
        return "No place drawn ahead is lower than the start."
    lowest, end = way.loss[way.lowest], way.loss[-1]
    said = f"Lowest of the places drawn: {shown(lowest)} at {_place(way.at[way.lowest])}"
    if end > way.start:
        return f"{said}; farther on it rises, to {shown(end)} at {_place(way.at[-1])}."
    return f"{said}."


def _back(way: Way) -> str:
    at, loss = way.at[way.zero - 1], way.loss[way.zero - 1]
    if loss <= way.start:
        return ""
    return f" The other way, to the left of 0, it rises: {shown(loss)} at {_place(at)}."


def _place(at: float) -> str:
    return decimal(at, 2)


def _table(way: Way) -> Table:
    columns = [{"text": ACROSS[way.kind], "kind": "n"}, {"text": "loss of the batch", "kind": "n"}]
    rows = [
        [decimal(at, 3), shown(loss, 4)]
        for at, loss in list(zip(way.at, way.loss, strict=True))[::4]
    ]
    return table("The loss on the way", columns, rows) | {"narrow": True}
