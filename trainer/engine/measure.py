"""Figures measured on stored parameters: the ends of epochs, the layers of a forward pass.

Measured after the program has ended, in eval mode, without gradients and with the run's own
scaler, so that nothing of the run is changed by it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear
from torch.nn.utils import vector_to_parameters

from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.recorder import Layout


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
    sizes = [torch.Size(shape).numel() for _, shape in layout]
    parts = zip(torch.split(flat, sizes), layout, strict=True)
    weight1, bias1, weight2, bias2 = (part.view(shape) for part, (_, shape) in parts)
    before_relu = linear(scaled, weight1, bias1)
    hidden = before_relu.relu()
    return Layers(before_relu, hidden, linear(hidden, weight2, bias2))


@torch.no_grad()
def epoch_ends(
    model: nn.Module, ends: list[Tensor], scale: MinMaxScaler, train: Rows, heldout: Rows
) -> list[EpochEnd]:
    """Figures under the parameters at each epoch's end; the model is left with the last of them."""
    scaled = torch.cat([scale(train.x), scale(heldout.x)])
    labels = torch.cat([train.y, heldout.y])
    model.eval()
    every = []
    for flat in ends:
        vector_to_parameters(flat, model.parameters())
        every.append(model(scaled))
    logits = torch.stack(every)
    losses = cross_entropy(logits.transpose(1, 2), labels.expand(len(ends), -1), reduction="none")
    hits = logits.argmax(dim=2) == labels
    sizes = [len(train), len(heldout)]
    parts = zip(torch.split(losses, sizes, 1), torch.split(hits, sizes, 1), strict=True)
    columns = [(loss.mean(dim=1), hit.double().mean(dim=1)) for loss, hit in parts]
    figures = torch.stack([column for pair in columns for column in pair], dim=1)
    return [EpochEnd(*row) for row in figures.tolist()]
