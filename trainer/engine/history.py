"""The parameters of a run's model, step by step.

Kept as bytes in one growing buffer: read through views of the live memory, that is a third
of what a copy by PyTorch costs, and the loop is watched at every step.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

Layout = list[tuple[str, tuple[int, ...]]]
"""Name and shape of each parameter, in the model's order."""


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
    _kept: bytearray = field(default_factory=bytearray)

    @property
    def empty(self) -> bool:
        """Whether no model was met so far."""
        return not self._kept

    def follow(self, model: object) -> None:
        """Look at what the name `model` stands for now; a program may bind it anew."""
        if model is self._model:
            return
        named = list(model.named_parameters()) if isinstance(model, nn.Module) else []
        self._model, self.live = model, [parameter for _, parameter in named]
        self._views = [each.detach().numpy().data for each in self.live]
        self.layout = [(name, tuple(parameter.shape)) for name, parameter in named]

    def keep(self, model: object, step: int) -> None:
        """Copy the parameters of the model as they are after a step."""
        self.follow(model)
        if not self._kept:
            self.first = step
        self._kept += b"".join(self._views)

    @property
    def steps(self) -> range:
        """The step behind each row."""
        return range(self.first, self.first + len(self.rows()))

    def rows(self) -> Tensor:
        """Everything kept, (rows, P), sharing the buffer: to be asked for after the run."""
        if not self._kept:
            return torch.empty(0, 0)
        size = sum(parameter.numel() for parameter in self.live)
        return torch.frombuffer(self._kept, dtype=torch.float32).view(-1, size)

    def at(self, step: int) -> Tensor | None:
        """All parameters (P,) after a step; None where it did not end or had no model."""
        rows = self.rows()
        return rows[step - self.first] if 0 <= step - self.first < len(rows) else None
