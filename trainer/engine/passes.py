"""The passes of a run: what each step held on to, and the numbers that it comes to.

A loop hands over results; they are held and read many at a time, because an operation between
two steps finds cold caches. No line of the vocabulary writes into a result that it has bound
to a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import torch
from torch import Tensor

HOLD_PASSES, HOLD_NUMBERS = 64, 64 * 100 * 16
"""Passes, and hidden values in them, to hold at a time: what stays of a pass breaks up the memory
that its large tensors leave."""


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
    """Logits (n, classes) and labels (n,), where they fit."""
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
    counts = [len(y) for _, (_, y) in found]
    for (each, _), count, end in zip(found, counts, accumulate(counts), strict=True):
        each.hits, each.scored = hits.count(True, end - count, end), None


def read_gradients(passes: Sequence[Pass]) -> None:
    """Measure the gradients of each; all of them are of one model, if not of all its parameters."""
    holding = [each for each in passes if each.gradients]
    for _, alike in groupby(holding, key=lambda each: [one.shape for one in each.gradients]):
        _read_alike(list(alike))


def _read_alike(holding: Sequence[Pass]) -> None:
    parameters = zip(*(each.gradients for each in holding), strict=True)
    rows = torch.cat([torch.stack(every).flatten(1) for every in parameters], dim=1)
    norms = torch.linalg.vector_norm(rows, dim=1).tolist()
    for each, norm in zip(holding, norms, strict=True):
        each.grad_norm, each.gradients = norm, ()


def fits(logits: Tensor, y: Tensor, classes: int) -> bool:
    """Whether these are scores (n, classes) and whole labels (n,), so that hits can be counted."""
    return y.ndim == 1 and logits.shape == (len(y), classes) and y.dtype == torch.int64


def number_in(value: object) -> float | None:
    """A number, or the one in a tensor of one element; None for anything else."""
    if isinstance(value, int | float):
        return float(value)
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else None
