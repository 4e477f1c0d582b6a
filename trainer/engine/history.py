"""The parameters of a run's model, step by step.

Kept as bytes, read through views of the live memory: that is a third of what a copy by PyTorch
costs, and the loop is watched at every step.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

Layout = list[tuple[str, tuple[int, ...]]]
"""Name and shape of each parameter, in the model's order."""

BLOCK = 2**20
"""Bytes after which a new block begins: one that grew without end would be moved about."""


@dataclass(slots=True)
class History:
    """Rows of P numbers: all parameters, flat, after step `first`, `first` + 1, ...

    `first` is 0, before training, unless the program makes its model later. `live` are the
    parameters themselves.
    """

    first: int = 0
    layout: Layout = field(default_factory=list)
    live: list[nn.Parameter] = field(default_factory=list)
    _model: object = None
    _views: list[memoryview] = field(default_factory=list)
    _blocks: list[bytearray] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether no model was met so far."""
        return not self._blocks

    def follow(self, model: object) -> bool:
        """Look at what the name `model` stands for now; whether a program has bound it anew."""
        if model is self._model:
            return False
        named = list(model.named_parameters()) if isinstance(model, nn.Module) else []
        self._model, self.live = model, [parameter for _, parameter in named]
        self._views = [each.detach().numpy().data for each in self.live]
        self.layout = [(name, tuple(parameter.shape)) for name, parameter in named]
        return True

    def keep(self, step: int) -> None:
        """Copy the parameters of the model as they are after a step."""
        if not self._views:
            return
        if not self._blocks:
            self.first = step
        if not self._blocks or len(self._blocks[-1]) >= BLOCK:
            self._blocks.append(bytearray())
        self._blocks[-1] += b"".join(self._views)

    def rows(self) -> list[Tensor]:
        """Everything kept, a vector (P,) for each step from `first`: to be asked for at the end."""
        size = sum(parameter.numel() for parameter in self.live)
        blocks = (torch.frombuffer(block, dtype=torch.float32) for block in self._blocks)
        return [row for block in blocks for row in block.view(-1, size).unbind()]
