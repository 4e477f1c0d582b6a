"""Drawings as wide as their frame: things stand at a share of the width, in pixels around it.

A text is then never scaled, and one drawing serves every width from its narrowest on.
"""

from course.drawings.svg import tag


def at(place: float, *parts: str) -> str:
    """Parts drawn in pixels around a share of the width, in percent."""
    return tag("svg", "".join(parts), x=f"{place:g}%", overflow="visible")


def over(ends: tuple[float, float], *parts: str) -> str:
    """Parts drawn along a stretch of the width, which is 100% to them."""
    start, width = f"{ends[0]:g}%", f"{ends[1] - ends[0]:g}%"
    return tag("svg", "".join(parts), x=start, width=width, overflow="visible")


def percent(share: float) -> str:
    """A share of 1 as a length."""
    return f"{100 * share:.2f}%"
