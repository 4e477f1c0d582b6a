"""A run's losses as a small SVG curve: for the admin, and for pages without JavaScript.

Carries its own presentation attributes and draws in the colour of the text around it, so it
needs no stylesheet. Knows traces; imports neither torch nor plotly.
"""

import math

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trainer.engine.trace import Trace
from trainer.figures.labels import Label, spread
from trainer.figures.series import LARGE, Curve, over_epochs, powered, written
from trainer.figures.ticks import nice_ticks, tick_digits

WIDTH, HEIGHT = 286, 190
LEFT, RIGHT, TOP, FLOOR = 40, 178, 14, 156
MOST_MARKERS = 20
NAMES = {"loss": "Loss", "accuracy": "Accuracy"}


def curve(trace: Trace, figure: str = "loss") -> SafeString:
    """Running (solid) and held-out (dashed) loss or accuracy by epoch. "" where there is none.

    286 px wide. A value that is not finite is a gap.
    """
    found = {
        "running": over_epochs(trace, f"running_{figure}"),
        "held-out": over_epochs(trace, f"heldout_{figure}"),
    }
    curves = {name: each for name, each in found.items() if each is not None}
    if not curves:
        return SafeString()
    top = 1.0 if figure == "accuracy" else _top(curves)
    last = max(each.x[-1] for each in curves.values())
    lines = [_line(each, last, top, dashed=name == "held-out") for name, each in curves.items()]
    return format_html(
        '<svg role="img" width="{}" height="{}" viewBox="0 0 {} {}" fill="none" stroke="currentColor" '
        'font-family="system-ui, sans-serif" font-size="12"><title>{}</title><desc>{}</desc>{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        f"{NAMES[figure]} by epoch",
        " ".join(_told(name, each) for name, each in curves.items()),
        _axes(last, top),
        SafeString("".join(lines)),
        _labels(curves, top),
    )


def _top(curves: dict[str, Curve]) -> float:
    return (
        max([value for each in curves.values() for value in each.known], default=1.0) * 1.05 or 1.0
    )


def _x(epoch: int, last: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * ((epoch - 1) / (last - 1) if last > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * value / top, 1)


def _line(curve: Curve, last: int, top: float, *, dashed: bool) -> str:
    """A path with gaps, and a mark at each point where there are few."""
    points = [
        None if y is None else (_x(x, last), _y(y, top))
        for x, y in zip(curve.x, curve.y, strict=True)
    ]
    d = "".join(
        f"{'L' if index and points[index - 1] else 'M'}{point[0]} {point[1]}"
        for index, point in enumerate(points)
        if point
    )
    dash = (
        format_html(' stroke-dasharray="5 4" stroke-width="{}"', 1.5)
        if dashed
        else SafeString(' stroke-width="2"')
    )
    drawn = format_html('<path d="{}"{}/>', d, dash)
    if len([point for point in points if point]) > MOST_MARKERS:
        return drawn
    mark = (
        '<rect x="{}" y="{}" width="6" height="6"/>'
        if dashed
        else '<circle cx="{}" cy="{}" r="2.5" fill="currentColor"/>'
    )
    shift = 3 if dashed else 0
    return drawn + format_html_join(
        "", mark, ((x - shift, y - shift) for x, y in filter(None, points))
    )


def _axes(last: int, top: float) -> SafeString:
    ticks = nice_ticks(0.0, top, 5)
    digits = tick_digits(ticks)
    rules = format_html_join(
        "",
        '<path d="M{} {}H{}" stroke-opacity="0.25"/><text x="{}" y="{}" text-anchor="end" stroke="none" fill="currentColor">{}</text>',
        ((LEFT, _y(v, top), RIGHT, LEFT - 6, _y(v, top) + 4, _tick(v, digits)) for v in ticks),
    )
    epochs = sorted({1, math.ceil(last / 2), last})
    marks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" stroke="none" fill="currentColor">{}</text>',
        ((_x(epoch, last), FLOOR + 18, epoch) for epoch in epochs),
    )
    name = format_html(
        '<text x="{}" y="{}" stroke="none" fill="currentColor">epoch</text>', RIGHT + 22, FLOOR + 18
    )
    return rules + marks + name


def _labels(curves: dict[str, Curve], top: float) -> SafeString:
    """Name and last value at the end of each line."""
    ends = [(name, each.end) for name, each in curves.items()]
    labels = [Label(end[1], f"{name} {written(end[1])}", lines=1) for name, end in ends if end]
    scale = (FLOOR - TOP) / top
    return format_html_join(
        "",
        '<text x="{}" y="{}" stroke="none" fill="currentColor" font-size="11.5">{}</text>',
        (
            (RIGHT + 8, round(_y(label.value, top) - shift + 4, 1), label.words)
            for label, shift in spread(labels, scale, FLOOR)
        ),
    )


def _told(name: str, curve: Curve) -> str:
    if not curve.known or curve.end is None:
        return f"{name}: no finite value."
    told = f"{name}: from {written(curve.known[0])} to {written(curve.end[1])} in epoch {curve.end[0]}."
    return told if curve.left is None else f"{told} First {curve.left[1]} in epoch {curve.left[0]}."


def _tick(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if value < LARGE else powered(value, 0)
