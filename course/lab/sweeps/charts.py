"""Drawings of a sweep: a measure over what changes, and the curves of its runs."""

import math
from collections.abc import Sequence
from statistics import mean
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.log_axis import around
from course.drawings.named_axis import named
from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from course.lab.patterns import CLASSES, MOST
from course.lab.sweeps.points import Point
from trainer.figures.series import over_epochs, written
from trainer.models import Sweep
from trainer.pages import SETTINGS, value_of
from trainer.sweeps import Value

FAR_APART = 20.0
"""From this factor between the ends on, an axis is one of powers."""

NAMES = ("optimizer", "seed", "data_seed")
"""Settings between whose values there is no distance."""

Place = tuple[float, float]


def over_values(sweep: Sweep, points: Sequence[Point], measure: str) -> SafeString:
    """`accuracy` or `loss` at the end on the held-out rows, a dot per run; "" without a value.

    The line joins the means of the values; the band reaches from the lowest to the highest seed.
    """
    finite = [(point.value, number) for point in points if (number := _number(point, measure))]
    if not finite:
        return SafeString()
    x, place = _x(sweep)
    grouped = [(place(value), _of(finite, value)) for value in sorted(sweep.values, key=place)]
    grouped = [(at, numbers) for at, numbers in grouped if numbers]
    y = _y(measure, [number for _, number in finite])
    marks = [
        Marks(_band(grouped), "band") if len(sweep.seeds) > 1 else None,
        Marks([(at, mean(numbers)) for at, numbers in grouped], "line") if _joins(sweep) else None,
        Marks([(at, each) for at, numbers in grouped for each in numbers], "hollow", kind="dots"),
        Marks(_lost(points, measure, place, y), "lost", kind="dots"),
    ]
    title = f"Held-out {measure} by {SETTINGS[sweep.setting].lower()}"
    told = Told(title, _told(grouped, sweep))
    return plot(told, x, y, [each for each in marks if each is not None and each.points])


def curves(sweep: Sweep, points: Sequence[Point], field: str = "running_loss") -> SafeString:
    """A figure of every value's first seed over the epochs; "" where no run measured it."""
    firsts = [p for p in points if p.trace and (p.run.place or 0) < len(sweep.values)]
    found = [(p, c) for p in firsts if p.trace and (c := over_epochs(p.trace, field)) and c.known]
    if not found:
        return SafeString()
    values = [value for _, curve in found for value in curve.known]
    few, ends = len(found) <= MOST, [curve.known[-1] for _, curve in found]
    marks = [
        Marks(
            [(x, math.nan if y is None else y) for x, y in zip(curve.x, curve.y, strict=True)],
            CLASSES[at] if few else CLASSES[-1],
            label=f"{value_of(point.value)}: {written(ends[at])}"
            if few or ends[at] in (min(ends), max(ends))
            else "",
        )
        for at, (point, curve) in enumerate(found)
    ]
    epochs = max(curve.x[-1] for _, curve in found)
    x = Axis("epoch", 1 - 0.02 * epochs, epochs * 1.02, whole=True)
    title = f"Running loss of every {SETTINGS[sweep.setting].lower()}"
    said = "; ".join(
        f"{value_of(point.value)}: from {written(curve.known[0])} to {written(curve.known[-1])}"
        for point, curve in found
    )
    return plot(Told(title, said), x, _y("loss", values), marks)


def _number(point: Point, measure: str) -> float | None:
    value = point.accuracy if measure == "accuracy" else point.loss
    return value if value is not None and math.isfinite(value) else None


def _of(finite: Sequence[tuple[Value, float]], value: Value) -> list[float]:
    return [number for each, number in finite if each == value]


def _x(sweep: Sweep) -> tuple[Axis, Any]:
    """The axis of what changes, and where a value stands on it."""
    label = SETTINGS[sweep.setting]
    if sweep.setting in NAMES:
        names = tuple(value_of(value) for value in sweep.values)
        return named(label, names), lambda value: float(sweep.values.index(value))
    low, high = min(sweep.values), max(sweep.values)
    if sweep.setting == "lr" or high / low >= FAR_APART:
        return around(label, sweep.values), float
    room = (high - low) * 0.04
    return Axis(label, low - room, high + room, whole=sweep.setting != "lr"), float


def _joins(sweep: Sweep) -> bool:
    return sweep.setting not in NAMES


def _y(measure: str, values: Sequence[float]) -> Axis:
    if measure == "accuracy":
        return Axis("accuracy", max(0.0, math.floor(min(values) * 5) / 5), 1.0)
    high = max(values)
    if min(values) > 0 and high / min(values) > FAR_APART * 5:
        return around("loss", list(values))
    return Axis("loss", min(0.0, *values), high * 1.08 if high > 0 else 1.0)


def _band(grouped: Sequence[tuple[float, list[float]]]) -> list[Place]:
    """There along the highest, back along the lowest."""
    there = [(at, max(numbers)) for at, numbers in grouped]
    return [*there, *((at, min(numbers)) for at, numbers in reversed(grouped))]


def _lost(points: Sequence[Point], measure: str, place: Any, y: Axis) -> list[Place]:  # noqa: ANN401
    """Runs without a finite figure, at the foot."""
    return [(place(p.value), y.low) for p in points if _number(p, measure) is None]


def _told(grouped: Sequence[tuple[float, list[float]]], sweep: Sweep) -> str:
    ordered = sorted(sweep.values, key=_x(sweep)[1])
    told = zip(ordered, grouped, strict=False)
    return "; ".join(f"{value_of(v)}: {written(mean(numbers))}" for v, (_, numbers) in told)
