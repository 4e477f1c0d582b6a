"""The parameters of a run's model, step by step.

Copied as bytes, through views of the live memory: that is a third of what a copy by PyTorch
costs, and the loop is watched at every step.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from trainer.engine.layout import Layout


@dataclass(slots=True)
class History:
    """All parameters, flat, after step `first`, `first` + 1, ...: `room` times at most.

    `first` is 0, before training, unless the program makes its model later, or makes one with
    other parameters: `layout` and rows are those of the last of them. `live` are the parameters
    themselves.
    """

    room: int
    first: int = 0
    layout: Layout = field(default_factory=list)
    live: list[nn.Parameter] = field(default_factory=list)
    live_layout: Layout = field(default_factory=list)
    _model: object = None
    _views: list[memoryview] = field(default_factory=list)
    _rows: Tensor | None = None
    _bytes: memoryview = field(default_factory=lambda: memoryview(b""))
    _end: int = 0

    @property
    def empty(self) -> bool:
        """Whether no model was met so far."""
        return self._rows is None

    def follow(self, model: object) -> bool:
        """Look at what the name `model` stands for now; whether a program has bound it anew."""
        if model is self._model:
            return False
        named = list(model.named_parameters()) if isinstance(model, nn.Module) else []
        self._model, self.live = model, [parameter for _, parameter in named]
        self._views = [each.detach().numpy().data for each in self.live]
        self.live_layout = [(name, tuple(parameter.shape)) for name, parameter in named]
        return True

    def forget(self) -> None:
        """A line has written to the model's name, or into it: what it holds must be asked anew."""
        self._model = None

    def keep(self, step: int) -> None:
        """Copy the parameters of the model as they are after a step."""
        if not self._views:
            return
        if self._rows is None or self.layout is not self.live_layout:
            self._begin(step)
        start, now = self._end, b"".join(self._views)
        self._end += len(now)
        self._bytes[start : self._end] = now

    def _begin(self, step: int) -> None:
        """Make room for all steps that there may be, unless the model is but another of its kind.

        Memory that nothing is written to is not taken.
        """
        known, self.layout = self.layout, self.live_layout
        if self._rows is None or known != self.layout:
            size = sum(parameter.numel() for parameter in self.live)
            self.first, self._end, self._rows = step, 0, torch.empty(self.room, size)
            self._bytes = self._rows.numpy().data.cast("B")

    @property
    def rows(self) -> Tensor:
        """Everything kept, (n, P): a row for each step from `first`."""
        if self._rows is None:
            return torch.empty(0, 0)
        return self._rows[: self._end // self._rows[0].nbytes]

    def has(self, step: int) -> bool:
        """Whether the parameters after that step were kept."""
        return 0 <= step - self.first < len(self.rows)

    def at(self, steps: list[int]) -> Tensor:
        """The parameters after each of these steps, which must have been kept: (len(steps), P)."""
        return self.rows.index_select(0, torch.tensor(steps) - self.first)
