"""Small trace documents made by hand: only what observations and loss probes read."""

import math
from collections.abc import Sequence
from itertools import count
from typing import Any

from trainer.engine.trace import Document, number

Losses = Sequence[float | None]


def document(
    *epochs: Losses, rows: int = 100, classes: int = 3, error: dict[str, Any] | None = None
) -> Document:
    """A document whose epochs have these batch losses, all batches of the same size."""
    numbers = count(1)
    steps, figures = [], []
    for epoch, losses in enumerate(epochs, 1):
        steps += [
            {
                "step": next(numbers),
                "epoch": epoch,
                "batch": batch,
                "rows": rows,
                "loss": spelled(loss),
            }
            for batch, loss in enumerate(losses, 1)
        ]
        figures.append({"epoch": epoch, "running_loss": spelled(mean(losses))})
    data = {"classes": classes}
    return {"steps": steps, "epochs": figures, "error": error, "data": data}


def mean(losses: Losses) -> float | None:
    known = [loss for loss in losses if loss is not None]
    return sum(known) / len(known) if known and len(known) == len(losses) else None


def spelled(value: float | None) -> float | str | None:
    return None if value is None else number(value)


def flat(value: float, batches: int = 1) -> list[float]:
    """An epoch whose batches all have the same loss, so that it says nothing about batches."""
    return [value] * batches


NAN, INF = math.nan, math.inf
