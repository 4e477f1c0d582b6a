"""One row through the trained model, every value shown: input, hidden, logits, softmax, class."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings import bars
from course.drawings.bars import Bars
from course.drawings.fluid import at, over
from course.drawings.numerals import count, decimal
from course.drawings.replayed import Replayed, Row
from course.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    moved,
    rect,
    shape_chip,
    text,
)
from trainer.engine.names import Names

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


def prediction_wide(replayed: Replayed, names: Names) -> SafeString:
    """As wide as its frame, from 936 px on."""
    row = Row.of(replayed)
    columns = _columns(row, names, ROOMS)
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
    return drawing(size, _told(row, names), *parts, class_="pipeline-wide")


def prediction_tall(replayed: Replayed, names: Names) -> SafeString:
    """286 px wide, for whatever is narrower than the wide one."""
    row, top = Row.of(replayed), 0.0
    parts: list[str] = []
    for column in _columns(row, names, (TALL - 2 * MARGIN,) * 5):
        foot = HEAD + column.drawn.height + FOOT - 6
        if parts:
            parts.append(line((MARGIN + 12, top - 12), (MARGIN + 12, top + 14), "arrow"))
            parts.append(arrow_head(MARGIN + 12, top + 14, "down"))
        drawn = moved(0, HEAD, column.drawn.svg)
        parts.append(moved(MARGIN, top, _head(column), drawn, _foot(column, foot)))
        top += foot + DOWN
    return drawing((TALL, round(top - 8)), _told(row, names), *parts, class_="pipeline-tall")


def _columns(row: Row, names: Names, rooms: tuple[int, ...]) -> list[Column]:
    inputs, units, classes = len(row.scaled), len(row.hidden), len(row.logits)
    called = [names.brief(index) for index in range(classes)]
    layers = (
        ("Input", f"(1, {inputs})", *_input(row, names, rooms[0])),
        (
            "Hidden, ReLU",
            f"(1, {units})",
            bars.of_values(row.hidden, "h", rooms[1], "s3"),
            row.zeros,
        ),
        (
            "Logits",
            f"(1, {classes})",
            bars.around_zero(row.logits, called, row.predicted, rooms[2]),
            "any sign, no fixed sum",
        ),
        (
            "Softmax",
            f"(1, {classes})",
            bars.shares(row.probabilities, called, row.predicted, rooms[3]),
            "0 to 1, together 1",
        ),
        ("Prediction", "(1,)", _box(row, names), "argmax: the largest"),
    )
    return [Column(*layer) for layer in layers]


def _input(row: Row, names: Names, room: int) -> tuple[Bars, str]:
    """A row that is a picture as that picture, any other as bars; and how much it is."""
    scaled = count(len(row.scaled), "scaled feature")
    if names.image:
        height, width = names.image
        picture = bars.picture(row.scaled, width, room)
        return picture, f"{scaled}, {height} by {width}"
    return bars.of_values(row.scaled, "x", room, "s2"), scaled


def _box(row: Row, names: Names) -> Bars:
    """The predicted class and the label if there is one, with their names where they have one."""
    lines = [
        (36, f"class {row.predicted}", "t-big mid"),
        (20, names.brief(row.predicted), "t-label mid"),
    ]
    if row.label is not None:
        lines.append((24, f"label: class {row.label}", "t-small mid"))
        lines.append((18, names.brief(row.label), "t-small mid"))
    lines.append((20, row.verdict, "t-label mid"))
    y, words = 4, ""
    for step, said, class_ in lines:
        if said:
            y += step
            words += text(56, y, said, class_)
    height = y + 14
    frame = rect(0, 0, 112, height, "card", rx=4) + rect(0, 0, 112, height, "framed", rx=4)
    return Bars(frame + words, height)


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


def _told(row: Row, names: Names) -> Told:
    shares = enumerate(row.probabilities)
    classes = ", ".join(f"{names.label(index)} {decimal(share)}" for index, share in shares)
    said = (
        f"{count(len(row.scaled), 'scaled feature')} go in. Of the hidden units, {row.zeros}. "
        f"Probabilities: {classes}. Predicted: {names.label(row.predicted)}."
    )
    if row.label is not None:
        said += f" Label: {names.label(row.label)}. That is {row.verdict}."
    return Told(row.title, said)
