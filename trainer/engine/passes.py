"""The passes of a run: what each step held on to, and the numbers that it comes to.

A loop hands over results; they are held and read many at a time, because an operation between
two steps finds cold caches. No line of the vocabulary writes into a result that it has bound
to a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor

HOLD_AT_MOST = 64
"""Passes to hold at a time: small tensors that stay break up the memory between them."""


@dataclass(slots=True)
class Pass:
    """One pass of the innermost loop body: a step. What it did not reach is None.

    hits: rows whose largest logit was at the label. grad_norm: length of all gradients
    together ahead of the update. Both are there once what the pass holds was `read`.
    """

    epoch: int
    batch: int
    rows: int
    loss: float | None = None
    hits: int | None = None
    grad_norm: float | None = None
    scored: tuple[Tensor, Tensor] | None = None
    """Logits (rows, classes) and labels (rows,)."""
    gradients: Sequence[Tensor] = ()


def read(passes: Sequence[Pass]) -> None:
    """Turn what the passes hold into their numbers, and let go of it."""
    read_hits(passes)
    read_gradients(passes)


def read_hits(passes: Sequence[Pass]) -> None:
    """Count the hits of each that scored its rows."""
    found = [(each, each.scored) for each in passes if each.scored]
    if not found:
        return
    scores = torch.cat([logits for _, (logits, _) in found])
    hits = (scores.argmax(dim=1) == torch.cat([y for _, (_, y) in found])).numpy().tobytes()
    ends = accumulate(each.rows for each, _ in found)
    for (each, _), end in zip(found, ends, strict=True):
        each.hits, each.scored = hits.count(True, end - each.rows, end), None


def read_gradients(passes: Sequence[Pass]) -> None:
    """Measure the gradients of each; all of them are of one model."""
    holding = [each for each in passes if each.gradients]
    if not holding:
        return
    parameters = zip(*(each.gradients for each in holding), strict=True)
    rows = torch.cat([torch.stack(every).flatten(1) for every in parameters], dim=1)
    norms = torch.linalg.vector_norm(rows, dim=1).tolist()
    for each, norm in zip(holding, norms, strict=True):
        each.grad_norm, each.gradients = norm, ()


def number_in(value: object) -> float | None:
    """The number in a tensor of one element; None for anything else."""
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else None
