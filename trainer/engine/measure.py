"""Figures measured on stored parameters: the ends of epochs, the layers of a forward pass.

Measured after the program has ended, in eval mode, without gradients and with the run's own
scaler, so that nothing of the run is changed by it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import vector_to_parameters

from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.recorder import Layout


@dataclass(frozen=True, slots=True)
class Layers:
    """A forward pass in its layers: hidden before and after ReLU (n, hidden), logits (n, classes)."""

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
    parts = zip(flat.split(sizes), layout, strict=True)
    weight1, bias1, weight2, bias2 = (part.view(shape) for part, (_, shape) in parts)
    before_relu = F.linear(scaled, weight1, bias1)
    hidden = before_relu.relu()
    return Layers(before_relu, hidden, F.linear(hidden, weight2, bias2))


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
    losses = F.cross_entropy(logits.transpose(1, 2), labels.expand(len(ends), -1), reduction="none")
    hits = logits.argmax(dim=2) == labels
    sizes = [len(train), len(heldout)]
    columns = [(part.mean(dim=1).tolist(), hit.sum(dim=1).tolist(), size) for part, hit, size in
               zip(losses.split(sizes, 1), hits.split(sizes, 1), sizes, strict=True)]  # fmt: skip
    (loss, hit, n), (heldout_loss, heldout_hit, m) = columns
    return [
        EpochEnd(loss[i], hit[i] / n, heldout_loss[i], heldout_hit[i] / m) for i in range(len(ends))
    ]
