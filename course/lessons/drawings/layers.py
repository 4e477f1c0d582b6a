"""A batch through the layers of the model: shapes between them, parameters in them."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.lessons.drawings.fluid import at, over
from course.lessons.drawings.numerals import count, decimal, shape
from course.lessons.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    moved,
    mono_width,
    rect,
    shape_chip,
    text,
)
from trainer.engine.trace import Trace, Values

BOX = (130, 58)
HEIGHT, AXIS, TENSORS = 178, 90, 14
PLACES = (3.0, 27.0, 50.0, 73.0, 97.0)
TALL, TALL_CHIP, TALL_LAYER = 286, 56, 132
NAMES = ("scaled x", "before ReLU", "hidden", "logits")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its name in PyTorch, what it holds, a note on what came out of it."""

    name: str
    holds: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """A forward pass: layers, and the shapes before, between and after them."""

    layers: tuple[Layer, Layer, Layer]
    shapes: tuple[str, str, str, str]


def forward_layers_wide(trace: Trace) -> SafeString:
    """As wide as its frame, from 640 px on. "" where the run made no forward pass."""
    found = _pass(trace)
    if found is None:
        return SafeString()
    parts = [
        at(place, moved(0, AXIS, _box(layer)))
        for place, layer in zip(PLACES[1:4], found.layers, strict=True)
    ]
    for index, words in enumerate(found.shapes):
        pads = (BOX[0] / 2 if index else 0, BOX[0] / 2 if index < 3 else 0)
        parts.append(over(PLACES[index : index + 2], *_across(pads, NAMES[index], words)))
    return drawing(("100%", HEIGHT), _told(found), *parts, class_="drawing-wide")


def forward_layers_tall(trace: Trace) -> SafeString:
    """286 px wide, for phones."""
    found = _pass(trace)
    if found is None:
        return SafeString()
    pitch = TALL_CHIP + TALL_LAYER
    parts = [
        _down(12 + pitch * index, *named)
        for index, named in enumerate(zip(NAMES, found.shapes, strict=True))
    ]
    for index, layer in enumerate(found.layers):
        top = 12 + TALL_CHIP + pitch * index
        parts.append(
            moved(
                BOX[0] / 2 + 16,
                top + BOX[1] / 2,
                _box(layer),
                arrow_head(0, -BOX[1] / 2 - 2, "down"),
            )
        )
    return drawing((TALL, 12 + 3 * pitch + 40), _told(found), *parts, class_="drawing-tall")


def _across(pads: tuple[float, float], name: str, words: str) -> list[str]:
    """An arrow between two layers, its tensor above it."""
    left, right = pads[0] + 4, pads[1] + 4
    shaft = moved(-right, 0, line((left + right, AXIS), ("100%", AXIS), "arrow"))
    tensor = moved(
        (left - right) / 2,
        0,
        text(0, TENSORS, name, "t-small mid"),
        shape_chip(0, TENSORS + 8, words),
    )
    return [shaft, at(100, arrow_head(-right, AXIS)), at(50, tensor)]


def _down(top: float, name: str, words: str) -> str:
    """A tensor between two layers, one above the other."""
    return shape_chip(16, top, words, centred=False) + text(
        16 + 8 + mono_width(words, 12.5) + 14, top + 17, name, "t-small"
    )


def _box(layer: Layer) -> str:
    """A layer around (0, 0), with what is said of it below."""
    width, height = BOX
    box = rect(-width / 2, -height / 2, width, height, "s3-tint s3-line", rx=4)
    words = text(0, -5, layer.name, "t-code mid") + text(0, 16, layer.holds, "t-small mid")
    notes = [
        text(
            0,
            height / 2 + 20 + 18 * row,
            note,
            "t-code mid" if note[0].isdigit() and "%" not in note else "t-small mid",
        )
        for row, note in enumerate(layer.notes)
    ]
    return box + words + "".join(notes)


def _told(found: Pass) -> Told:
    ways = [
        f"{name}, {layer.holds}, makes {shape} of it."
        for name, layer, shape in zip(
            (each.name for each in found.layers), found.layers, found.shapes[1:], strict=True
        )
    ]
    return Told(
        "Batch 1 through the layers of the model",
        " ".join(
            [
                f"A scaled batch of shape {found.shapes[0]} goes in.",
                *ways,
                found.layers[1].notes[0] + ".",
            ]
        ),
    )


def _pass(trace: Trace) -> Pass | None:
    wanted = ("first.scaled", "first.hidden", "first.logits")
    if not all(trace.has(name) for name in wanted):
        return None
    scaled, hidden, logits = (trace.tensor(name) for name in wanted)
    parts = [(part["name"], part["shape"]) for part in trace.document["layout"]]
    first, second = parts[:2], parts[2:]
    layers = (
        Layer(f"Linear({scaled.shape[1]}, {hidden.shape[1]})", _holds(first), _names(first)),
        Layer("ReLU()", "0 parameters", (_zeros(hidden),)),
        Layer(f"Linear({hidden.shape[1]}, {logits.shape[1]})", _holds(second), _names(second)),
    )
    return Pass(layers, tuple(shape(each.shape) for each in (scaled, hidden, hidden, logits)))  # type: ignore[arg-type]


def _holds(parts: list[tuple[str, list[int]]]) -> str:
    return count(sum(math.prod(sizes) for _, sizes in parts), "parameter")


def _names(parts: list[tuple[str, list[int]]]) -> tuple[str, ...]:
    return tuple(f"{name} {shape(sizes)}" for name, sizes in parts)


def _zeros(hidden: Values) -> str:
    zeros = sum(value == 0 for value in hidden.flat)
    return f"{decimal(100 * zeros / len(hidden.flat), 1)}% of outputs are 0"
