"""Ruler, dots, batch strip and layers: what they show is in proportion and adds up."""

import math
import re
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load, save

from course import drawings
from course.drawings.numerals import MINUS, decimal
from tests.course.drawings.svg import of_class, parsed, share, words
from tests.traces import fabricated, trace_of
from trainer.engine.trace import Trace

# -- the ruler -------------------------------------------------------------------------------


def number(text: str) -> Decimal:
    return Decimal(re.sub(r"[(),]", "", text).replace(MINUS, "-"))


def holds(line: str) -> bool:
    """Whether an equation is true as it is printed."""
    left, right = line.split(" = ")
    first, sign, second = left.split(" ")
    if sign == "/":
        return decimal(float(number(first) / number(second))) == right
    return number(first) - number(second) == number(right)


def places(svg: str) -> list[float]:
    return [share(node.attrib["cx"]) for node in parsed(svg).iter("circle")]


@given(st.integers(0, 99), st.integers(0, 9))
def test_the_printed_arithmetic_of_every_value_holds(row: int, column: int) -> None:
    trace = trace_of("calm")
    steps = drawings.scaling_steps(trace, row, column)

    assert steps is not None
    assert all(holds(line) for line in steps.lines)
    assert steps.scaled == decimal(trace.tensor("first.scaled")[row].flat[column])
    assert steps.value in words(parsed(drawings.scaling_ruler(trace, row, column)))


@given(st.integers(0, 40), st.integers(0, 3))
def test_the_printed_arithmetic_holds_below_zero_too(row: int, column: int) -> None:
    steps = drawings.scaling_steps(fabricated(4, 3, 8, 50), row, column)

    assert steps is not None
    assert all(holds(line) for line in steps.lines)


def test_larger_values_stand_further_to_the_right_on_both_rulers() -> None:
    trace = trace_of("calm")
    column = 2
    rows = sorted(range(100), key=lambda row: trace.tensor("first.x")[row].flat[column])
    found = [places(drawings.scaling_ruler(trace, row, column)) for row in rows]

    assert all(raw == scaled for raw, scaled in found)
    assert [raw for raw, _ in found] == sorted(raw for raw, _ in found)
    assert 0 <= found[0][0] < 0.05
    assert 0.95 < found[-1][0] <= 1


def test_a_constant_column_is_told_without_a_point() -> None:
    svg = drawings.scaling_ruler(constant_column(), 0, 1)

    assert places(svg) == []
    assert "scaled: nan" in words(parsed(svg))


def constant_column() -> Trace:
    """A trace in which column 1 was the same in all training rows."""
    trace = fabricated(4, 3, 8, 20)
    tensors = load(trace.tensors)
    tensors["low"][1] = tensors["high"][1] = tensors["first.x"][:, 1] = 7.0
    tensors["first.scaled"][:, 1] = math.nan
    return Trace(trace.document, save(tensors))


# -- the dots --------------------------------------------------------------------------------


def dots(root: Element) -> list[tuple[float, int]]:
    """Place and height of every stack."""
    stacks = (node for node in root.iter("line") if node.get("data-rows"))
    return [(share(node.attrib["x1"]), int(node.attrib["data-rows"])) for node in stacks]


@pytest.mark.parametrize("draw", [drawings.row_losses_wide, drawings.row_losses_tall])
@pytest.mark.parametrize("name", ["calm", "published", "ragged", "one by one", "whole"])
def test_there_is_a_dot_for_every_row(draw: object, name: str) -> None:
    trace = trace_of(name)
    root = parsed(draw(trace))  # type: ignore[operator]

    assert sum(height for _, height in dots(root)) == len(trace.tensor("first.row_losses"))


def test_a_stack_is_as_high_as_its_rows() -> None:
    root = parsed(drawings.row_losses_wide(trace_of("calm")))
    lengths = {
        (int(node.attrib["data-rows"]), round(float(node.attrib["y1"]) - float(node.attrib["y2"])))
        for node in root.iter("line")
        if node.get("data-rows")
    }

    assert all(length == (rows - 1) * 10 for rows, length in lengths)
    assert len(lengths) > 3


def test_dots_stand_where_the_axis_says() -> None:
    trace = trace_of("calm")
    root = parsed(drawings.row_losses_wide(trace))
    ticks = {float(node.text or ""): share(node.attrib["x"]) for node in of_class(root, "t-tick")}
    (first, at_first), *_, (last, at_last) = sorted(ticks.items())
    scale = (at_last - at_first) / (last - first)
    losses = sorted(trace.tensor("first.row_losses").flat)
    places = [at for at, height in dots(root) for _ in range(height)]

    for loss, place in zip(losses, places, strict=True):
        assert place == pytest.approx(at_first + (loss - first) * scale, abs=1 / 60)


def test_the_mean_is_the_loss_of_the_batch_and_stands_in_its_place() -> None:
    trace = trace_of("calm")
    root = parsed(drawings.row_losses_wide(trace))

    assert f"mean {trace.document['steps'][0]['loss']:.3f} = the loss" in words(root)
    (mean,) = of_class(root, "framed")
    (uniform,) = of_class(root, "ref")
    assert share(uniform.attrib["x1"]) < share(mean.attrib["x1"])
    assert f"ln 3 = {math.log(3):.3f}" in words(root)


def test_without_a_loss_line_the_mean_is_not_called_the_loss() -> None:
    shown = words(parsed(drawings.row_losses_wide(trace_of("forward only"))))

    assert [text for text in shown if text.startswith("mean")]
    assert not [text for text in shown if "the loss" in text]


def test_rows_that_are_not_finite_are_counted_out() -> None:
    root = parsed(drawings.row_losses_wide(fabricated(4, 3, 8, 50, math.inf)))

    assert sum(height for _, height in dots(root)) == 49
    assert "1 row not finite, not drawn" in words(root)
    assert not [text for text in words(root) if "the loss" in text]


# -- the batches -----------------------------------------------------------------------------


def strips(trace: Trace) -> Element:
    return parsed(drawings.batch_strip(trace))


def bars(root: Element) -> list[Element]:
    return of_class(root, "s1-tint")


def test_a_batch_is_as_wide_as_its_rows() -> None:
    found = bars(strips(trace_of("ragged")))

    assert len(found) == 3 * 8
    widths = [share(bar.attrib["width"]) for bar in found[:8]]
    assert sum(widths) == pytest.approx(1, abs=1e-3)
    assert widths[:7] == [widths[0]] * 7
    assert widths[7] / widths[0] == pytest.approx(104 / 128, abs=1e-3)


def test_the_last_batch_is_named_where_it_is_smaller() -> None:
    assert "An epoch is 7 × 128 rows and a last batch of 104." in words(strips(trace_of("ragged")))
    assert "An epoch is 10 batches of 100 rows." in words(strips(trace_of("calm")))
    assert "An epoch is one batch of 1,000 rows." in words(strips(trace_of("whole")))


def test_the_first_batch_is_framed() -> None:
    root = strips(trace_of("calm"))
    (frame,) = of_class(root, "framed")
    first = bars(root)[0]

    assert all(frame.attrib[name] == first.attrib[name] for name in ("x", "y", "width", "height"))


def test_steps_are_numbered_through() -> None:
    shown = words(strips(trace_of("calm")))

    assert [text for text in shown if "–" in text] == ["1–10", "11–20", "21–30", "31–40", "41–50"]


def test_what_is_left_out_is_said() -> None:
    shown = words(strips(trace_of("whole")))

    assert len(bars(strips(trace_of("whole")))) == 8
    assert "Drawn: the first 8 of 200 epochs." in shown


def test_a_run_that_ended_early_shows_what_it_dealt() -> None:
    root = strips(trace_of("in place"))

    assert len(bars(root)) == 2
    assert share(bars(root)[0].attrib["width"]) == pytest.approx(0.1)
    assert "The run ended after 2 batches of epoch 1." in words(root)


# -- the layers ------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [drawings.forward_layers_wide, drawings.forward_layers_tall])
def test_layers_have_the_shapes_and_parameters_of_the_model(draw: object) -> None:
    shown = words(parsed(draw(trace_of("calm"))))  # type: ignore[operator]

    assert {"(100, 10)", "(100, 16)", "(100, 3)"} <= set(shown)
    assert {"Linear(10, 16)", "ReLU()", "Linear(16, 3)"} <= set(shown)
    assert {"176 parameters", "0 parameters", "51 parameters"} <= set(shown)
    assert {"0.weight (16, 10)", "0.bias (16,)", "2.weight (3, 16)", "2.bias (3,)"} <= set(shown)


def test_the_share_of_zeros_is_counted() -> None:
    trace = trace_of("calm")
    hidden = trace.tensor("first.hidden").flat
    zeros = 100 * sum(value == 0 for value in hidden) / len(hidden)

    shown = words(parsed(drawings.forward_layers_wide(trace)))
    assert f"{zeros:.1f}% of outputs are 0" in shown
    assert 0 < zeros < 100


def test_a_run_without_a_forward_pass_has_no_layers() -> None:
    assert drawings.forward_layers_wide(trace_of("no forward")) == ""
