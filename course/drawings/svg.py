"""The few SVG elements that drawings are made of, as text.

Knows no run. Coordinates are CSS pixels, or percentages where a drawing follows its frame's
width. No `style` attribute: the site's policy forbids it.
"""

from dataclasses import dataclass
from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

MONO = 0.602
"""Width of a character per pixel of font size, in the widest of the fonts that may be used."""

Number = float | str


def tag(name: str, content: str = "", /, **attributes: Number | None) -> str:
    """One element. `class_` stands for class, `fill_opacity` for fill-opacity; None is left out.

    Attributes are the drawings' own and are not escaped: words of a run go through `text`.
    """
    written = "".join(
        f' {_spelled(key)}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


@dataclass(frozen=True, slots=True)
class Told:
    """What a drawing says to those who cannot see it: its name, and what is to be seen."""

    title: str
    description: str


def drawing(
    size: tuple[Number, int], told: Told, *parts: str, class_: str = "", role: str = "img"
) -> SafeString:
    """A whole drawing at its real size. A width in percent makes it as wide as its frame.

    role: "group" for one whose parts are links, which an image would hide.
    """
    width, height = size
    box = None if isinstance(width, str) else f"0 0 {width:g} {height}"
    words = tag("title", escape(told.title)) + tag("desc", escape(told.description))
    body = words + "".join(parts)
    class_named = class_ or None
    whole = tag("svg", body, role=role, class_=class_named, width=width, height=height, viewBox=box)
    return mark_safe(whole)  # noqa: S308 - every text in it went through escape


def text(x: Number, y: float, words: str, class_: str = "", **more: Number | None) -> str:
    """Words with their baseline at y."""
    return tag("text", escape(words), x=x, y=y, class_=class_ or None, **more)


def rect(
    x: float, y: float, width: float, height: float, class_: str, **more: Number | None
) -> str:
    """A rectangle with its upper left corner at (x, y)."""
    return tag("rect", x=x, y=y, width=width, height=height, class_=class_, **more)


def link(href: str, words: str, *parts: str, **more: Number | None) -> str:
    """Parts that lead somewhere; words: what the link is called, where it is not read."""
    named = tag("title", escape(words))
    return tag("a", named + "".join(parts), href=escape(href), aria_label=escape(words), **more)


def line(start: tuple[Number, float], end: tuple[Number, float], class_: str) -> str:
    """A straight line; its ends may be at a share of the width."""
    return tag("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=class_)


def path(d: str, class_: str, **more: Number | None) -> str:
    """Any outline, in SVG's own commands."""
    return tag("path", d=d, class_=class_, **more)


def circle(x: Number, y: float, radius: float, class_: str) -> str:
    """A disc around (x, y)."""
    return tag("circle", cx=x, cy=y, r=radius, class_=class_)


def moved(x: float, y: float, *parts: str) -> str:
    """Parts drawn around the point (x, y)."""
    return tag("g", "".join(parts), transform=f"translate({_value(x)} {_value(y)})")


def shape_chip(x: float, y: float, words: str, *, centred: bool = True) -> str:
    """A shape as Python prints it, in its box with the top at y, around x or from x on."""
    width = mono_width(words, 12.5) + 14
    left = x - width / 2 if centred else x
    return rect(left, y, width, 24, "box", rx=4) + text(left + 7, y + 16.5, words, "t-code")


def stage_chip(x: float, y: float, stage: int) -> str:
    """A stage's number on its hue, centred on (x, y)."""
    box = rect(x - 12, y - 12, 24, 24, f"s{stage}", rx=4)
    return box + text(x, y + 4.5, str(stage), "t-chip")


def arrow_head(x: float, y: float, towards: str = "right", class_: str = "arrow-head") -> str:
    """A head with its tip at (x, y)."""
    turns = {
        "right": f"M{_value(x)} {_value(y)}l-12 -6v12z",
        "left": f"M{_value(x)} {_value(y)}l12 -6v12z",
        "down": f"M{_value(x)} {_value(y)}l-6 -12h12z",
        "up": f"M{_value(x)} {_value(y)}l-6 12h12z",
    }
    return path(turns[towards], class_)


def mono_width(words: str, size: float) -> float:
    """Room that words take in the monospaced font."""
    return len(words) * size * MONO


@cache
def _spelled(key: str) -> str:
    """An attribute's name in SVG; asked hundreds of times per drawing."""
    return key.rstrip("_").replace("_", "-")


def _value(value: Number) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
