"""Bars that both layouts of the prediction drawing are made of."""

import math

from course.lessons.drawings.numerals import decimal, signed
from course.lessons.drawings.svg import line, rect, text

THIN = 16
"""Up to so many bars stand with their number beside them."""


def height_of(count: int, most: float) -> float:
    """Distance from one bar to the next in a column of bars that may be so tall."""
    return min(18.0, most / count)


def lying(values: list[float], names: list[str], room: tuple[float, float], class_: str) -> str:
    """Bars from a common left edge, longest as wide as the room; named and numbered if few."""
    width, height = room
    pitch, few = height_of(len(values), height), len(values) <= THIN
    start, most = (42.0, width - 42 - 46) if few else (0.0, width)
    longest = max((abs(value) for value in values if math.isfinite(value)), default=0) or 1.0
    parts = []
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        y = index * pitch
        long = abs(value) / longest * most if math.isfinite(value) else 0
        parts.append(rect(start, y + 2, long, max(pitch - 5, 1), class_))
        if few:
            parts.append(text(0, y + 12.5, name, "t-code"))
            parts.append(text(start + long + 6, y + 12.5, decimal(value), "t-code"))
    return "".join(parts)


def standing(values: list[float], room: tuple[float, float], class_: str) -> str:
    """Many bars on a floor, the tallest with its number."""
    width, height = room
    pitch = width / len(values)
    known = [value if math.isfinite(value) else 0.0 for value in values]
    tallest = max(known)
    bars = [
        rect(
            index * pitch,
            height - value / tallest * (height - 20),
            max(pitch - 1, 0.8),
            value / tallest * (height - 20),
            class_,
        )
        for index, value in enumerate(known)
        if value > 0
    ]
    top = known.index(tallest)
    side = "end" if top * pitch > width / 2 else ""
    number = (
        text(top * pitch + pitch / 2, 12, decimal(tallest), f"t-code {side}") if tallest > 0 else ""
    )
    ends = text(0, height + 16, "unit 0", "t-small") + text(
        width, height + 16, f"{len(values) - 1}", "t-small end"
    )
    return "".join(bars) + number + line((0, height), (width, height), "rule") + ends


def around_zero(values: list[float], strong: int, room: tuple[float, float]) -> str:
    """A line of words and a bar per class, to the left below zero and to the right above."""
    width, pitch = room
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    unit = width / ((high - low) or 1.0)
    zero = -low * unit
    parts = [line((zero, 0), (zero, pitch * len(values) - 6), "rule")]
    for index, value in enumerate(values):
        y = index * pitch
        parts.append(_named(index, signed(value), y, width, strong=index == strong))
        if math.isfinite(value):
            parts.append(
                rect(min(zero, zero + value * unit), y + 20, abs(value) * unit, _thick(pitch), "s3")
            )
    return "".join(parts)


def shares(values: list[float], strong: int, room: tuple[float, float]) -> str:
    """A line of words and a bar per class; the full width is 1."""
    width, pitch = room
    parts = []
    for index, value in enumerate(values):
        y = index * pitch
        parts.append(_named(index, decimal(value), y, width, strong=index == strong))
        parts.append(rect(0, y + 20, width, _thick(pitch), "sunk"))
        if math.isfinite(value):
            class_ = "ink" if index == strong else "ink-3"
            parts.append(rect(0, y + 20, value * width, _thick(pitch), class_))
    return "".join(parts)


def _thick(pitch: float) -> float:
    return 13 if pitch >= 44 else 7


def _named(index: int, value: str, y: float, width: float, *, strong: bool) -> str:
    name = text(0, y + 13, f"class {index}", "t-label" if strong else "")
    return name + text(width, y + 13, value, "t-code end")
