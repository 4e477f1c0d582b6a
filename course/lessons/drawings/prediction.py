"""One row through the trained model, every value shown: input, hidden, logits, softmax, class.

Works on the dictionary that a replay of a row hands over, not on a trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.lessons.drawings import bars
from course.lessons.drawings.fluid import at, over
from course.lessons.drawings.numerals import count, decimal, real, signed
from course.lessons.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    moved,
    rect,
    shape_chip,
    text,
)

Replayed = Mapping[str, Any]

STOPS = (2.2, 25.0, 51.5, 70.5, 89.5)
ROOMS = (176, 218, 136, 136, 96)
TOP, BOTTOM_ROOM = 92, 44
TALL, MARGIN = 286, 16


@dataclass(frozen=True, slots=True)
class Column:
    """One layer of the prediction: heading, shape, drawn values and their height, a note."""

    name: str
    shape: str
    drawn: str
    height: float
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A replayed row with its numbers as floats."""

    number: int
    scaled: list[float]
    hidden: list[float]
    logits: list[float]
    probabilities: list[float]
    predicted: int
    label: int

    @classmethod
    def of(cls, replayed: Replayed) -> "Row":
        lists = ("scaled", "hidden", "logits", "probabilities")
        values = {name: [real(value) for value in replayed[name]] for name in lists}
        return cls(
            replayed["row"], **values, predicted=replayed["predicted"], label=replayed["label"]
        )

    @property
    def right(self) -> bool:
        return self.predicted == self.label


def prediction_wide(replayed: Replayed) -> SafeString:
    """As wide as its frame, from 936 px on."""
    row = Row.of(replayed)
    columns = _columns(row, ROOMS)
    height = max(column.height for column in columns)
    middle = TOP + height / 2
    parts = []
    for stop, column in zip(STOPS, columns, strict=True):
        above = TOP + (height - column.height) / 2 - TOP if column.name == "Prediction" else 0
        parts.append(at(stop, _column(column, above, TOP + height + 30)))
    for index in range(4):
        parts.append(over((STOPS[index], STOPS[index + 1]), *_arrow(ROOMS[index], middle)))
    return drawing(
        ("100%", round(TOP + height + BOTTOM_ROOM)), _told(row), *parts, class_="pipeline-wide"
    )


def prediction_tall(replayed: Replayed) -> SafeString:
    """286 px wide, for phones and all that is narrower than the wide one."""
    row = Row.of(replayed)
    parts, top = [], 0.0
    columns = _columns(row, (TALL - 2 * MARGIN,) * 5)
    for index, column in enumerate(columns):
        foot = TOP + column.height + 26
        parts.append(moved(MARGIN, top, _column(column, 0, foot)))
        top += foot + 34
        if index < 4:
            parts.append(
                arrow_head(MARGIN + 8, top - 8, "down")
                + line((MARGIN + 8, top - 26), (MARGIN + 8, top - 18), "arrow")
            )
    return drawing((TALL, round(top)), _told(row), *parts, class_="pipeline-tall")


def prediction_rows(replayed: Replayed) -> list[tuple[str, str, str]]:
    """Every value of the drawing as table rows: layer, name, number."""
    row = Row.of(replayed)
    before = [real(value) for value in replayed["hidden_before"]]
    layers = (
        ("input, raw", "x", [decimal(real(value)) for value in replayed["raw"]]),
        ("input, scaled", "x", [decimal(value) for value in row.scaled]),
        ("hidden, before ReLU", "unit ", [signed(value) for value in before]),
        ("hidden, after ReLU", "unit ", [decimal(value) for value in row.hidden]),
        ("logits", "class ", [signed(value) for value in row.logits]),
        ("softmax", "class ", [decimal(value) for value in row.probabilities]),
    )
    return [
        (layer, f"x[{index}]" if name == "x" else f"{name}{index}", value)
        for layer, name, values in layers
        for index, value in enumerate(values)
    ]


def _columns(row: Row, rooms: tuple[int, ...]) -> list[Column]:
    classes = len(row.logits)
    pitch = 50 if classes <= 4 else 36
    names = [f"x[{index}]" for index in range(len(row.scaled))]
    inputs = bars.lying(row.scaled, names, (rooms[0], 224), "s2")
    return [
        Column(
            "Input",
            f"(1, {len(names)})",
            inputs,
            bars.height_of(len(names), 224) * len(names),
            "scaled features",
        ),
        _hidden(row, rooms[1]),
        Column(
            "Logits",
            f"(1, {classes})",
            bars.around_zero(row.logits, row.predicted, (rooms[2], pitch)),
            pitch * classes,
            "any sign, no fixed sum",
        ),
        Column(
            "Softmax",
            f"(1, {classes})",
            bars.shares(row.probabilities, row.predicted, (rooms[3], pitch)),
            pitch * classes,
            "between 0 and 1, sum 1",
        ),
        Column("Prediction", "(1,)", _prediction(row), 98, "largest wins"),
    ]


def _hidden(row: Row, room: int) -> Column:
    units = len(row.hidden)
    zeros = sum(value == 0 for value in row.hidden)
    note = f"{zeros:,} of {count(units, 'unit')} {'is' if zeros == 1 else 'are'} 0"
    if units <= bars.THIN:
        names = [f"h[{index}]" for index in range(units)]
        drawn, height = (
            bars.lying(row.hidden, names, (room, 288), "s3"),
            bars.height_of(units, 288) * units,
        )
    else:
        drawn, height = bars.standing(row.hidden, (room, 160), "s3"), 180.0
    return Column("Hidden, ReLU", f"(1, {units})", drawn, height, note)


def _prediction(row: Row) -> str:
    box = rect(0, 0, 112, 98, "card", rx=4) + rect(0, 0, 112, 98, "framed", rx=4)
    verdict = "right" if row.right else "not right"
    return (
        box
        + text(56, 40, f"class {row.predicted}", "t-big mid")
        + text(56, 64, f"label: class {row.label}", "t-small mid")
        + text(56, 83, verdict, "t-label mid")
    )


def _column(column: Column, above: float, foot: float) -> str:
    return (
        text(0, 38, column.name, "t-label")
        + shape_chip(0, 48, column.shape, centred=False)
        + moved(0, TOP + above, column.drawn)
        + text(0, foot, column.note, "t-small")
    )


def _arrow(room: int, y: float) -> list[str]:
    """From the right edge of a column to shortly before the next."""
    left, right = room + 12, 14
    shaft = moved(-right, 0, line((left + right, y), ("100%", y), "arrow"))
    return [shaft, at(100, arrow_head(-right, y))]


def _told(row: Row) -> Told:
    classes = ", ".join(f"class {i} {decimal(p)}" for i, p in enumerate(row.probabilities))
    zeros = sum(value == 0 for value in row.hidden)
    return Told(
        f"Held-out row {row.number} through the trained model",
        f"{count(len(row.scaled), 'scaled feature')}, {count(len(row.hidden), 'hidden unit')} of which "
        f"{zeros:,} are 0, {len(row.logits)} logits. Probabilities: {classes}. "
        f"Predicted class {row.predicted}, label class {row.label}: "
        f"{'right' if row.right else 'not right'}.",
    )
