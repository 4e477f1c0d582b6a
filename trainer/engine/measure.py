"""Figures measured on stored parameters: the ends of epochs, the layers of a forward pass.

Measured after the program has ended, on what was kept of its model and with its own scaler,
so that nothing of the run is changed by it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

from trainer.engine.layout import Layout
from trainer.engine.pieces import Rows

Scaler = Callable[[Tensor], Tensor]
"""Maps raw rows (n, features) to what the model is given."""

ACTIVATIONS_AT_ONCE = 2**21
"""Epochs' ends are measured together while their activations are no more than these, 8 MB."""


@dataclass(frozen=True, slots=True)
class Layers:
    """A forward pass: before_relu and hidden are (n, hidden), logits (n, classes)."""

    before_relu: Tensor
    hidden: Tensor
    logits: Tensor


class EpochEnd(NamedTuple):
    """Mean loss and share of hits on the training rows and on the held-out rows."""

    loss: float
    accuracy: float
    heldout_loss: float
    heldout_accuracy: float


def layers(flat: Tensor, layout: Layout, scaled: Tensor) -> Layers:
    """Scaled rows (n, features) through linear, ReLU, linear under recorded parameters (P,)."""
    weight1, bias1, weight2, bias2 = _weights(flat, layout)
    before_relu = linear(scaled, weight1, bias1)
    hidden = before_relu.relu()
    return Layers(before_relu, hidden, linear(hidden, weight2, bias2))


def _weights(flat: Tensor, layout: Layout) -> list[Tensor]:
    """Parameters (..., P) in their own shapes, each in memory of its own.

    Where a matrix begins in memory may decide over the last bits of a product.
    """
    parts = torch.split(flat, [math.prod(shape) for _, shape in layout], dim=-1)
    shapes = [(*flat.shape[:-1], *shape) for _, shape in layout]
    own = [part.clone(memory_format=torch.contiguous_format) for part in parts]
    return [part.view(shape) for part, shape in zip(own, shapes, strict=True)]


def epoch_ends(
    ends: Sequence[Tensor], layout: Layout, scale: Scaler, train: Rows, heldout: Rows
) -> list[EpochEnd]:
    """Figures under the parameters at each epoch's end, (P,)."""
    columns = scale(torch.cat([train.x, heldout.x])).T.contiguous()
    labels = torch.cat([train.y, heldout.y])
    figures = []
    together = max(1, ACTIVATIONS_AT_ONCE // (layout[0][1][0] * len(labels)))
    for start in range(0, len(ends), together):
        some = torch.stack(list(ends[start : start + together]))
        logits = _logits(some, layout, columns)
        losses = cross_entropy(logits, labels.expand(len(some), -1), reduction="none")
        hits = logits.transpose(1, 2).contiguous().argmax(dim=2) == labels
        both = torch.stack([losses.double(), hits.double()])
        parts = [part.mean(dim=2) for part in torch.split(both, [len(train), len(heldout)], dim=2)]
        figures += torch.cat(parts).T.tolist()
    return [EpochEnd(*row) for row in figures]


def _logits(flat: Tensor, layout: Layout, columns: Tensor) -> Tensor:
    """Scaled rows as columns (features, n) under several parameters (k, P): (k, classes, n).

    Lying like this, the small matrices multiply three times as fast.
    """
    weight1, bias1, weight2, bias2 = _weights(flat, layout)
    every = columns.expand(len(flat), -1, -1)
    hidden = torch.baddbmm(bias1.unsqueeze(2), weight1, every).relu_()
    return torch.baddbmm(bias2.unsqueeze(2), weight2, hidden)


def silent_units(flat: Tensor, layout: Layout, scaled: Tensor) -> int | None:
    """Hidden units that are zero for every row; None where a parameter is not finite."""
    if not math.isfinite(flat.abs().max().item()):
        return None
    weight, bias, *_ = _weights(flat, layout)
    highest = linear(scaled, weight, bias).amax(dim=0)
    return int((highest <= 0).sum())
