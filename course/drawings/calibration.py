"""Shares of right answers, one lane for each degree of confidence, over where each is well judged.

A mark left of its range is too sure, right of it too modest. Hollow: too few answers to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import at, over, percent
from course.drawings.svg import Told, drawing, line, tag, text

LANE, TOP, TRACK = 44, 8, 16
NAMES, SIDES, WORDS = "0", (19.0, 66.0), "70%"
TICKS = (0.0, 0.5, 1.0)
RADIUS = 6.5


@dataclass(frozen=True, slots=True)
class Lane:
    """One degree of confidence. share: of right answers, None without any; low, high: its range.

    words: how many of how many, and what follows from it.
    """

    name: str
    low: float
    high: float
    share: float | None
    is_clear: bool
    words: tuple[str, str]


def calibration(told: Told, lanes: Sequence[Lane]) -> SafeString:
    """As wide as its frame, from 260 px on."""
    floor = TOP + LANE * len(lanes)
    names = "".join(_named(lane, _middle(index)) for index, lane in enumerate(lanes))
    tracks = "".join(_track(lane, _middle(index)) for index, lane in enumerate(lanes))
    axis = "".join(
        line((percent(tick), TOP), (percent(tick), floor + 4), "grid")
        + text(percent(tick), floor + 19, f"{tick:.0%}".replace("%", " %"), "t-tick mid")
        for tick in TICKS
    )
    name = text(NAMES, floor + 19, "Right", "t-small")
    return drawing(("100%", floor + 26), told, over(SIDES, axis + tracks), names, name)


def _middle(index: int) -> float:
    return TOP + LANE * (index + 0.5)


def _named(lane: Lane, y: float) -> str:
    counts, judged = lane.words
    above = text(WORDS, y - 3 if judged else y + 4.5, counts, "t-code")
    below = text(WORDS, y + 14, judged, "t-small") if judged else ""
    return text(NAMES, y + 4.5, lane.name) + above + below


def _track(lane: Lane, y: float) -> str:
    """The whole length, the range on it, and the mark."""
    whole = _bar(0.0, 1.0, y, "share-track")
    good = _bar(lane.low, lane.high, y, "well-judged")
    return whole + good + ("" if lane.share is None else _mark(lane.share, y, clear=lane.is_clear))


def _bar(start: float, end: float, y: float, class_: str) -> str:
    x, width = percent(start), percent(end - start)
    return tag("rect", x=x, y=y - TRACK / 2, width=width, height=TRACK, class_=class_)


def _mark(share: float, y: float, *, clear: bool) -> str:
    dot = tag("circle", cx=0, cy=y, r=RADIUS, class_="share-mark" if clear else "hollow")
    return at(round(100 * share, 2), dot)
