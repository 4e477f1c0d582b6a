"""A run's losses as a small SVG curve: for the admin, and for pages without JavaScript.

Carries its own presentation attributes and draws in the colour of the text around it, so it
needs no stylesheet. Knows traces; imports neither torch nor plotly.
"""

import math

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trainer.engine.trace import Trace
from trainer.figures.labels import Label, spread
from trainer.figures.series import LARGE, Curve, over_epochs, over_steps, powered, written
from trainer.figures.ticks import nice_ticks, tick_digits

WIDTH, HEIGHT = 286, 190
LEFT, RIGHT, TOP, FLOOR = 40, 178, 14, 156
MOST_MARKERS = 20
FIELDS = {"running": "running_{}", "held-out": "heldout_{}"}

_WHOLE = """<svg role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}" \
fill="none" stroke="currentColor" font-family="system-ui, sans-serif" font-size="12">\
<title>{title}</title><desc>{description}</desc>{drawn}</svg>"""
_TEXT = """<text x="{}" y="{}" text-anchor="{}" stroke="none" fill="currentColor">{}</text>"""
_SOLID = """<path d="{}" stroke-width="2"/>"""
_DASHED = """<path d="{}" stroke-width="1.5" stroke-dasharray="5 4"/>"""
_DISC = """<circle cx="{}" cy="{}" r="2.5" fill="currentColor"/>"""
_SQUARE = """<path d="M{} {}m-3 -3h6v6h-6z"/>"""
_RULE = """<path d="M{} {}H{}" stroke-opacity="0.25"/>"""


def curve(trace: Trace, figure: str = "loss") -> SafeString:
    """Running (solid) and held-out (dashed) loss or accuracy by epoch. "" where there is none.

    286 px wide. A value that is not finite is a gap.
    """
    found = {name: over_epochs(trace, field.format(figure)) for name, field in FIELDS.items()}
    return _drawn(found, f"{figure.capitalize()} by epoch", 1.0 if figure == "accuracy" else None)


def batch_curve(trace: Trace) -> SafeString:
    """The loss of each batch, step by step. "" where none was computed."""
    return _drawn({"batch": over_steps(trace)}, "Loss by step", None)


def comparison_curve(
    trace: Trace, other: Trace, labels: tuple[str, str], field: str = "running_loss"
) -> SafeString:
    """The same figure of two runs: the first solid, the other dashed. "" if one has none."""
    found = {
        name: over_epochs(each, field) for name, each in zip(labels, (trace, other), strict=True)
    }
    if None in found.values():
        return SafeString()
    name = field.replace("_", " ").replace("heldout", "held-out").capitalize()
    return _drawn(found, f"{name} by epoch", 1.0 if "accuracy" in field else None)


def _drawn(found: dict[str, Curve | None], title: str, top: float | None) -> SafeString:
    """Curves on common axes: the first of those looked for is solid, any other dashed."""
    curves = {name: each for name, each in found.items() if each is not None}
    if not curves:
        return SafeString()
    solid, top = next(iter(found)), top or _top(curves)
    last = max(each.x[-1] for each in curves.values())
    lines = [_line(each, last, top, dashed=name != solid) for name, each in curves.items()]
    axes = [_rules(top), _units(last, title.rpartition(" ")[2])]
    return format_html(
        _WHOLE,
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=" ".join(_told(name, each) for name, each in curves.items()),
        drawn=_joined([*axes, *lines, _ends(curves, top)]),
    )


def _top(curves: dict[str, Curve]) -> float:
    known = [value for each in curves.values() for value in each.known]
    return max(known, default=0.0) * 1.05 or 1.0


def _x(epoch: int, last: int) -> float:
    share = (epoch - 1) / (last - 1) if last > 1 else 0.5
    return round(LEFT + (RIGHT - LEFT) * share, 1)


def _y(value: float, top: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * value / top, 1)


def _line(curve: Curve, last: int, top: float, *, dashed: bool) -> SafeString:
    """A path with gaps, and a mark at each point where there are few."""
    commands, pen = [], "M"
    for epoch, value in zip(curve.x, curve.y, strict=True):
        if value is not None:
            commands.append(f"{pen}{_x(epoch, last)} {_y(value, top)}")
        pen = "M" if value is None else "L"
    drawn = format_html(_DASHED if dashed else _SOLID, "".join(commands))
    if len(commands) > MOST_MARKERS:
        return drawn
    points = [
        (_x(x, last), _y(y, top)) for x, y in zip(curve.x, curve.y, strict=True) if y is not None
    ]
    return drawn + format_html_join("", _SQUARE if dashed else _DISC, points)


def _rules(top: float) -> SafeString:
    """Horizontal rules at round values."""
    ticks = nice_ticks(0.0, top, 5)
    digits = tick_digits(ticks)
    places = [(_y(tick, top), _tick(tick, digits)) for tick in ticks]
    rules = format_html_join("", _RULE, ((LEFT, y, RIGHT) for y, _ in places))
    return rules + format_html_join(
        "", _TEXT, ((LEFT - 6, y + 4, "end", word) for y, word in places)
    )


def _tick(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if value < LARGE else powered(value, 0)


def _units(last: int, unit: str) -> SafeString:
    """The first epoch or step, the middle one and the last, named."""
    shown = sorted({1, math.ceil(last / 2), last})
    ticks = [(_x(each, last), FLOOR + 18, "middle", f"{each:,}") for each in shown]
    return format_html_join("", _TEXT, [*ticks, (RIGHT + 26, FLOOR + 18, "start", unit)])


def _ends(curves: dict[str, Curve], top: float) -> SafeString:
    """Name and last value at the end of each line."""
    ends = [(name, each.end) for name, each in curves.items()]
    labels = [Label(end[1], f"{name} {written(end[1])}") for name, end in ends if end]
    placed = spread(labels, (FLOOR - TOP) / top, FLOOR)
    places = [(_y(label.value, top) - shift + 4, label.name) for label, shift in placed]
    return format_html_join("", _TEXT, ((RIGHT + 8, round(y, 1), "start", w) for y, w in places))


def _told(name: str, curve: Curve) -> str:
    if curve.end is None:
        return f"{name}: no finite value."
    first, (at, last) = written(curve.known[0]), curve.end
    told = f"{name}: from {first} to {written(last)} at {at:,}."
    return told if curve.left is None else f"{told} First {curve.left[1]} at {curve.left[0]:,}."


def _joined(parts: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
