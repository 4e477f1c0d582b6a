"""How every chart looks: axes, lines, annotations, as Plotly's JSON names them."""

from collections.abc import Sequence
from typing import Any

from trainer.figures.labels import LINE, Label, spread
from trainer.figures.series import Band, Curve
from trainer.figures.ticks import nice_step

Json = dict[str, Any]

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 300, 20, 44, 40, 84
PLOT = HEIGHT - TOP - BOTTOM
MOST_MARKERS, FEW_TICKS, MOST_TICKS = 40, 12, 6
CLEAR = "rgba(0,0,0,0)"
MANY = 100.0
"""From here on a tick has fewer decimals, or the margin would not hold it."""

CONFIG: Json = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
}


def figure(data: list[Json], layout: Json) -> Json:
    """What Plotly draws, and how it behaves."""
    return {"data": data, "layout": layout, "config": CONFIG}


def primary(curve: Curve, name: str) -> Json:
    """Solid ink with circles."""
    marker = {"size": 8, "color": "var(--ink)"}
    return _line(curve, name, {"color": "var(--ink)", "width": 2.25}, marker)


def secondary(curve: Curve, name: str) -> Json:
    """Dashed, with hollow squares."""
    edge = {"color": "var(--ink)", "width": 1.75}
    marker = {"size": 8, "symbol": "square", "color": "var(--paper)", "line": edge}
    return _line(curve, name, edge | {"dash": "5px,4px"}, marker)


DASHES = ("solid", "5px,4px", "1.5px,4px", "9px,3px,1.5px,3px", "12px,4px", "solid")
WIDTHS = (2.25, 1.75, 1.75, 1.75, 1.75, 1.0)
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon")


def patterned(curve: Curve, name: str, place: int) -> Json:
    """The line of the run at that place, 0 to 5: the first is solid and filled, the others not."""
    line = {"color": "var(--ink)", "width": WIDTHS[place], "dash": DASHES[place]}
    fill = "var(--paper)" if place else "var(--ink)"
    edge = {"color": "var(--ink)", "width": 1.5}
    marker = {"size": 8, "symbol": SYMBOLS[place], "color": fill, "line": edge}
    return _line(curve, name, line, marker)


def thin(curve: Curve, name: str) -> Json:
    """A fine line without marks, for many points."""
    return _line(curve, name, {"color": "var(--ink)", "width": 1.25}, None)


def filled(band: Band) -> Json:
    """The band between the smallest and the largest value of each epoch."""
    epochs = list(range(1, len(band) + 1))
    return {
        "x": epochs + epochs[::-1],
        "y": [high for _, high in band] + [low for low, _ in band[::-1]],
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": "var(--band)",
        "hoverinfo": "skip",
    }


def layout(x_name: str, x_range: tuple[float, float], y_range: tuple[float, float]) -> Json:
    """Horizontal rules only, no zoom, no legend, nothing behind the paper."""
    ticks = {"size": 12.5, "color": "var(--ink-2)"}
    axis = {"fixedrange": True, "zeroline": False, "tickfont": ticks}
    return {
        "height": HEIGHT,
        "margin": {"t": TOP, "b": BOTTOM, "l": LEFT, "r": RIGHT},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": "var(--sans)", "size": 13, "color": "var(--ink)"},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "hoverlabel": {
            "bgcolor": "var(--card)",
            "bordercolor": "var(--edge)",
            "font": {"color": "var(--ink)"},
        },
        "xaxis": axis
        | {"range": list(x_range), "showgrid": False, "title": _title(x_name)}
        | _whole(x_range[1]),
        "yaxis": axis
        | {
            "range": list(y_range),
            "gridcolor": "var(--rule)",
            "nticks": 6,
            "tickformat": ".1f" if y_range[1] < MANY else ".3~g",
        },
        "shapes": [],
        "annotations": [],
    }


def reference(value: float) -> Json:
    """A dotted line across the chart."""
    line = {"color": "var(--ink-3)", "width": 1.25, "dash": "dot"}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": line,
        "layer": "below",
    }


def end_labels(labels: Sequence[Label], y_range: tuple[float, float]) -> list[Json]:
    """Names and last values to the right of the chart."""
    scale = PLOT / (y_range[1] - y_range[0])
    placed = spread(labels, scale, PLOT + TOP + y_range[0] * scale)
    return [each for label, shift in placed for each in _end_label(label, round(shift))]


def _end_label(label: Label, shift: int) -> list[Json]:
    """An annotation per line: Plotly's own markup for bold text would be an inline style."""
    aside = {"xanchor": "left", "xshift": 8}
    if not label.number:
        return [_annotation(label.name, "paper", 1, label.value, **aside, yshift=shift)]
    bold, up = {"weight": 600}, round(LINE / 2)
    return [
        _annotation(words, "paper", 1, label.value, **aside, yshift=shift + by, **font)
        for words, by, font in ((label.name, up, {"font": bold}), (label.number, -up, {}))
    ]


def band_label(place: tuple[float, float], seeds: int) -> Json:
    """Says what the band is, centred on a place beside it."""
    words = f"{seeds} other seeds"
    return _annotation(words, "x", *place, font={"color": "var(--ink-2)", "size": 12.5})


def left_label(words: str) -> Json:
    """Where the run left the finite numbers, in words above the chart."""
    return _annotation(words, "paper", 0.5, 1, yref="paper", yanchor="bottom")


def _annotation(words: str, xref: str, x: float, y: float, **more: Any) -> Json:
    return {"text": words, "xref": xref, "x": x, "y": y, "showarrow": False} | more


def _title(words: str) -> Json:
    return {"text": words, "font": {"size": 12.5, "color": "var(--ink-2)"}, "standoff": 8}


def _whole(last: float) -> Json:
    """Ticks at whole numbers: each of a few, round ones of many."""
    step = 1 if last <= FEW_TICKS else nice_step(last, MOST_TICKS)
    first = 1 if step == 1 else 0
    return {"tickmode": "linear", "dtick": step, "tick0": first, "tickformat": ",d", "tickangle": 0}


def _line(curve: Curve, name: str, line: Json, marker: Json | None) -> Json:
    marked = marker is not None and len(curve.x) <= MOST_MARKERS
    trace: Json = {
        "x": curve.x,
        "y": curve.y,
        "name": name,
        "mode": "lines+markers" if marked else "lines",
        "line": line,
        "cliponaxis": False,
        "hovertemplate": "%{y:.3f}",
    }
    return trace | {"marker": marker} if marked else trace
