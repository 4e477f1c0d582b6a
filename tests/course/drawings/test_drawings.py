"""What every drawing keeps, for every kind of run and every size of tensor."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import drawings
from tests.course.drawings.svg import parsed
from tests.traces import (
    NAMES,
    fabricated,
    fabricated_row,
    names_of,
    plain_names,
    replayed,
    trace_of,
)
from trainer.engine.names import Names
from trainer.engine.trace import Trace

OF_TRACES: list[Callable[[Trace], str]] = [
    drawings.batch_strip,
    drawings.forward_layers_tall,
    drawings.forward_layers_wide,
    drawings.pipeline_tall,
    drawings.pipeline_wide,
    drawings.row_losses_tall,
    drawings.row_losses_wide,
    drawings.scaling_ruler,
]
OF_ROWS: list[Callable[[Any, Names], str]] = [
    drawings.prediction_history,
    drawings.prediction_tall,
    drawings.prediction_wide,
]
TRAINED = [
    "calm",
    "published",
    "ragged",
    "one by one",
    "whole",
    "diverged",
    "not finite",
    "iris",
    "wine",
    "digits",
]


def named(function: Callable[..., str]) -> str:
    return function.__name__


@pytest.mark.parametrize("draw", OF_TRACES, ids=named)
@pytest.mark.parametrize("name", NAMES)
def test_it_draws_a_run_or_says_that_there_is_nothing_to_draw(
    draw: Callable[[Trace], str], name: str
) -> None:
    svg = draw(trace_of(name))

    assert svg == "" or parsed(svg) is not None


@pytest.mark.parametrize("draw", OF_TRACES, ids=named)
@pytest.mark.parametrize("name", TRAINED)
def test_it_draws_every_run_that_trained(draw: Callable[[Trace], str], name: str) -> None:
    assert draw(trace_of(name))


@pytest.mark.parametrize("draw", OF_TRACES, ids=named)
def test_there_is_nothing_to_draw_of_a_run_without_a_batch(draw: Callable[[Trace], str]) -> None:
    assert draw(trace_of("no batch")) == ""


@pytest.mark.parametrize("draw", OF_ROWS, ids=named)
@pytest.mark.parametrize("name", TRAINED)
def test_it_draws_a_row_of_every_run_that_trained(
    draw: Callable[[Any, Names], str], name: str
) -> None:
    assert parsed(draw(replayed(name), names_of(name))) is not None


SIZES = {
    "features": st.integers(4, 64),
    "classes": st.integers(3, 10),
    "hidden": st.integers(1, 256),
}
ODD = st.sampled_from([0.0, math.nan, math.inf, -math.inf, 1e30, -1e-30])


@given(**SIZES, rows=st.integers(1, 1000), odd=ODD)
def test_it_draws_tensors_of_every_size(
    features: int, classes: int, hidden: int, rows: int, odd: float
) -> None:
    trace = fabricated(features, classes, hidden, rows, odd)

    for draw in OF_TRACES:
        svg = draw(trace)
        assert svg == "" or parsed(svg) is not None


@given(**SIZES, odd=st.sampled_from([0.25, "nan", "inf", "-inf", 1e30, -1e-30, 0.0]))
def test_it_draws_rows_of_every_size(
    features: int, classes: int, hidden: int, odd: float | str
) -> None:
    row, names = fabricated_row(features, classes, hidden, odd), plain_names(features, classes)

    for draw in OF_ROWS:
        assert parsed(draw(row, names)) is not None
    assert len(drawings.prediction_rows(row, names)) == 2 * features + 2 * hidden + 2 * classes


def test_a_bad_tensor_is_seen_and_not_hidden() -> None:
    sound = parsed(drawings.pipeline_wide(fabricated(10, 3, 16, 100)))
    broken = parsed(drawings.pipeline_wide(fabricated(10, 3, 16, 100, math.nan)))

    marked = [
        len([p for p in root.iter("path") if p.get("class") == "ink"]) for root in (sound, broken)
    ]
    assert marked[0] == 0
    assert marked[1] >= 4
