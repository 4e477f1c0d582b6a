"""Charts: plain dictionaries, checked against the trace and against plotly's own validators."""

import json
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest

from tests.traces import NAMES, seeds, trace_of
from trainer.engine.trace import Trace
from trainer.figures import (
    accuracy_figure,
    band_of,
    batch_figure,
    comparison_figure,
    loss_figure,
)

Maker = Callable[..., dict[str, Any] | None]

BUDGET = 4096
MAKERS: list[Maker] = [loss_figure, accuracy_figure, batch_figure]


def written(figure: dict[str, Any]) -> str:
    return json.dumps(figure, allow_nan=False, separators=(",", ":"))


def named(figure: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [trace for trace in figure["data"] if trace.get("name") == name]
    return found


def words(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def of_epochs(trace: Trace, field: str) -> list[Any]:
    return [epoch[field] for epoch in trace.document["epochs"]]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_figure_that_plotly_takes(maker: Maker, name: str) -> None:
    figure = maker(trace_of(name))

    if figure is not None:
        go.Figure(data=figure["data"], layout=figure["layout"])
        assert written(figure)


def test_it_is_a_figure_that_plotly_takes_with_a_band() -> None:
    for maker in (loss_figure, accuracy_figure):
        figure = maker(trace_of("calm"), seeds(12)) or {}
        go.Figure(data=figure["data"], layout=figure["layout"])


@pytest.mark.parametrize("maker", MAKERS)
def test_it_fits_its_budget_for_the_default_run(maker: Maker) -> None:
    assert len(written(maker(trace_of("calm")) or {})) <= BUDGET


@pytest.mark.parametrize("maker", [loss_figure, accuracy_figure])
def test_it_fits_its_budget_with_a_band(maker: Maker) -> None:
    assert len(written(maker(trace_of("calm"), seeds(12)) or {})) <= BUDGET


@pytest.mark.parametrize("name", ["calm", "published", "ragged"])
@pytest.mark.parametrize(
    ("maker", "figure"), [(loss_figure, "loss"), (accuracy_figure, "accuracy")]
)
def test_it_draws_the_numbers_of_the_trace(name: str, maker: Maker, figure: str) -> None:
    trace = trace_of(name)
    drawn = maker(trace) or {}

    for curve, field in (("running", f"running_{figure}"), ("held-out", f"heldout_{figure}")):
        assert named(drawn, curve)["x"] == of_epochs(trace, "epoch")
        assert named(drawn, curve)["y"] == pytest.approx(of_epochs(trace, field), rel=1e-5)


def test_it_draws_the_loss_of_every_batch() -> None:
    trace = trace_of("calm")
    curve = named(batch_figure(trace) or {}, "loss of the batch")

    assert curve["x"] == list(range(1, 51))
    assert curve["y"] == pytest.approx([step["loss"] for step in trace.document["steps"]], rel=1e-5)


def test_it_tells_the_two_curves_apart_without_colour() -> None:
    figure = loss_figure(trace_of("calm")) or {}
    running, heldout = named(figure, "running"), named(figure, "held-out")

    assert "dash" not in running["line"]
    assert heldout["line"]["dash"]
    assert running["marker"].get("symbol", "circle") != heldout["marker"]["symbol"]


def test_it_leaves_gaps_where_a_value_is_not_finite() -> None:
    trace = trace_of("not finite")
    figure = loss_figure(trace) or {}

    assert set(of_epochs(trace, "running_loss")) == {"nan"}
    assert named(figure, "running")["y"] == [None] * 5
    assert "first nan in epoch 1" in words(figure)


def test_it_leaves_a_gap_amid_finite_values() -> None:
    calm = trace_of("calm")
    epochs = [dict(epoch) for epoch in calm.document["epochs"]]
    epochs[2]["running_loss"], epochs[3]["running_loss"] = "-inf", None
    trace = Trace(calm.document | {"epochs": epochs}, calm.tensors)

    figure = loss_figure(trace) or {}

    assert [y is None for y in named(figure, "running")["y"]] == [False, False, True, True, False]
    assert "first −inf in epoch 3" in words(figure)


def test_it_says_nothing_of_a_run_that_stayed_finite() -> None:
    assert not [text for text in words(loss_figure(trace_of("calm")) or {}) if "first" in text]


@pytest.mark.parametrize("maker", MAKERS)
def test_there_is_no_chart_of_what_was_not_measured(maker: Maker) -> None:
    assert maker(trace_of("no batch")) is None


def test_there_is_no_loss_chart_of_a_run_without_loss() -> None:
    assert batch_figure(trace_of("forward only")) is None
    assert loss_figure(trace_of("no forward")) is None


def test_it_draws_what_was_measured_if_only_one_curve_was() -> None:
    """A body without a loss line has no running loss, but its model can be evaluated."""
    figure = loss_figure(trace_of("forward only")) or {}

    assert [trace["name"] for trace in figure["data"]] == ["held-out"]


# -- the frame -------------------------------------------------------------------------------


def test_loss_begins_at_zero_and_holds_everything_drawn() -> None:
    for name in ("calm", "published", "diverged", "bench"):
        figure = loss_figure(trace_of(name), seeds(8)) or {}
        low, high = figure["layout"]["yaxis"]["range"]
        assert low == 0
        assert all(y is None or y <= high for trace in figure["data"] for y in trace["y"])


def test_accuracy_ends_at_one_and_holds_everything_drawn() -> None:
    for name in ("calm", "published", "diverged", "bench"):
        figure = accuracy_figure(trace_of(name), seeds(8)) or {}
        low, high = figure["layout"]["yaxis"]["range"]
        assert high == 1
        assert all(y is None or low <= y <= 1 for trace in figure["data"] for y in trace["y"])


def test_it_marks_what_guessing_alike_would_give() -> None:
    figure = loss_figure(trace_of("calm")) or {}

    (line,) = figure["layout"]["shapes"]
    assert line["y0"] == line["y1"] == pytest.approx(math.log(3))
    assert line["line"]["dash"] == "dot"
    assert "ln 3" in words(figure)


def test_it_marks_the_share_of_the_largest_class() -> None:
    trace = trace_of("calm")
    figure = accuracy_figure(trace) or {}

    (line,) = figure["layout"]["shapes"]
    counts = trace.document["data"]["class_counts"]
    assert line["y0"] == max(counts) / sum(counts) == 0.393
    assert "majority" in words(figure)


def test_it_names_lines_at_their_ends_with_their_last_value() -> None:
    trace = trace_of("calm")
    figure = loss_figure(trace) or {}

    assert figure["layout"]["showlegend"] is False
    last = trace.document["epochs"][-1]
    for name, value in (("running", last["running_loss"]), ("held-out", last["heldout_loss"])):
        at = words(figure).index(name)
        assert words(figure)[at + 1] == f"{value:.3f}"


def test_labels_hold_no_markup() -> None:
    """Plotly would make inline styles of it, which the site's policy refuses."""
    for maker in MAKERS:
        assert not [text for text in words(maker(trace_of("calm")) or {}) if "<" in text]


@pytest.mark.parametrize("name", ["calm", "published", "diverged", "bench", "ragged"])
@pytest.mark.parametrize("maker", [loss_figure, accuracy_figure])
def test_labels_at_the_ends_do_not_touch(name: str, maker: Maker) -> None:
    layout = (maker(trace_of(name)) or {})["layout"]
    low, high = layout["yaxis"]["range"]
    room = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    places = sorted(
        (note["y"] - low) / (high - low) * room + note["yshift"]
        for note in layout["annotations"]
        if "yshift" in note
    )

    assert len(places) == 5
    assert all(above - below >= 15 for below, above in pairwise(places))
    assert places[-1] <= room + layout["margin"]["t"]


def test_nobody_zooms_shares_or_drags() -> None:
    figure = loss_figure(trace_of("calm")) or {}

    assert figure["config"]["displayModeBar"] is False
    assert figure["config"]["showSendToCloud"] is False
    assert figure["config"]["scrollZoom"] is False
    assert figure["layout"]["dragmode"] is False
    assert figure["layout"]["xaxis"]["fixedrange"]
    assert figure["layout"]["yaxis"]["fixedrange"]


def test_colours_are_names_of_the_sites_own() -> None:
    """A colour that is written out would be wrong in one of the two themes."""
    for maker in MAKERS:
        text = written(maker(trace_of("calm")) or {})
        assert "#" not in text
        assert text.count("rgba(") == text.count("rgba(0,0,0,0)")
        assert '"var(--ink)"' in text


def test_many_epochs_are_drawn_without_marks_and_with_round_ticks() -> None:
    figure = loss_figure(trace_of("whole")) or {}

    assert named(figure, "running")["mode"] == "lines"
    assert figure["layout"]["xaxis"]["dtick"] == 50
    assert named(loss_figure(trace_of("calm")) or {}, "running")["mode"] == "lines+markers"


def test_few_epochs_have_a_tick_each() -> None:
    axis = (loss_figure(trace_of("calm")) or {})["layout"]["xaxis"]

    assert (axis["tick0"], axis["dtick"]) == (1, 1)


# -- other seeds -----------------------------------------------------------------------------


def test_a_band_holds_every_seed() -> None:
    band = band_of(seeds(12), "running_loss")

    assert len(band) == 5
    for trace in seeds(12):
        for (low, high), value in zip(band, of_epochs(trace, "running_loss"), strict=True):
            assert low <= value * (1 + 1e-5)
            assert value <= high * (1 + 1e-5)


def test_a_band_is_as_narrow_as_the_seeds_allow() -> None:
    band = band_of(seeds(12), "running_loss")

    for epoch, (low, high) in enumerate(band):
        values = [of_epochs(trace, "running_loss")[epoch] for trace in seeds(12)]
        assert (low, high) == pytest.approx((min(values), max(values)), rel=1e-5)


def test_seven_seeds_are_no_band() -> None:
    assert band_of(seeds(8)[:7], "running_loss") == []
    assert len((loss_figure(trace_of("calm"), seeds(8)[:7]) or {})["data"]) == 2


def test_a_band_ends_where_a_seed_is_not_finite() -> None:
    assert band_of([*seeds(8), trace_of("not finite")], "running_loss") == []


def test_a_band_lies_behind_the_curves_and_says_how_many_it_holds() -> None:
    figure = loss_figure(trace_of("calm"), seeds(12)) or {}

    assert figure["data"][0]["fill"] == "toself"
    assert "12 other seeds" in words(figure)


@pytest.mark.parametrize("maker", [loss_figure, accuracy_figure])
@pytest.mark.parametrize("name", ["calm", "published"])
def test_the_bands_label_stands_inside_the_chart(maker: Maker, name: str) -> None:
    figure = maker(trace_of(name), seeds(12)) or {}
    (label,) = [n for n in figure["layout"]["annotations"] if n["text"] == "12 other seeds"]
    low, high = figure["layout"]["yaxis"]["range"]

    assert 1 < label["x"] < 5
    assert low < label["y"] < high


# -- two runs --------------------------------------------------------------------------------


def test_two_runs_are_drawn_over_each_other() -> None:
    calm, published = trace_of("calm"), trace_of("published")
    figure = comparison_figure(calm, published, ("calm", "published")) or {}

    go.Figure(data=figure["data"], layout=figure["layout"])
    assert named(figure, "calm")["y"] == pytest.approx(of_epochs(calm, "running_loss"), rel=1e-5)
    assert named(figure, "published")["line"]["dash"]


def test_a_run_that_measured_nothing_is_not_compared() -> None:
    runs = trace_of("calm"), trace_of("no forward")

    assert comparison_figure(*runs, ("calm", "broken")) is None
