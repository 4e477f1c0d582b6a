"""Probes of scaling against PyTorch on the rows themselves."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import parameters, tensors
from trainer.engine.execute import run
from trainer.engine.probes import PROBES, probe
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "momentum", "adamw")
MINE = [name for name, each in PROBES.items() if each.__module__.endswith(".preprocessing")]


def table(trace: Trace) -> tuple[Tensor, Tensor, Tensor]:
    """Raw rows of batch 1, and bounds of the training rows, in double precision."""
    (x, _), _ = textbook.data(trace.document["spec"]["rows"])
    raw, _ = byhand.batches_of(trace)[0]
    return raw.double(), x.min(dim=0).values.double(), x.max(dim=0).values.double()


def value(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float | int), name
    return found


@pytest.mark.parametrize("name", HONEST)
def test_the_lopsided_column_has_its_mean_farthest_from_its_middle(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    raw, low, high = table(trace)
    scaled = ((raw - low) / (high - low)).mean(dim=0)
    column = int((scaled - 0.5).abs().argmax())
    assert value("lopsided_column", trace) == column
    assert value("lopsided_low", trace) == low[column]
    assert value("lopsided_high", trace) == high[column]
    assert value("lopsided_mean", trace) == pytest.approx(raw[:, column].mean().item())
    assert value("lopsided_mean_scaled", trace) == pytest.approx(scaled[column].item())
    middle = value("lopsided_middle", trace)
    assert (middle - low[column]) / (high[column] - low[column]) == pytest.approx(0.5)


@pytest.mark.parametrize("name", HONEST)
def test_the_widest_column_is_asked_about_beyond_its_end(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    _, low, high = table(trace)
    column = int((high - low).argmax())
    assert value("widest_column", trace) == column
    assert value("widest_low", trace) == low[column]
    assert value("widest_high", trace) == high[column]
    beyond = value("widest_beyond", trace)
    assert beyond == round(beyond, 3)
    share = (beyond - low[column]) / (high[column] - low[column])
    assert value("widest_beyond_scaled", trace) == pytest.approx(share.item())
    assert share == pytest.approx(1.2, abs=1e-3)


@pytest.mark.parametrize("name", HONEST)
def test_the_refitted_column_is_the_one_that_moves_most(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    raw, low, high = table(trace)
    whole = (raw[0] - low) / (high - low)
    own = (raw[0] - raw.min(dim=0).values) / (raw.max(dim=0).values - raw.min(dim=0).values)
    column = int((own - whole).abs().argmax())
    assert value("refitted_column", trace) == column
    assert value("refitted_raw", trace) == raw[0, column]
    assert value("refitted_scaled", trace) == pytest.approx(whole[column].item())
    assert value("refitted_by_batch", trace) == pytest.approx(own[column].item())
    assert value("refitted_batch_low", trace) == raw[:, column].min()
    assert value("refitted_batch_high", trace) == raw[:, column].max()


@pytest.mark.parametrize("name", HONEST)
def test_a_mistyped_value_squeezes_the_first_row_s(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    raw, low, high = table(trace)
    scaled = (raw[0] - low) / (high - low)
    column = int(scaled.argmax())
    assert value("mistyped_column", trace) == column
    assert value("mistyped_before", trace) == pytest.approx(scaled[column].item())
    (x, _), _ = textbook.data(trace.document["spec"]["rows"])
    values = torch.cat([x[:, column].double(), 100 * high[column].view(1)])
    bounds = values.min(), values.max()
    assert value("mistyped_highest", trace) == pytest.approx(bounds[1].item())
    again = (raw[0, column] - bounds[0]) / (bounds[1] - bounds[0])
    assert value("mistyped_after", trace) == pytest.approx(again.item())
    assert value("mistyped_raw", trace) == raw[0, column]
    assert value("mistyped_low", trace) == low[column]
    assert value("mistyped_high", trace) == high[column]


@pytest.mark.parametrize("name", HONEST)
def test_a_product_of_the_first_row_scaled_and_raw(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    raw, low, high = table(trace)
    scaled = (raw[0] - low) / (high - low)
    column = int((raw[0] - scaled).abs().argmax())
    start = byhand.model_of(parameters(trace)[0], trace.document["spec"]["hidden"])
    weights = next(start.parameters())[:, column].double()
    unit = int(weights.abs().argmax())
    assert value("moved_column", trace) == column
    assert value("moved_raw", trace) == raw[0, column]
    assert value("moved_scaled", trace) == pytest.approx(scaled[column].item())
    assert value("moved_unit", trace) == unit
    assert value("moved_weight", trace) == pytest.approx(weights[unit].item())
    for suffix, row in (("raw", raw[0]), ("scaled", scaled)):
        product = (weights[unit] * row[column]).item()
        assert value(f"moved_product_{suffix}", trace) == pytest.approx(product)


def test_one_row_alone_has_no_bounds_of_its_own(variety: dict[str, Trace]) -> None:
    assert probe("refitted_by_batch", variety["one by one"]) is None
    assert probe("widest_column", variety["one by one"]) is not None


@pytest.mark.parametrize("preset", ["calm", "iris", "wine", "digits"])
def test_shapes_of_bounds_are_those_of_pytorch(preset: str) -> None:
    trace = run(replace(PRESETS[preset], epochs=1), Program.correct())
    data = trace.document["data"]
    x = torch.zeros(data["train_rows"], data["features"])
    assert probe("train_x_shape", trace) == str(tuple(x.shape))
    assert probe("column_bounds_shape", trace) == str(tuple(x.min(dim=0).values.shape))
    assert probe("row_bounds_shape", trace) == str(tuple(x.min(dim=1).values.shape))
    assert probe("column_bounds_shape", trace) == str(trace.tensor("low").shape)


@pytest.mark.parametrize("name", HONEST)
def test_sums_and_confidence_of_the_first_row_scaled_and_raw(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    found, hidden = tensors(trace), trace.document["spec"]["hidden"]
    for suffix in ("scaled", "raw"):
        row = found[f"first.{'x' if suffix == 'raw' else 'scaled'}"][:1]
        with torch.no_grad():
            start, end = (byhand.model_of(parameters(trace)[at], hidden) for at in (0, -1))
            largest = start[0](row).abs().max().item()
            likeliest = end(row).softmax(dim=1).max().item()
        assert value(f"largest_sum_{suffix}", trace) == pytest.approx(largest, rel=1e-4)
        assert value(f"confidence_{suffix}", trace) == pytest.approx(likeliest, abs=1e-4)


@pytest.mark.parametrize("name", ["no forward", "nothing", "odd indentation", "no loss"])
def test_what_a_run_did_not_reach_is_absent(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    for each in MINE:
        found = probe(each, trace)
        assert found is None or isinstance(found, str) or math.isfinite(found), each
    if not trace.has("first.hidden"):
        assert probe("largest_sum_scaled", trace) is None
        assert probe("confidence_raw", trace) is None
        assert probe("moved_product_raw", trace) is None


def test_a_model_that_is_not_finite_any_more_is_sure_of_nothing(
    variety: dict[str, Trace],
) -> None:
    assert not parameters(variety["not finite"])[-1].isfinite().all()
    assert probe("confidence_scaled", variety["not finite"]) is None
    assert probe("largest_sum_scaled", variety["not finite"]) is not None


def test_constant_columns_are_passed_over() -> None:
    trace = run(replace(PRESETS["digits"], epochs=1), Program.correct())
    low, high = tensors(trace)["low"], tensors(trace)["high"]
    assert (low == high).any()
    names = ("lopsided", "widest", "refitted", "mistyped", "moved")
    for name in (f"{each}_column" for each in names):
        column = probe(name, trace)
        assert isinstance(column, int)
        assert low[column] < high[column]
