"""Any row through the layers of a run's model, at any epoch: a held-out row or one of one's own.

With the weights of both layers, so that every sum of products can be opened, and with what the
model would say of the row if one forgot to scale it.
"""

import math
from typing import Any

import torch
from safetensors.torch import load
from torch import Tensor

from trainer.engine import measure
from trainer.engine.data import rows_of
from trainer.engine.layout import layout_of
from trainer.engine.probes import spec_of
from trainer.engine.replay import NotReached, parameters_after, plain, scaler_of
from trainer.engine.trace import Trace

LARGEST = 1e6
"""No number that is typed in may be farther from zero."""


def through(trace: Trace, wanted: list[Any]) -> dict[str, Any]:
    """`wanted`: ["heldout", row, epoch] or ["typed", [a number per column], epoch].

    Epoch 0 is before training. raw, scaled (features,); hidden_before, hidden (units,); logits,
    probabilities (classes,); predicted; row and label of a held-out row, else None. unscaled: the
    last three for the row as it is. weight1 (units, features), bias1, weight2 (classes, units),
    bias2. Raises `NotReached`.
    """
    kind, which, epoch = wanted
    stored = load(trace.tensors)
    parameters, layout = parameters_after(trace, stored, epoch), layout_of(trace.document)
    raw, label = _heldout(trace, which) if kind == "heldout" else (_typed(trace, which), None)
    scaled = scaler_of(stored)(raw)
    passed = measure.layers(parameters, layout, scaled)
    found = {
        "raw": raw, "scaled": scaled, "hidden_before": passed.before_relu, "hidden": passed.hidden,
    }  # fmt: skip
    sizes = [math.prod(shape) for _, shape in layout]
    parts = zip(torch.split(parameters, sizes), layout, strict=True)
    weights = [plain(part.view(shape)) for part, (_, shape) in parts]
    return (
        {name: plain(tensor[0]) for name, tensor in found.items()}
        | _said(passed.logits)
        | {"row": which if kind == "heldout" else None, "label": label, "epoch": epoch}
        | {"unscaled": _said(measure.layers(parameters, layout, raw).logits)}
        | dict(zip(("weight1", "bias1", "weight2", "bias2"), weights, strict=True))
    )


def _heldout(trace: Trace, row: int) -> tuple[Tensor, int]:
    _, heldout = rows_of(spec_of(trace))
    if not 0 <= row < len(heldout):
        raise NotReached(f"The run has no held-out row {row}.")
    return heldout.x[row : row + 1], int(heldout.y[row])


def _typed(trace: Trace, values: list[float]) -> Tensor:
    fits = len(values) == trace.document["data"]["features"]
    if not fits or not all(abs(value) <= LARGEST for value in values):
        raise NotReached("No such row can be led through the model.")
    return torch.tensor([values], dtype=torch.float32)


def _said(logits: Tensor) -> dict[str, Any]:
    return {
        "logits": plain(logits[0]),
        "probabilities": plain(logits[0].softmax(dim=0)),
        "predicted": int(logits.argmax()),
    }
