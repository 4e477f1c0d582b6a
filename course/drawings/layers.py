"""A batch through the layers of the model: tensors between them, parameters in them."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import at, over
from course.drawings.numerals import count, decimal, shape
from course.drawings.svg import (
    Told,
    arrow_head,
    drawing,
    line,
    mono_width,
    moved,
    rect,
    shape_chip,
    text,
)
from trainer.engine.trace import Trace, Values

WIDTH, HEIGHT = 130, 58
"""Size of a layer's box."""
AXIS, FOOT = 100, 190
STOPS = (3.0, 27.0, 50.0, 73.0, 97.0)
TALL, TENSOR, LAYER, TOP = 286, 58, 130, 14


@dataclass(frozen=True, slots=True)
class Tensor:
    """What goes from one layer to the next."""

    name: str
    shape: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as PyTorch names it, how many parameters it holds, and words with their class."""

    name: str
    holds: str
    notes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pass:
    """A forward pass: each layer stands between two tensors."""

    tensors: list[Tensor]
    layers: list[Layer]
    zeros: str


def forward_layers_wide(trace: Trace) -> SafeString:
    """As wide as its frame, from 640 px on. "" where the run made no forward pass."""
    found = _pass(trace)
    if found is None:
        return SafeString()
    boxes = [
        at(place, moved(0, AXIS, _box(layer)))
        for place, layer in zip(STOPS[1:], found.layers, strict=False)
    ]
    arrows = [
        over((start, end), *_across(tensor, after=start > STOPS[0], before=end < STOPS[-1]))
        for start, end, tensor in zip(STOPS, STOPS[1:], found.tensors, strict=False)
    ]
    return drawing(("100%", FOOT), _told(found), *arrows, *boxes, class_="drawing-wide")


def forward_layers_tall(trace: Trace) -> SafeString:
    """286 px wide, for phones."""
    found = _pass(trace)
    if found is None:
        return SafeString()
    pitch, middle = TENSOR + LAYER, TALL / 2
    tensors = [
        moved(middle, TOP + pitch * row, _standing(tensor))
        for row, tensor in enumerate(found.tensors)
    ]
    layers = [
        moved(middle, TOP + pitch * row + TENSOR + HEIGHT / 2, _box(layer), _down())
        for row, layer in enumerate(found.layers)
    ]
    size = (TALL, TOP + pitch * len(layers) + 24 + TOP)
    return drawing(size, _told(found), *tensors, *layers, class_="drawing-tall")


def _across(tensor: Tensor, *, after: bool, before: bool) -> list[str]:
    """An arrow with its tensor above, from the box after which and to the one before which."""
    left, right = (WIDTH / 2 + 4 if box else 0 for box in (after, before))
    shaft = moved(-right, 0, line((left + right, AXIS), ("100%", AXIS), "arrow"))
    name = text(0, 22, tensor.name, "t-small mid")
    named = moved((left - right) / 2, 0, name, shape_chip(0, 30, tensor.shape))
    return [shaft, at(100, arrow_head(-right, AXIS)), at(50, named)]


def _standing(tensor: Tensor) -> str:
    """A tensor between two layers, its name beside its shape."""
    aside = mono_width(tensor.shape, 12.5) / 2 + 16
    return shape_chip(0, 0, tensor.shape) + text(aside, 17, tensor.name, "t-small")


def _down() -> str:
    top = -HEIGHT / 2
    return line((0, top - TENSOR + 28), (0, top - 3), "arrow") + arrow_head(0, top - 3, "down")


def _box(layer: Layer) -> str:
    """A layer around (0, 0), with what is said of it below."""
    left, top = -WIDTH / 2, -HEIGHT / 2
    notes = [text(0, 20 - top + 18 * row, *note) for row, note in enumerate(layer.notes)]
    return (
        rect(left, top, WIDTH, HEIGHT, "s3-tint", rx=4)
        + rect(left, top, WIDTH, HEIGHT, "s3-line", rx=4)
        + text(0, -5, layer.name, "t-code mid")
        + text(0, 16, layer.holds, "t-small mid")
        + "".join(notes)
    )


def _told(found: Pass) -> Told:
    made = [
        f"{layer.name}, {layer.holds}, makes {tensor.name} of shape {tensor.shape}."
        for layer, tensor in zip(found.layers, found.tensors[1:], strict=True)
    ]
    first = f"Scaled rows of shape {found.tensors[0].shape} go in."
    return Told(
        "Batch 1 through the layers of the model", " ".join([first, *made, f"{found.zeros}."])
    )


def _pass(trace: Trace) -> Pass | None:
    wanted = ("first.scaled", "first.hidden", "first.logits")
    if not all(trace.has(name) for name in wanted):
        return None
    scaled, hidden, logits = (trace.tensor(name) for name in wanted)
    parts, zeros = trace.document["layout"], _zeros(hidden)
    tensors = [
        ("scaled x", scaled),
        ("before ReLU", hidden),
        ("hidden", hidden),
        ("logits", logits),
    ]
    return Pass(
        [Tensor(name, shape(values.shape)) for name, values in tensors],
        [
            _linear(scaled.shape[1], hidden.shape[1], parts[:2]),
            Layer("ReLU()", count(0, "parameter"), [(zeros, "t-small mid")]),
            _linear(hidden.shape[1], logits.shape[1], parts[2:]),
        ],
        zeros,
    )


def _linear(inputs: int, outputs: int, parts: list[dict[str, object]]) -> Layer:
    """A linear layer with its weight and bias as the model names them."""
    sizes = [tuple(map(int, part["shape"])) for part in parts]  # type: ignore[call-overload]
    names = [f"{part['name']} {size}" for part, size in zip(parts, sizes, strict=True)]
    holds = count(sum(map(math.prod, sizes)), "parameter")
    return Layer(f"Linear({inputs}, {outputs})", holds, [(name, "t-code mid") for name in names])


def _zeros(hidden: Values) -> str:
    """Share of zeros among what ReLU put out."""
    zeros = list(hidden.flat).count(0.0)
    return f"{decimal(100 * zeros / len(hidden.flat), 1)}% of outputs are 0"
