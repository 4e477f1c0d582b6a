"""Shares before and after, two bars for each of a list, as wide as the frame. Knows no run."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.numerals import decimal
from course.drawings.svg import Told, drawing, tag, text

BARS, NOTES = (2.0, 78.0), (80.0, 98.0)
TOP, PITCH, BAR = 10, 66, 13


@dataclass(frozen=True, slots=True)
class Pair:
    """One of the list: its name, a note, and its share before and after."""

    name: str
    note: str
    shares: tuple[float, float]


def pairs(told: Told, shown: Sequence[Pair]) -> SafeString:
    """From 260 px on; the whole width of the bars is 1."""
    parts = [_pair(each, TOP + PITCH * index) for index, each in enumerate(shown)]
    return drawing(("100%", TOP + PITCH * len(shown)), told, *parts)


def _pair(pair: Pair, y: float) -> str:
    words = text(0, y + 13, pair.name, "t-label") + text("100%", y + 13, pair.note, "t-code end")
    parts = [over((BARS[0], NOTES[1]), words)]
    for place, (share, class_) in enumerate(zip(pair.shares, ("ink-3", "ink"), strict=True)):
        top = y + 20 + place * (BAR + 4)
        bars = _bar(1.0, top, "sunk") + _bar(share, top, class_)
        parts.append(over(BARS, bars))
        parts.append(over(NOTES, text("100%", top + 11, decimal(share), "t-tick end")))
    return "".join(parts)


def _bar(share: float, y: float, class_: str) -> str:
    return tag("rect", x=0, y=y, width=percent(share), height=BAR, class_=class_)
