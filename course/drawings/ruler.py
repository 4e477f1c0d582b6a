"""One value on its way through the scaler, on a ruler of its column and on one from 0 to 1."""

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.numerals import MINUS, decimal
from course.drawings.svg import Told, arrow_head, drawing, line, moved, tag, text
from trainer.engine.trace import Trace

SIDES = (5.0, 95.0)
UPPER, LOWER, HEIGHT = 64, 140, 256
DIGITS, MOST_DIGITS = 3, 8
PRECISION = 60
"""Digits that hold any float32 with those behind its point."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """A value, its column's bounds and what the scaler made of it, as texts that add up.

    above = value - low, below = high - low, scaled = above / below, each as printed.
    """

    column: int
    value: str
    low: str
    high: str
    above: str
    below: str
    scaled: str
    share: float

    @property
    def lines(self) -> tuple[str, str, str]:
        """The arithmetic, a line each."""
        return (
            f"{self.value} {MINUS} {_bracketed(self.low)} = {self.above}",
            f"{self.high} {MINUS} {_bracketed(self.low)} = {self.below}",
            f"{self.above} / {self.below} = {self.scaled}",
        )


def scaling_steps(trace: Trace, row: int = 0, column: int = 0) -> Scaling | None:
    """The arithmetic of one value of batch 1. None where the run did not scale a finite value."""
    if not all(trace.has(name) for name in ("first.x", "first.scaled", "low", "high")):
        return None
    value, scaled = (trace.tensor(name)[row].flat[column] for name in ("first.x", "first.scaled"))
    low, high = (trace.tensor(name).flat[column] for name in ("low", "high"))
    if not all(map(math.isfinite, (value, low, high))):
        return None
    with localcontext(prec=PRECISION):
        return _steps(column, (value, low, high), scaled)


def scaling_ruler(trace: Trace, row: int = 0, column: int = 0) -> SafeString:
    """As wide as its frame, from 260 px on. "" where the run did not scale that value."""
    steps = scaling_steps(trace, row, column)
    if steps is None:
        return SafeString()
    name = f"x[{column}]"
    told = Told(
        f"{name} of one row, before and after scaling",
        f"{steps.value} lies between the column's low {steps.low} and high {steps.high}. "
        f"{'. '.join(steps.lines)}.",
    )
    rulers = (
        over(SIDES, _ruler(UPPER, f"{name}, raw", (steps.low, steps.high))),
        over(SIDES, _ruler(LOWER, f"{name}, scaled", ("0", "1"), below=True)),
        over(SIDES, _value(steps)),
        over(
            SIDES, *(text(0, 208 + 20 * n, words, "t-code") for n, words in enumerate(steps.lines))
        ),
    )
    return drawing(("100%", HEIGHT + 8), told, *rulers)


def _steps(column: int, raw: tuple[float, float, float], scaled: float) -> Scaling:
    """Printed with as many digits as it takes for the printed arithmetic to hold."""
    shown = decimal(scaled)
    for digits in range(DIGITS, MOST_DIGITS + 1):
        value, low, high = (round(Decimal(number), digits) for number in raw)
        above, below = value - low, high - low
        if below and decimal(float(above / below)) == shown:
            break
    return Scaling(
        column=column,
        value=_printed(value),
        low=_printed(low),
        high=_printed(high),
        above=_printed(above),
        below=_printed(below),
        scaled=shown,
        share=scaled,
    )


def _printed(number: Decimal) -> str:
    return f"{number:,f}".replace("-", MINUS)


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith(MINUS) else number


def _ruler(y: float, name: str, ends: tuple[str, str], *, below: bool = False) -> str:
    label = y + 26 if below else y - 14
    ticks = [line((percent(i / 10), y - 4), (percent(i / 10), y + 4), "tick") for i in range(1, 10)]
    stops = [line((end, y - 8), (end, y + 8), "rule") for end in ("0%", "100%")]
    return "".join(
        [
            line((0, y), ("100%", y), "rule"),
            *ticks,
            *stops,
            text(0, label, ends[0], "t-code"),
            text("50%", label, name, "t-label mid"),
            text("100%", label, ends[1], "t-code end"),
        ]
    )


def _value(steps: Scaling) -> str:
    """The value on both rulers, and the way between them."""
    if not math.isfinite(steps.share):
        return text("50%", (UPPER + LOWER) / 2, f"scaled: {steps.scaled}", "t-label mid")
    place, left = percent(steps.share), steps.share > 0.5
    side, gap = ("end", -12) if left else ("", 12)
    words = moved(
        gap,
        0,
        text(place, UPPER + 28, steps.value, f"t-code {side}"),
        text(place, LOWER - 16, steps.scaled, f"t-code {side}"),
    )
    shaft = line((place, UPPER), (place, LOWER - 8), "s2-line")
    head = tag("svg", arrow_head(0, LOWER - 8, "down", "s2"), x=place, overflow="visible")
    points = tag("circle", cx=place, cy=UPPER, r=6, class_="s1") + tag(
        "circle", cx=place, cy=LOWER, r=6, class_="s2"
    )
    return shaft + head + points + words
