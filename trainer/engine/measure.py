"""Figures measured on stored parameters: the ends of epochs, the layers of a forward pass.

Measured with the run's own model and scaler, in eval mode, without gradients; nothing of
the run is changed by it.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from trainer.engine.pieces import MinMaxScaler, Rows

Layout = list[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Layers:
    """A forward pass in its layers: hidden before and after ReLU (n, hidden), logits (n, classes)."""

    before_relu: Tensor
    hidden: Tensor
    logits: Tensor


def unflatten(flat: Tensor, layout: Layout) -> dict[str, Tensor]:
    """One recorded row of parameters, shape (P,), as named tensors (views of it)."""
    sizes = [torch.Size(shape).numel() for _, shape in layout]
    parts = flat.split(sizes)
    return {name: part.view(shape) for part, (name, shape) in zip(parts, layout, strict=True)}


def forward(model: nn.Module, flat: Tensor, layout: Layout, scaled: Tensor) -> Tensor:
    """Logits (n, classes) of scaled rows (n, features) under recorded parameters."""
    with torch.no_grad():
        logits: Tensor = functional_call(model, unflatten(flat, layout), (scaled,))
    return logits


def layers(flat: Tensor, layout: Layout, scaled: Tensor) -> Layers:
    """The same forward pass, layer by layer, for linear, ReLU, linear."""
    weight1, bias1, weight2, bias2 = unflatten(flat, layout).values()
    before_relu = F.linear(scaled, weight1, bias1)
    hidden = before_relu.relu()
    return Layers(before_relu, hidden, F.linear(hidden, weight2, bias2))


def epoch_end(
    model: nn.Module, flat: Tensor, layout: Layout, scale: MinMaxScaler, sets: tuple[Rows, Rows]
) -> dict[str, float]:
    """Loss and accuracy on the training and on the held-out rows, under these parameters."""
    figures: dict[str, float] = {}
    for prefix, rows in zip(("", "heldout_"), sets, strict=True):
        logits = forward(model, flat, layout, scale(rows.x))
        figures[f"{prefix}loss"] = F.cross_entropy(logits, rows.y).item()
        hits = int((logits.argmax(dim=1) == rows.y).sum().item())
        figures[f"{prefix}accuracy"] = hits / len(rows)
    return figures
