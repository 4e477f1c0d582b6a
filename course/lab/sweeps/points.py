"""The points of a sweep as plain data: what each was, how it ended, what it measured."""

import math
from dataclasses import dataclass

from trainer.engine.observations import is_gone
from trainer.engine.trace import Trace, as_float
from trainer.models import Run, Sweep
from trainer.sweeps import Value


@dataclass(frozen=True, slots=True)
class Point:
    """One run of a sweep. loss, accuracy: at its end on the held-out rows, where there are such.

    why: in a sentence, if it did not come to a useful end.
    """

    run: Run
    value: Value
    seed: int
    trace: Trace | None
    loss: float | None
    accuracy: float | None
    why: str

    @property
    def measured(self) -> float | None:
        """Held-out accuracy as the page prints it, where the run came to its end."""
        if not self.run.is_whole or self.accuracy is None or not math.isfinite(self.accuracy):
            return None
        return round(self.accuracy, 3)


def points_of(sweep: Sweep) -> list[Point]:
    """Those that are over, by value and then by seed."""
    over = sweep.points.exclude(status=Run.Status.PENDING).select_related("trace")
    runs = list(over.defer("trace__tensors").order_by("place"))
    for run in runs:
        run.sweep = sweep
    values = len(sweep.values)
    runs.sort(key=lambda run: ((run.place or 0) % values, run.place))
    return [_point(run, sweep) for run in runs]


def _point(run: Run, sweep: Sweep) -> Point:
    value = sweep.values[(run.place or 0) % len(sweep.values)]
    trace = run.trace.numbers if run.trace else None
    epochs = trace.document["epochs"] if trace else []
    last = epochs[-1] if epochs else {}
    loss, accuracy = (as_float(last.get(f"heldout_{name}")) for name in ("loss", "accuracy"))
    return Point(run, value, run.spec["seed"], trace, loss, accuracy, _why(run, trace))


def _why(run: Run, trace: Trace | None) -> str:
    if trace is None:
        return run.reason
    document = trace.document
    if error := document["error"]:
        return f"Line {error['line']}: {error['type']}: {error['message']}"
    last = document["epochs"][-1] if document["epochs"] else None
    if last and is_gone(as_float(last["running_loss"]), document["data"]["classes"]):
        return str(last["observation"])
    return ""
