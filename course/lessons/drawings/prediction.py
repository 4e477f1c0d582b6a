"""One row through the trained model, every value shown: input, hidden, logits, softmax, class."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.lessons.drawings import bars
from course.lessons.drawings.bars import Bars
from course.lessons.drawings.fluid import at, over
from course.lessons.drawings.numerals import count, decimal
from course.lessons.drawings.replayed import Replayed, Row
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

STOPS = (2.0, 24.0, 49.5, 68.0, 86.4)
ROOMS = (164, 200, 136, 136, 112)
HEAD, FOOT = 92, 30
TALL, MARGIN, DOWN = 286, 16, 26


@dataclass(frozen=True, slots=True)
class Column:
    """One layer: its name, its shape, its values drawn, a note below them."""

    name: str
    shape: str
    drawn: Bars
    note: str


def prediction_wide(replayed: Replayed) -> SafeString:
    """As wide as its frame, from 936 px on."""
    row = Row.of(replayed)
    columns = _columns(row, ROOMS)
    height = max(column.drawn.height for column in columns)
    parts = [
        at(
            stop,
            _head(column),
            moved(0, HEAD, column.drawn.svg),
            _foot(column, HEAD + height + FOOT),
        )
        for stop, column in zip(STOPS, columns, strict=True)
    ]
    parts += [
        over((start, end), *_arrow(room, HEAD + 62))
        for start, end, room in zip(STOPS, STOPS[1:], ROOMS, strict=False)
    ]
    size = ("100%", round(HEAD + height + FOOT + 16))
    return drawing(size, _told(row), *parts, class_="pipeline-wide")


def prediction_tall(replayed: Replayed) -> SafeString:
    """286 px wide, for whatever is narrower than the wide one."""
    row, top = Row.of(replayed), 0.0
    parts: list[str] = []
    for column in _columns(row, (TALL - 2 * MARGIN,) * 5):
        foot = HEAD + column.drawn.height + FOOT - 6
        if parts:
            parts.append(line((MARGIN + 12, top - 12), (MARGIN + 12, top + 14), "arrow"))
            parts.append(arrow_head(MARGIN + 12, top + 14, "down"))
        drawn = moved(0, HEAD, column.drawn.svg)
        parts.append(moved(MARGIN, top, _head(column), drawn, _foot(column, foot)))
        top += foot + DOWN
    return drawing((TALL, round(top - 8)), _told(row), *parts, class_="pipeline-tall")


def _columns(row: Row, rooms: tuple[int, ...]) -> list[Column]:
    scaled = count(len(row.scaled), "scaled feature")
    inputs, units, classes = len(row.scaled), len(row.hidden), len(row.logits)
    layers = (
        ("Input", f"(1, {inputs})", bars.of_values(row.scaled, "x", rooms[0], "s2"), scaled),
        (
            "Hidden, ReLU",
            f"(1, {units})",
            bars.of_values(row.hidden, "h", rooms[1], "s3"),
            row.zeros,
        ),
        (
            "Logits",
            f"(1, {classes})",
            bars.around_zero(row.logits, row.predicted, rooms[2]),
            "any sign, no fixed sum",
        ),
        (
            "Softmax",
            f"(1, {classes})",
            bars.shares(row.probabilities, row.predicted, rooms[3]),
            "0 to 1, together 1",
        ),
        ("Prediction", "(1,)", _box(row), "argmax: the largest"),
    )
    return [Column(*layer) for layer in layers]


def _box(row: Row) -> Bars:
    lines = (
        (40, f"class {row.predicted}", "t-big mid"),
        (64, f"label: class {row.label}", "t-small mid"),
        (84, row.verdict, "t-label mid"),
    )
    frame = rect(0, 0, 112, 98, "card", rx=4) + rect(0, 0, 112, 98, "framed", rx=4)
    return Bars(frame + "".join(text(56, *each) for each in lines), 98)


def _head(column: Column) -> str:
    chip = shape_chip(0, 50, column.shape, centred=False)
    return text(0, 38, column.name, "t-label") + chip


def _foot(column: Column, y: float) -> str:
    return text(0, y, column.note, "t-small")


def _arrow(room: int, y: float) -> list[str]:
    """From the right edge of a column to shortly before the next."""
    left, right = room + 10, 12
    shaft = moved(-right, 0, line((left + right, y), ("100%", y), "arrow"))
    return [shaft, at(100, arrow_head(-right, y))]


def _told(row: Row) -> Told:
    classes = ", ".join(f"class {i} {decimal(p)}" for i, p in enumerate(row.probabilities))
    return Told(
        f"Held-out row {row.number} through the trained model",
        f"{count(len(row.scaled), 'scaled feature')} go in. Of the hidden units, {row.zeros}. "
        f"Probabilities: {classes}. Predicted: class {row.predicted}. Label: class {row.label}. "
        f"That is {row.verdict}.",
    )
