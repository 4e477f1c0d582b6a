"""The charts themselves: loss and accuracy by epoch, loss by batch, two runs beside each other."""

import math
from collections.abc import Iterable, Sequence

from trainer.engine.trace import Trace
from trainer.figures import dress
from trainer.figures.dress import Json
from trainer.figures.labels import Label, Point, free_place
from trainer.figures.series import Band, Curve, band_of, over_epochs, over_steps, written

MINUS = "\N{MINUS SIGN}"
ROOM = 1.08
"""An axis ends a little above its largest value."""
LABEL_OFF = 0.06
"""Distance of a band's label from the band, as a share of the axis."""
LABEL_REACH = 0.28
"""Half of its width on a phone, as a share of the other axis."""


def loss_figure(trace: Trace, band: Sequence[Trace] = ()) -> Json | None:
    """Running and held-out loss by epoch, with ln(classes), and the spread of other seeds."""
    curves = _both(trace, "loss")
    if not curves:
        return None
    spread, uniform = band_of(band, "running_loss"), math.log(trace.document["data"]["classes"])
    highest = max([uniform, *(high for _, high in spread), *_values(curves)])
    y_range = (0.0, highest * ROOM)
    reference = Label(uniform, f"ln {trace.document['data']['classes']}")
    return _with_band(_by_epoch(curves, y_range, reference), spread, curves, len(band))


def accuracy_figure(trace: Trace, band: Sequence[Trace] = ()) -> Json | None:
    """Running and held-out accuracy by epoch, with the share of the largest class."""
    curves = _both(trace, "accuracy")
    if not curves:
        return None
    spread, majority = band_of(band, "running_accuracy"), _majority(trace)
    lowest = min([majority, *(low for low, _ in spread), *_values(curves)])
    y_range = (max(0.0, math.floor(lowest * 5 - 0.25) / 5), 1.0)
    drawn = _by_epoch(curves, y_range, Label(majority, "majority"))
    return _with_band(drawn, spread, curves, len(band))


def batch_figure(trace: Trace) -> Json | None:
    """The loss of each batch, step by step."""
    curve = over_steps(trace)
    if curve is None:
        return None
    uniform = math.log(trace.document["data"]["classes"])
    y_range = (0.0, max([uniform, *curve.known]) * ROOM)
    layout = dress.layout("step", (0, len(curve.x) + 1), y_range)
    layout["shapes"] = [dress.reference(uniform)]
    labels = [
        Label(uniform, f"ln {trace.document['data']['classes']}"),
        *_ends({"batch": curve}),
    ]
    layout["annotations"] = dress.end_labels(labels, y_range) + _left([curve], "step")
    return dress.figure([dress.thin(curve, "loss of the batch")], layout)


def comparison_figure(
    trace: Trace, other: Trace, labels: tuple[str, str], field: str = "running_loss"
) -> Json | None:
    """The same figure of two runs: the first solid, the other dashed."""
    pairs = (
        (name, over_epochs(each, field)) for name, each in zip(labels, (trace, other), strict=True)
    )
    curves = {name: curve for name, curve in pairs if curve is not None}
    if len(curves) < len(labels):
        return None
    highest = max([1.0 if "accuracy" in field else 0.0, *_values(curves)]) or 1.0
    return _by_epoch(curves, (0.0, highest * (1 if "accuracy" in field else ROOM)), None)


def _both(trace: Trace, figure: str) -> dict[str, Curve]:
    fields = {"running": f"running_{figure}", "held-out": f"heldout_{figure}"}
    found = {name: over_epochs(trace, field) for name, field in fields.items()}
    return {name: curve for name, curve in found.items() if curve is not None}


def _by_epoch(
    curves: dict[str, Curve], y_range: tuple[float, float], reference: Label | None
) -> Json:
    """Curves over epochs: the first is drawn last, over the others."""
    epochs = max(curve.x[-1] for curve in curves.values())
    pad = max(0.15, epochs * 0.02)
    layout = dress.layout("epoch", (1 - pad, epochs + pad), y_range)
    labels = _ends(curves)
    if reference is not None:
        layout["shapes"] = [dress.reference(reference.value)]
        labels.append(reference)
    layout["annotations"] = dress.end_labels(labels, y_range) + _left(curves.values(), "epoch")
    first, *others = curves.items()
    data = [dress.secondary(curve, name) for name, curve in others]
    return dress.figure([*data, dress.primary(first[1], first[0])], layout)


def _with_band(drawn: Json, band: Band, curves: dict[str, Curve], seeds: int) -> Json:
    if band:
        drawn["data"].insert(0, dress.filled(band))
        drawn["layout"]["annotations"].append(dress.band_label(_beside(drawn, band, curves), seeds))
    return drawn


def _beside(drawn: Json, band: Band, curves: dict[str, Curve]) -> Point:
    """A place for the band's label: above or below it, as near as no line is in the way."""
    low, high = drawn["layout"]["yaxis"]["range"]
    last, unit = len(band), (high - low) * LABEL_OFF
    lines = [_points(curve) for curve in curves.values()]
    lines += [
        [(1.0, shape["y0"]), (float(last), shape["y0"])] for shape in drawn["layout"]["shapes"]
    ]
    places = [
        (float(epoch), edge + away * unit * step)
        for step in (1, 2, 3)
        for epoch, ends in enumerate(band, 1)
        for edge, away in zip(ends, (-1, 1), strict=True)
    ]
    inside = [(x, y) for x, y in places if 1 < x < last and low + unit <= y <= high - unit]
    return free_place(inside or places, lines, LABEL_REACH * (last - 1), unit)


def _points(curve: Curve) -> list[Point]:
    return [(x, y) for x, y in zip(curve.x, curve.y, strict=True) if y is not None]


def _ends(curves: dict[str, Curve]) -> list[Label]:
    """Name and last value of each curve."""
    ends = ((name, curve.end) for name, curve in curves.items())
    return [Label(end[1], name, written(end[1])) for name, end in ends if end]


def _left(curves: Iterable[Curve], unit: str) -> list[Json]:
    """A note where a curve left the finite numbers."""
    found = [curve.left for curve in curves if curve.left]
    if not found:
        return []
    at, value = min(found)
    return [dress.left_label(f"first {value.replace('-', MINUS)} in {unit} {at}")]


def _majority(trace: Trace) -> float:
    """Share of the largest class among the training rows."""
    counts = trace.document["data"]["class_counts"]
    return float(max(counts) / sum(counts))


def _values(curves: dict[str, Curve]) -> list[float]:
    return [value for curve in curves.values() for value in curve.known]
