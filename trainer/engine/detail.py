"""One step in full: copies of every tensor that it binds, and what lies behind them.

All other steps keep numbers alone; any of them comes back in full by running again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

from trainer.engine.history import History
from trainer.engine.layout import reads
from trainer.engine.passes import fits

REBOUND = {"x": "scaled", "y": "labels"}
"""What the batch's own names are called once a line has bound them anew."""


@dataclass(slots=True)
class Detail:
    """Tensors of step `step` by name: rows, x, y, scaled, hidden, logits, loss, gradients, ..."""

    step: int
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def begin(self, names: dict[str, Any]) -> None:
        """Copy the batch as it was dealt, and which rows it is made of."""
        x, y = names.get("x"), names.get("y")
        if isinstance(x, Tensor) and isinstance(y, Tensor):
            dealt = torch.tensor(names["train"].dealt, dtype=torch.int64)
            self.tensors |= {"rows": dealt, "x": x.clone(), "y": y.clone()}

    def bound(self, names: dict[str, Any], binds: frozenset[str], history: History) -> None:
        """Copy what a line has bound; behind logits, look into the model as it is now."""
        for name in binds:
            if isinstance(value := names[name], Tensor):
                self.tensors[_kept_as(name, value, names)] = value.detach().clone()
        if "logits" in self.tensors.keys() & binds:
            self.tensors |= dict(self._behind_logits(names, history))

    def _behind_logits(
        self, names: dict[str, Any], history: History
    ) -> Iterator[tuple[str, Tensor]]:
        """Hidden activations (rows, hidden) and loss per row (rows,), where there are such."""
        x, y, logits = names["x"], names["y"], self.tensors["logits"]
        if reads(history.live_layout, names["features"], names["classes"]):
            weight, bias, *_ = (each.detach() for each in history.live)
            yield "hidden", linear(x, weight, bias).relu()
        if fits(logits, y, names["classes"]) and y.min() >= 0 and y.max() < names["classes"]:
            yield "row_losses", cross_entropy(logits, y, reduction="none")


def _kept_as(name: str, value: Tensor, names: dict[str, Any]) -> str:
    """Logits are scores, one per class and row; what else has that name is an output."""
    scores = value.ndim == 2 and value.shape[1] == names["classes"] and value.is_floating_point()  # noqa: PLR2004
    if name == "logits" and not scores:
        return "output"
    return REBOUND.get(name, name)
