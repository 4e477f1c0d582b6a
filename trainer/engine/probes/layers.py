"""A row through the model that a run had at some step, in plain Python.

For what probes and figures ask of single rows; whole data sets are PyTorch's business.
"""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.engine.trace import Trace, Values

CLOSE = 1e-4
"""Of all that is added up, so much may go into another order of adding it up."""

Row = Sequence[float]


@dataclass(frozen=True, slots=True)
class Layers:
    """Linear, ReLU, linear: weights (outputs, inputs) and biases (outputs,)."""

    weight1: Values
    bias1: Row
    weight2: Values
    bias2: Row

    @classmethod
    def of(cls, trace: Trace, parameters: Values) -> "Layers":
        """Parameters, flat, taken apart in the layout of the run."""
        parts, start = [], 0
        for each in trace.document["layout"]:
            shape = tuple(each["shape"])
            end = start + math.prod(shape)
            parts.append(Values(shape, parameters.flat[start:end]))
            start = end
        weight1, bias1, weight2, bias2 = parts
        return cls(weight1, bias1.flat, weight2, bias2.flat)

    def sums(self, row: Row) -> list[float]:
        """What each hidden unit gives before ReLU."""
        return _linear(self.weight1, self.bias1, row)

    def hidden(self, row: Row) -> list[float]:
        """What each hidden unit hands on."""
        return [max(value, 0.0) for value in self.sums(row)]

    def logits(self, row: Row) -> list[float]:
        """A score per class."""
        return _linear(self.weight2, self.bias2, self.hidden(row))


def first_pass(trace: Trace) -> tuple[Values, Layers] | None:
    """The rows that went into the model in step 1, and the model that they met.

    None where there was no forward pass, or one of a model that had moved already, or of numbers
    that are not finite.
    """
    if not (trace.has("first.hidden") and trace.has("kept_steps") and trace.has("parameters")):
        return None
    if trace.tensor("kept_steps").flat[0] != 0:
        return None
    rows = trace.tensor("first.scaled" if trace.has("first.scaled") else "first.x")
    layers = Layers.of(trace, trace.tensor("parameters")[0])
    return (rows, layers) if _made(layers, rows[0].flat, trace.tensor("first.hidden")[0]) else None


def _made(layers: Layers, row: Row, hidden: Values) -> bool:
    size = 1.0 + math.fsum(abs(value) for value in row)
    return all(
        abs(mine - found) <= CLOSE * size
        for mine, found in zip(layers.hidden(row), hidden.flat, strict=True)
    )


def _linear(weight: Values, bias: Row, row: Row) -> list[float]:
    return [dot(line.flat, row) + start for line, start in zip(weight, bias, strict=True)]


def dot(one: Row, other: Row) -> float:
    """Products of two rows of one length, added up."""
    return math.fsum(map(operator.mul, one, other))


def softmax(logits: Row) -> list[float]:
    """Probabilities of finite logits."""
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    whole = math.fsum(powers)
    return [power / whole for power in powers]
