"""Up to six runs over one another, told apart by pattern, mark and the letter at the line's end."""

import math
from collections.abc import Mapping

from trainer.figures import dress
from trainer.figures.dress import Json
from trainer.figures.labels import Label
from trainer.figures.series import Curve, written

ROOM = 1.08
FAR_APART = 100.0
"""From this factor between the highest values of two curves on, the axis is one of powers."""


def overlay_figure(curves: Mapping[str, Curve], x_name: str, *, share: bool = False) -> Json | None:
    """Curves by their names; None without any. share: the axis ends at 1."""
    known = {name: curve for name, curve in curves.items() if curve.known}
    if not known:
        return None
    last = max(curve.x[-1] for curve in known.values())
    pad = max(0.15, last * 0.02)
    log = not share and wants_powers(known)
    low, high = _range(known, log=log, share=share)
    layout = dress.layout(x_name, (1 - pad, last + pad), (low, high))
    if log:
        layout["yaxis"] |= {
            "type": "log",
            "tickformat": ".0e",
            "dtick": max(1, round(high - low) // 5),
        }
    labels = [
        Label(math.log10(curve.end[1]) if log else curve.end[1], name, written(curve.end[1]))
        for name, curve in known.items()
        if curve.end
    ]
    layout["annotations"] = dress.end_labels(labels, (low, high))
    places = list(curves)
    data = [dress.patterned(curve, name, places.index(name)) for name, curve in known.items()]
    return dress.figure(data, layout)


def wants_powers(curves: Mapping[str, Curve]) -> bool:
    """Whether one curve would press another flat, and each value has a place among powers."""
    highest = [max(curve.known) for curve in curves.values()]
    lowest = min(min(curve.known) for curve in curves.values())
    return lowest > 0 and max(highest) / min(highest) > FAR_APART


def _range(curves: Mapping[str, Curve], *, log: bool, share: bool) -> tuple[float, float]:
    values = [value for curve in curves.values() for value in curve.known]
    if share:
        return 0.0, 1.0
    if log:
        low, high = math.log10(min(values)), math.log10(max(values))
        return low - 0.04 * (high - low), high + 0.04 * (high - low)
    low = min(0.0, *values)
    return low * ROOM, max(values) * ROOM if max(values) > 0 else 1.0
