"""The numbers of charts, taken from traces: curves with gaps, bands over seeds, end labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.engine.trace import Trace, as_float

SEEDS_OF_A_BAND = 8
"""A spread of fewer runs than this says too little to be drawn."""

LARGE = 1e4
"""From here on decimals mean nothing."""

Band = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """Values over epochs or steps; a gap is None. `left`: where the first not-finite one is."""

    x: list[int]
    y: list[float | None]
    left: tuple[int, str] | None

    @property
    def known(self) -> list[float]:
        """The values that are drawn."""
        return [value for value in self.y if value is not None]

    @property
    def end(self) -> tuple[int, float] | None:
        """The last point that is drawn."""
        points = [(x, y) for x, y in zip(self.x, self.y, strict=True) if y is not None]
        return points[-1] if points else None


def over_epochs(trace: Trace, field: str) -> Curve | None:
    """One figure of each epoch. None where the run measured it in no epoch."""
    epochs = trace.document["epochs"]
    return _curve([each["epoch"] for each in epochs], [as_float(each[field]) for each in epochs])


def over_steps(trace: Trace) -> Curve | None:
    """The loss of each step's batch."""
    steps = trace.document["steps"]
    return _curve([each["step"] for each in steps], [as_float(each["loss"]) for each in steps])


def band_of(traces: Sequence[Trace], field: str) -> Band:
    """Smallest and largest value of each epoch over other seeds: pointwise, not a curve of a run.

    Empty for fewer than eight traces, and from the first epoch on in which one of them has no
    finite value.
    """
    if len(traces) < SEEDS_OF_A_BAND:
        return []
    band: Band = []
    for values in zip(*(_figures(trace, field) for trace in traces), strict=False):
        known = [value for value in values if value is not None and math.isfinite(value)]
        if len(known) < len(values):
            break
        band.append((short(min(known)), short(max(known))))
    return band


def short(value: float) -> float:
    """Six significant digits: more than a chart can show, fewer bytes than a double prints."""
    return float(f"{value:.6g}")


def written(value: float) -> str:
    """A value as a label prints it: three decimals, or its size where those would mean nothing."""
    return f"{value:.3f}" if abs(value) < LARGE else powered(value, 2)


def powered(value: float, digits: int) -> str:
    """A large value as 3.54e8."""
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    return f"{mantissa}e{int(power)}"


def _figures(trace: Trace, field: str) -> list[float | None]:
    return [as_float(each[field]) for each in trace.document["epochs"]]


def _curve(x: list[int], values: list[float | None]) -> Curve | None:
    if all(value is None for value in values):
        return None
    left = next(
        (
            (at, str(value))
            for at, value in zip(x, values, strict=True)
            if value is not None and not math.isfinite(value)
        ),
        None,
    )
    finite = [
        short(value) if value is not None and math.isfinite(value) else None for value in values
    ]
    return Curve(x, finite, left)
