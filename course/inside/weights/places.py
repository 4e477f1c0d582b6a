"""The weights of a run by name and indices, as PyTorch has them."""

import math
from dataclasses import dataclass

from trainer.engine.layout import layout_of
from trainer.engine.trace import Trace, Values


@dataclass(frozen=True, slots=True)
class Parameter:
    """One tensor of the model as the run left it: its name, its shape, its numbers, flat."""

    name: str
    shape: tuple[int, ...]
    values: Values

    @property
    def rows(self) -> int:
        """Outputs of its layer."""
        return self.shape[0]

    @property
    def columns(self) -> int | None:
        """Inputs of its layer; a bias has none."""
        return self.shape[1] if len(self.shape) > 1 else None

    def value(self, row: int, column: int | None) -> float:
        """One of its numbers."""
        return self.values.flat[row if column is None else row * self.shape[1] + column]


@dataclass(frozen=True, slots=True)
class Place:
    """One weight: its tensor, and where in it. The column of a bias is None."""

    parameter: Parameter
    row: int
    column: int | None

    @property
    def indices(self) -> list[int]:
        """As many as its tensor has axes."""
        return [self.row] if self.column is None else [self.row, self.column]

    @property
    def name(self) -> str:
        """As Python would ask for it: `0.weight[3, 1]`."""
        return f"{self.parameter.name}[{', '.join(map(str, self.indices))}]"

    def query(self) -> list[tuple[str, str | int]]:
        """How the address of the page names it."""
        found: list[tuple[str, str | int]] = [("name", self.parameter.name), ("row", self.row)]
        return found if self.column is None else [*found, ("column", self.column)]


def parameters_of(trace: Trace) -> list[Parameter]:
    """Every tensor of the model; none where the run kept none."""
    if not trace.has("parameters"):
        return []
    return _parted(trace, trace.tensor("parameters")[-1])


def farthest(trace: Trace) -> Place:
    """The weight of the first tensor that moved farthest: not one that no update ever met."""
    parameter = parameters_of(trace)[0]
    start = _parted(trace, trace.tensor("parameters")[0])[0].values.flat
    moves = [abs(b - a) for a, b in zip(start, parameter.values.flat, strict=True)]
    known = [move if math.isfinite(move) else -1.0 for move in moves]
    flat = known.index(max(known))
    if parameter.columns is None:
        return Place(parameter, flat, None)
    return Place(parameter, *divmod(flat, parameter.columns))


def _parted(trace: Trace, values: Values) -> list[Parameter]:
    parts, start = [], 0
    for name, shape in layout_of(trace.document):
        end = start + math.prod(shape)
        parts.append(Parameter(name, shape, Values(shape, values.flat[start:end])))
        start = end
    return parts
