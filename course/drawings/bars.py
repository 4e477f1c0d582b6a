"""Bars for the values of one row: each function gives SVG around its upper left corner.

The height that a drawing takes is given beside it, because layouts put things below it.
"""

import math
from dataclasses import dataclass

from course.drawings.heat import Table, sequential
from course.drawings.numerals import decimal, finite, signed
from course.drawings.svg import line, mono_width, moved, rect, text

FEW = 16
"""Up to so many bars stand with their number beside them."""
NAME, CODE = 42, 12.5
NAME_LINE = 18
CELL = 24
ROW, FLOOR = 18.0, 150
"""Height of a numbered bar, and of the tallest of many that stand side by side."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Drawn bars and how tall they are together."""

    svg: str
    height: float


def of_values(values: list[float], letter: str, width: float, class_: str) -> Bars:
    """Few values as lying bars with their numbers, many as bars that stand."""
    if len(values) > FEW:
        return _standing(values, letter, width, class_)
    numbers = [decimal(value) for value in values]
    room = width - NAME - 8 - max(mono_width(number, CODE) for number in numbers)
    unit = room / (max([0.0, *finite(values)]) or 1.0)
    parts = []
    for index, (value, number) in enumerate(zip(values, numbers, strict=True)):
        y, length = index * ROW, _length(value, unit)
        parts.append(text(0, y + 12.5, f"{letter}[{index}]", "t-code"))
        parts.append(rect(NAME, y + 2, length, 13, class_))
        parts.append(text(NAME + length + 6, y + 12.5, number, "t-code"))
    return Bars("".join(parts), ROW * len(values))


def picture(values: list[float], across: int, width: float) -> Bars:
    """A row that is a picture, cell by cell: nothing at 0, the full hue at 1."""
    table = Table([values[start : start + across] for start in range(0, len(values), across)])
    side = max(1, min(int(width) // across, CELL))
    wide, high = side * across, side * table.height
    drawn = sequential(table, (0, 0), (side, side), "h2", (0.0, 1.0))
    frame = rect(0, 0, wide, high, "s2-line")
    return Bars(rect(0, 0, wide, high, "card") + drawn + frame, high)


def around_zero(values: list[float], names: list[str], strong: int, width: float) -> Bars:
    """Words and a bar per class, to the left below zero and to the right above."""
    known, (pitch, top) = finite(values), _pitch(names)
    low, high = min([0.0, *known]), max([0.0, *known])
    unit = width / ((high - low) or 1.0)
    zero = -low * unit
    parts = []
    for index, value in enumerate(values):
        y, thick = index * pitch + top, _thickness(pitch)
        named = _named(index, names[index], signed(value), width, strong=index == strong)
        parts.append(moved(0, index * pitch, named))
        length = _length(abs(value), unit)
        parts.append(rect(zero - length if value < 0 else zero, y, length, thick, "s3"))
        parts.append(line((zero, y - 3), (zero, y + thick + 3), "rule"))
    return Bars("".join(parts), pitch * len(values))


def shares(values: list[float], names: list[str], strong: int, width: float) -> Bars:
    """Words and a bar per class; the full width is 1."""
    pitch, top = _pitch(names)
    parts = []
    for index, value in enumerate(values):
        y, thick = index * pitch + top, _thickness(pitch)
        named = _named(index, names[index], decimal(value), width, strong=index == strong)
        parts.append(moved(0, index * pitch, named))
        parts.append(rect(0, y, width, thick, "sunk"))
        class_ = "ink" if index == strong else "ink-3"
        parts.append(rect(0, y, _length(value, width), thick, class_))
    return Bars("".join(parts), pitch * len(values))


def _standing(values: list[float], letter: str, width: float, class_: str) -> Bars:
    """Bars side by side on a floor, the tallest with its number."""
    pitch, tallest = width / len(values), max([0.0, *finite(values)])
    heights = [_length(value, (FLOOR - 22) / (tallest or 1.0)) for value in values]
    bars = [
        rect(index * pitch, FLOOR - height, max(pitch - 1, 0.8), height, class_)
        for index, height in enumerate(heights)
        if height
    ]
    ends = text(0, FLOOR + 17, f"{letter}[0]", "t-code")
    ends += text(width, FLOOR + 17, f"{letter}[{len(values) - 1}]", "t-code end")
    floor = line((0, FLOOR), (width, FLOOR), "rule")
    number = _of_tallest(values, tallest, pitch) if tallest else ""
    return Bars("".join(bars) + floor + ends + number, FLOOR + 24)


def _of_tallest(values: list[float], tallest: float, pitch: float) -> str:
    index = values.index(tallest)
    side = "end" if index > len(values) / 2 else ""
    x = (index + 1) * pitch - 1 if side else index * pitch
    return text(x, 14, decimal(tallest), f"t-code {side}".strip())


def _length(value: float, unit: float) -> float:
    """No bar for what is not finite, or not above zero."""
    return value * unit if math.isfinite(value) and value > 0 else 0.0


def _pitch(names: list[str]) -> tuple[int, int]:
    """From one class to the next, and from its words to its bar; a name takes a line."""
    line = NAME_LINE if any(names) else 0
    return (50 if len(names) <= 4 else 36) + line, 20 + line


def _thickness(pitch: float) -> int:
    return 13 if pitch > 40 else 7


def _named(index: int, name: str, number: str, width: float, *, strong: bool) -> str:
    """A class and its number, below its name if it has one."""
    class_ = "t-label" if strong else ""
    y = 13 + (NAME_LINE if name else 0)
    above = text(0, 13, name, class_) if name else ""
    return above + text(0, y, f"class {index}", class_) + text(width, y, number, "t-code end")
