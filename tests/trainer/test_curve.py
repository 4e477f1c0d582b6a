"""The small curve for pages without JavaScript and for the admin."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.traces import NAMES, trace_of
from trainer.curve import FLOOR, LEFT, RIGHT, TOP, batch_curve, comparison_curve, curve

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - made by the function under test


def line(svg: str, *, dashed: bool) -> list[tuple[float, float]]:
    paths = parsed(svg).findall("path")
    (d,) = [
        path.attrib["d"]
        for path in paths
        if (path.get("stroke-dasharray") is not None) == dashed and path.get("stroke-width")
    ]
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", d)
    return [(float(x), float(y)) for x, y in points]


@pytest.mark.parametrize("figure", ["loss", "accuracy"])
@pytest.mark.parametrize("name", NAMES)
def test_it_draws_every_kind_of_run(name: str, figure: str) -> None:
    svg = curve(trace_of(name), figure)

    if svg:
        root = parsed(svg)
        assert root.attrib["role"] == "img"
        assert root.findtext("title") == f"{figure.capitalize()} by epoch"
        assert root.findtext("desc")
        assert " style=" not in svg
        assert "nan" not in re.sub(r"<(desc|text)[^>]*>[^<]*", "", svg)
    else:
        assert name in ("no batch", "no forward", "head of columns")


def test_its_points_follow_the_losses() -> None:
    trace = trace_of("calm")
    points = line(curve(trace), dashed=False)
    losses = [epoch["running_loss"] for epoch in trace.document["epochs"]]

    assert points[0][0] == LEFT
    assert points[-1][0] == RIGHT
    heights = [FLOOR - y for _, y in points]
    scale = heights[0] / losses[0]
    assert heights == pytest.approx([loss * scale for loss in losses], abs=0.1)


def test_both_curves_share_one_scale() -> None:
    trace = trace_of("calm")
    svg, first = curve(trace, "accuracy"), trace.document["epochs"][0]
    (_, running), (_, heldout) = line(svg, dashed=False)[0], line(svg, dashed=True)[0]

    height = FLOOR - TOP
    assert (FLOOR - running) / height == pytest.approx(first["running_accuracy"], abs=0.005)
    assert (FLOOR - heldout) / height == pytest.approx(first["heldout_accuracy"], abs=0.005)


def test_it_says_what_it_shows() -> None:
    desc = parsed(curve(trace_of("calm"))).findtext("desc")

    assert desc == ("running: from 1.019 to 0.419 at 5. held-out: from 0.923 to 0.368 at 5.")


def test_a_run_that_left_the_finite_numbers_says_so() -> None:
    svg = curve(trace_of("not finite"))

    assert "running: no finite value." in (parsed(svg).findtext("desc") or "")


def test_there_is_none_of_a_run_without_an_epoch() -> None:
    assert curve(trace_of("no batch")) == ""


def test_every_batch_has_its_point() -> None:
    svg = batch_curve(trace_of("calm"))

    assert len(line(svg, dashed=False)) == 50
    assert parsed(svg).findtext("title") == "Loss by step"
    assert batch_curve(trace_of("forward only")) == ""


def test_two_runs_share_one_scale_and_differ_in_their_strokes() -> None:
    calm, published = trace_of("calm"), trace_of("published")
    svg = comparison_curve(calm, published, ("calm", "published"))
    first = [line(svg, dashed=dashed)[0][1] for dashed in (False, True)]
    losses = [trace.document["epochs"][0]["running_loss"] for trace in (calm, published)]

    assert (FLOOR - first[0]) / (FLOOR - first[1]) == pytest.approx(
        losses[0] / losses[1], abs=0.002
    )
    assert parsed(svg).findtext("title") == "Running loss by epoch"
    assert comparison_curve(calm, trace_of("no forward"), ("calm", "broken")) == ""


def test_a_curve_that_stands_alone_keeps_its_stroke() -> None:
    """A body without a loss line has a held-out loss and no running one: still dashed."""
    svg = curve(trace_of("forward only"))

    assert len(line(svg, dashed=True)) == 2
