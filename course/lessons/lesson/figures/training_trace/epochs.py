"""Figures of epochs as lines of a plot, and the words that their numbers take."""

from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.plot import Axis, Marks
from course.lessons.pipeline.tables import Table, table
from trainer.engine.trace import Document
from trainer.figures.series import Curve
from trainer.pages import shown

NOUNS = {"loss": "loss", "accuracy": "accuracy"}
DOTTED = 20
"""Up to so many points of a line have a dot each."""
ROOM, ROOM_OF_SHARES = 1.12, 1.08
"""Above the highest point, so that the topmost round number has its name."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is drawn: stroke, points and the name at its end."""

    line: str
    dots: str
    label: str


def lines(curves: Sequence[tuple[Curve | None, Look]]) -> list[Marks]:
    """Each curve as a line, with a dot at each point where there are few."""
    marks = []
    for curve, look in curves:
        points = points_of(curve)
        if not points:
            continue
        marks.append(Marks(points, look.line, label=look.label))
        if len(points) <= DOTTED:
            marks.append(Marks(points, look.dots, "dots"))
    return marks


def points_of(curve: Curve | None) -> list[tuple[float, float]]:
    """The points that can be drawn."""
    if curve is None:
        return []
    return [(float(x), y) for x, y in zip(curve.x, curve.y, strict=True) if y is not None]


def axes(noun: str, marks: Sequence[Marks]) -> tuple[Axis, Axis]:
    """Epochs from 1, and the measure from 0."""
    points = [point for each in marks for point in each.points]
    last = max(x for x, _ in points)
    top = ROOM_OF_SHARES if noun == "accuracy" else max(y for _, y in points) * ROOM or 1.0
    label = "share of rows right" if noun == "accuracy" else "loss"
    return Axis("epoch", 1.0, max(last, 2.0), whole=True), Axis(label, 0.0, top)


def epoch_table(label: str, heads: Sequence[str], columns: Sequence[Sequence[str]]) -> Table:
    """A row per epoch, from 1; a column may be shorter than the others."""
    kinds = [{"text": "Epoch", "kind": "n"}, *({"text": head, "kind": "n"} for head in heads)]
    longest = max(len(column) for column in columns)
    rows = [
        [str(index + 1), *(column[index] if index < len(column) else "" for column in columns)]
        for index in range(longest)
    ]
    return table(label, kinds, rows)


def column(document: Document, name: str) -> list[str]:
    """One figure of each epoch, as it is printed."""
    return [shown(each[name]) for each in document["epochs"]]


def apart(one: float, other: float) -> str:
    """How far two figures are apart as they are printed, so that they add up."""
    return shown(abs(round(one, 3) - round(other, 3)))
