"""How often values occur, over two axes at once: what they were and what they become.

As wide as its frame, from 260 px on. Knows no run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.plot import Axis
from course.drawings.svg import Told, drawing, line, moved, tag, text

SIDES = (5.0, 95.0)
TOP, FLOOR, SECOND, HEIGHT = 40.0, 190.0, 246.0, 296
TICKS = 5


@dataclass(frozen=True, slots=True)
class Landing:
    """A value that is followed down both axes: its place, and its words on either."""

    share: float
    before: str
    after: str


def histogram(
    told: Told, axes: tuple[Axis, Axis], counts: Sequence[int], landing: Landing | None
) -> SafeString:
    """Bars of one width from end to end of both axes."""
    left = bool(landing and landing.share > 0.5)
    named = [_axis(axis, y, left=left) for axis, y in zip(axes, (FLOOR, SECOND), strict=True)]
    parts = [*_bars(counts), *named[0], *named[1]]
    if landing:
        parts += _landing(landing)
    return drawing(("100%", HEIGHT), told, over(SIDES, *parts))


def _bars(counts: Sequence[int]) -> list[str]:
    unit = (FLOOR - TOP) / (max(counts) or 1)
    return [
        tag(
            "rect",
            x=percent((index + 0.06) / len(counts)),
            y=FLOOR - count * unit,
            width=percent(0.88 / len(counts)),
            height=count * unit,
            class_="s2-soft",
        )
        + line(
            (percent((index + 0.06) / len(counts)), FLOOR - count * unit),
            (percent((index + 0.94) / len(counts)), FLOOR - count * unit),
            "s2-line",
        )
        for index, count in enumerate(counts)
        if count
    ]


def _axis(axis: Axis, y: float, *, left: bool) -> list[str]:
    """Its name stands on the side that the followed value leaves free."""
    parts = [line((0, y), ("100%", y), "rule")]
    for tick, words in axis.ticks(TICKS):
        place = percent(axis.share(tick))
        parts.append(line((place, y), (place, y + 4), "tick"))
        parts.append(text(place, y + 18, words, "t-tick mid"))
    end = (0, "t-small") if left else ("100%", "t-small end")
    parts.append(text(end[0], y + 36, axis.label, end[1]))
    return parts


def _landing(landing: Landing) -> list[str]:
    """A line from above the bars to the second axis, not through the words of the first."""
    place, left = percent(landing.share), landing.share > 0.5
    side, gap = ("end", -8) if left else ("", 8)
    points = [
        tag("circle", cx=place, cy=y, r=5, class_=class_)
        for y, class_ in ((FLOOR, "hollow"), (SECOND, "s2"))
    ]
    words = moved(
        gap,
        0,
        text(place, TOP - 18, landing.before, f"t-code {side}".strip()),
        text(place, SECOND - 10, landing.after, f"t-code {side}".strip()),
    )
    lines = [
        line((place, TOP - 28), (place, FLOOR), "framed"),
        line((place, FLOOR + 24), (place, SECOND), "framed"),
    ]
    return [*lines, *points, words]
