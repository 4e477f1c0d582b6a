"""A curve that was drawn, laid over the real one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from course.quiz import roles
from course.quiz.content import Content
from course.quiz.kinds import Response
from trainer.engine.probes import CURVES


@dataclass(frozen=True, slots=True)
class Overlay:
    """The drawing, and its numbers as a table."""

    drawing: SafeString
    table: dict[str, Any]


def compared(content: Content, response: Response, key: Response) -> Overlay | None:
    """Both curves, where it is one that was asked for."""
    name = roles.alone(content.key)
    if content.kind != "curve" or name not in CURVES:
        return None
    label = CURVES[name].label
    drawn, real = _numbers(response), _numbers(key)
    return Overlay(_drawing(label, CURVES[name].top, drawn, real), _table(label, drawn, real))


def _numbers(response: Response) -> list[float]:
    return [float(each) for each in response] if isinstance(response, list) else []


def _drawing(label: str, top: float, drawn: Sequence[float], real: Sequence[float]) -> SafeString:
    """Each from its first epoch to its last, the run's epochs below."""
    finite = [value for value in (*drawn, *real) if math.isfinite(value)]
    high, low = max([top, *finite]), min([0.0, *finite])
    epochs = max(len(real), 2)
    told = Told(f"Your {label} and the real one", f"Your curve is dotted, the run's {label} solid.")
    return plot(
        told,
        Axis("epoch", 1, epochs, whole=True),
        Axis(label, low, high),
        [
            Marks(_spread(drawn, epochs), "line-3", label="yours"),
            Marks(_spread(real, epochs), "line", label="the run"),
            Marks(_spread(real, epochs), "ink", "dots"),
        ],
    )


def _spread(curve: Sequence[float], epochs: int) -> list[tuple[float, float]]:
    """Points from epoch 1 to the last, however many there are."""
    step = (epochs - 1) / ((len(curve) - 1) or 1)
    points = [(1 + place * step, value) for place, value in enumerate(curve)]
    return [*points, (float(epochs), curve[0])] if len(curve) == 1 else points


def _table(label: str, drawn: Sequence[float], real: Sequence[float]) -> dict[str, Any]:
    rows = [
        {
            "cells": [
                {"text": str(epoch + 1), "kind": "n", "head": True},
                {"text": _digits(drawn, epoch), "kind": "n"},
                {"text": _digits(real, epoch), "kind": "n"},
            ]
        }
        for epoch in range(max(len(drawn), len(real)))
    ]
    heads = ("epoch", "yours", label)
    return {
        "label": f"Your {label} and the real one",
        "columns": [{"text": each, "kind": "n"} for each in heads],
        "rows": rows,
        "narrow": True,
    }


def _digits(curve: Sequence[float], place: int) -> str:
    if place >= len(curve):
        return ""
    value = curve[place]
    text = f"{value:.3f}" if abs(value) < roles.LONG else f"{value:.1e}"
    return text.replace("e+", "e").replace("-", roles.MINUS)
