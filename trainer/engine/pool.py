"""Tensors as strict JSON, each of them once: whoever shows one says its place."""

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from trainer.engine.replay import plain
from trainer.engine.state import Seen
from trainer.engine.trace import number

MOST = 2_600
"""Numbers of a tensor that are told; of a larger one its first rows."""
MATRIX = 2


@dataclass(slots=True)
class Pool:
    """values: shape, dtype, the numbers that are told, and the length of all of them."""

    values: list[dict[str, Any]] = field(default_factory=list)
    _places: dict[tuple[str, tuple[int, ...], bytes], int] = field(default_factory=dict)

    def place(self, seen: Seen) -> int | None:
        """Where the numbers of a tensor are; None for what is none."""
        if seen.copy is None:
            return None
        key = (seen.dtype, seen.shape, seen.bits)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(_told(seen.copy, seen.dtype))
        return self._places[key]


def _told(tensor: Tensor, dtype: str) -> dict[str, Any]:
    # In memory of its own: where a tensor begins may decide over the last bits of a sum.
    length = torch.linalg.vector_norm(tensor.double()).item()
    return {
        "shape": list(tensor.shape),
        "dtype": dtype,
        "numbers": plain(_part(tensor)),
        "norm": number(length),
    }


def _part(tensor: Tensor) -> Tensor:
    """The first rows that fit, and of rows that are too long their beginning."""
    if tensor.numel() <= MOST:
        return tensor
    if tensor.ndim < MATRIX:
        return tensor[:MOST]
    wide = math.prod(tensor.shape[1:])
    return tensor.flatten(1)[: max(1, MOST // wide), :MOST]
