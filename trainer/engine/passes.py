"""The passes of a run: what each step held on to, and the numbers that it comes to.

A loop hands over results; they are held and read many at a time, because an operation between
two steps finds cold caches. No line of the vocabulary writes into a result that it has bound
to a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from torch import Tensor

HOLD_AT_MOST = 16
"""Passes to hold at a time: small tensors that stay break up the memory between them."""


@dataclass(slots=True)
class Pass:
    """One pass of the innermost loop body: a step. What it did not reach is None.

    hits: rows whose largest logit was at the label. grad_norm: length of all gradients
    together ahead of the update. Both, and the loss, are there once they were `read`.
    """

    epoch: int
    batch: int
    rows: int
    loss: float | None = None
    hits: int | None = None
    grad_norm: float | None = None
    held_loss: Tensor | None = None
    held_logits: Tensor | None = None
    held_labels: Tensor | None = None
    held_gradient: Tensor | None = None

    @property
    def comparable(self) -> tuple[Tensor, Tensor] | None:
        """Logits (rows, classes) and labels (rows,), if it has both and they fit."""
        logits, labels = self.held_logits, self.held_labels
        if logits is None or labels is None or labels.shape != logits.shape[:1]:
            return None
        return logits, labels


def read(passes: Sequence[Pass]) -> None:
    """Turn what the passes hold into their numbers, and let go of it."""
    _read_hits(passes)
    for each in passes:
        each.loss = number_in(each.held_loss)
        if each.held_gradient is not None:
            each.grad_norm = torch.linalg.vector_norm(each.held_gradient).item()
        each.held_loss = each.held_logits = each.held_labels = each.held_gradient = None


def _read_hits(passes: Sequence[Pass]) -> None:
    found = [(each, pair) for each in passes if (pair := each.comparable)]
    if not found:
        return
    labels = [labels for _, (_, labels) in found]
    right = torch.cat([logits for _, (logits, _) in found]).argmax(dim=1) == torch.cat(labels)
    starts = [0, *accumulate(len(each) for each in labels)][:-1]
    counts = np.add.reduceat(right.numpy(), starts, dtype=np.int64).tolist()
    for (each, _), hits in zip(found, counts, strict=True):
        each.hits = hits


def number_in(value: object) -> float | None:
    """The number in a tensor of one element; None for anything else."""
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else None
