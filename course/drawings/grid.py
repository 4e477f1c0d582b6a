"""Counts in rows and columns, each cell as strong as its share of its row. Knows no run.

At its real size: on narrow screens it scrolls in its own frame.
"""

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString

from course.drawings.svg import Told, drawing, link, rect, text

LEFT, TOP, SIDE, ROOMY, RIGHT = 52, 58, 40, 56, 52
FEW = 5
"""Up to so many columns have wide cells."""
STRONGEST = 0.3
"""Words stay readable on it."""
FOOT = 12

Links = Mapping[tuple[int, int], tuple[str, str]]
"""By row and column: where a cell leads, and what its link is called."""


def grid(
    told: Told,
    heads: tuple[str, str],
    names: Sequence[str],
    counts: Sequence[Sequence[int]],
    links: Links | None = None,
) -> SafeString:
    """As many rows as columns, under the same names; heads: across and down. Diagonal framed."""
    wide = ROOMY if len(names) <= FEW else SIDE
    width = LEFT + wide * len(names) + RIGHT
    parts = [
        text(LEFT + wide * len(names) / 2, 18, heads[0], "t-small mid"),
        text(LEFT - 12, TOP - 14, heads[1], "t-small end"),
        text(width - 8, TOP - 14, "rows", "t-small end"),
    ]
    for index, name in enumerate(names):
        y, line = TOP + SIDE * index, counts[index]
        parts.append(text(LEFT + wide * (index + 0.5), TOP - 14, name, "t-tick mid"))
        parts.append(text(LEFT - 12, y + 25, name, "t-tick end"))
        for at, each in enumerate(line):
            cell = _cell((LEFT + wide * at, y, wide), each, line)
            to = links.get((index, at)) if links else None
            parts.append(link(*to, cell) if to else cell)
        parts.append(text(width - 8, y + 25, f"{sum(line):,}", "t-tick end"))
    parts += [
        rect(LEFT + wide * index, TOP + SIDE * index, wide, SIDE, "framed")
        for index in range(len(names))
    ]
    size = (width, TOP + SIDE * len(names) + FOOT)
    return drawing(size, told, *parts, role="group" if links else "img")


def _cell(place: tuple[float, float, float], number: int, line: Sequence[int]) -> str:
    """Tinted by its share of the row; the number stands in it either way."""
    x, y, wide = place
    share = number / (sum(line) or 1)
    tint = rect(x, y, wide, SIDE, "ink", fill_opacity=round(STRONGEST * share, 3)) if number else ""
    edge = rect(x, y, wide, SIDE, "grid")
    words = text(x + wide / 2, y + 25, f"{number:,}", "t-code mid" if number else "t-small mid")
    return tint + edge + words
