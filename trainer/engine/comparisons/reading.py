"""What comparisons read from a trace. NaN stands for what the run did not reach."""

import math
from typing import Any

from trainer.engine.trace import Trace, Values, as_float


def number(value: float | str | None) -> float:
    """A figure of the document; NaN where it is none or was not measured."""
    found = as_float(value)
    return math.nan if found is None else found


def of_step(trace: Trace, index: int, name: str) -> float:
    """A figure of one step, counted from 0, or from -1 at the end."""
    return number(_at(trace.document["steps"], index).get(name))


def of_epoch(trace: Trace, index: int, name: str) -> float:
    """A figure of one epoch, in the same way."""
    return number(_at(trace.document["epochs"], index).get(name))


def evaluated(trace: Trace, index: int, name: str) -> float:
    """What the program's own lines found after an epoch."""
    return number(_at(trace.document["epochs"], index).get("evaluation", {}).get(name))


def losses(trace: Trace) -> list[float]:
    """The loss of each step."""
    return [number(step["loss"]) for step in trace.document["steps"]]


def ratio(above: float, below: float) -> float:
    """NaN where there is nothing to divide by."""
    return above / below if below else math.nan


def tensor(trace: Trace, name: str) -> Values | None:
    """A recorded tensor, where the run came to it."""
    return trace.tensor(name) if trace.has(name) else None


def _at(rows: list[dict[str, Any]], index: int) -> dict[str, Any]:
    return rows[index] if -len(rows) <= index < len(rows) else {}
