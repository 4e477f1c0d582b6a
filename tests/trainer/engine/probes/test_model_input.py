"""Probes of the forward pass against PyTorch."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from tests.trainer.engine.reading import parameters, tensors
from trainer.engine.execute import run
from trainer.engine.probes import PROBES, probe
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import CORRECT

HONEST = ("calm", "published", "ragged", "one by one", "momentum", "adamw")
MINE = [name for name, each in PROBES.items() if each.__module__.endswith(".model_input")]


def linear_parts(trace: Trace) -> list[Tensor]:
    shapes = [tuple(each["shape"]) for each in trace.document["layout"]]
    parts = torch.split(parameters(trace)[0].double(), [math.prod(shape) for shape in shapes])
    return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]


def value(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float | int), name
    return found


@pytest.mark.parametrize("preset", ["calm", "published", "iris", "wine", "digits"])
def test_sizes_are_those_of_pytorch_s_own_model(preset: str) -> None:
    trace = run(replace(PRESETS[preset], epochs=1), Program.correct())
    features, classes = (trace.document["data"][name] for name in ("features", "classes"))
    hidden = trace.document["spec"]["hidden"]

    def count(width: int, kind: str = "") -> int:
        model = nn.Sequential(nn.Linear(features, width), nn.ReLU(), nn.Linear(width, classes))
        return sum(each.numel() for name, each in model.named_parameters() if kind in name)

    assert probe("feature_count", trace) == features
    assert probe("class_count", trace) == classes
    assert probe("hidden_units", trace) == hidden
    assert probe("weight_count", trace) == count(hidden, "weight")
    assert probe("bias_count", trace) == count(hidden, "bias")
    assert probe("doubled_units", trace) == 2 * hidden
    assert probe("doubled_weights", trace) == count(2 * hidden, "weight")
    assert probe("doubled_biases", trace) == count(2 * hidden, "bias")
    assert probe("doubled_parameters", trace) == count(2 * hidden)
    one = nn.Linear(features, classes)
    assert probe("one_layer_weights", trace) == one.weight.numel()
    assert probe("one_layer_parameters", trace) == one.weight.numel() + one.bias.numel()
    assert probe("first_weight_shape", trace) == str(
        tuple(nn.Linear(features, hidden).weight.shape)
    )
    assert probe("hidden_shape", trace) == str(trace.tensor("first.hidden").shape)


@pytest.mark.parametrize("preset", ["calm", "iris", "digits"])
def test_sizes_of_a_wider_model_are_those_of_pytorch_s(preset: str) -> None:
    trace = run(replace(PRESETS[preset], epochs=1), Program.correct())
    features, classes = (trace.document["data"][name] for name in ("features", "classes"))
    hidden = trace.document["spec"]["hidden"]
    first, second = nn.Linear(features, 2 * hidden), nn.Linear(2 * hidden, classes)
    assert probe("doubled_first_weight_shape", trace) == str(tuple(first.weight.shape))
    assert probe("doubled_second_weight_shape", trace) == str(tuple(second.weight.shape))
    weights, biases = second.weight.numel(), second.bias.numel()
    assert probe("doubled_second_weights", trace) == weights
    assert probe("doubled_second_parameters", trace) == weights + biases
    assert probe("doubled_second_by_units", trace) == weights + first.bias.numel()
    handed_on = first(torch.zeros(int(value("uneven_batch_size", trace)), features)).relu()
    assert probe("uneven_doubled_hidden_shape", trace) == str(tuple(handed_on.shape))
    assert probe("uneven_logits_shape", trace) == str(tuple(second(handed_on).shape))


@pytest.mark.parametrize("preset", ["calm", "bench", "iris"])
def test_what_starts_at_zero_and_stays_there(preset: str) -> None:
    spelled = ("model,zero_weights" if name == "model" else name for name in CORRECT)
    trace = run(PRESETS[preset], Program.parse(",".join(spelled)))
    ended = parameters(trace)[-1]
    assert not parameters(trace)[0].any()
    assert probe("stuck_at_zero", trace) == int((ended == 0).sum())


@pytest.mark.parametrize("name", HONEST)
def test_units_of_the_first_row(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    weight, bias, *_ = linear_parts(trace)
    row = tensors(trace)["first.scaled"][0].double()
    products, hidden = weight @ row, tensors(trace)["first.hidden"]
    loud, quiet = (probe(f"{which}_unit", trace) for which in ("loud", "quiet"))
    if isinstance(loud, int):
        above = products + bias > 0
        assert bias[loud].abs() == bias[above].abs().max()
        assert value("loud_products", trace) == pytest.approx(products[loud].item(), abs=1e-6)
        assert value("loud_bias", trace) == pytest.approx(bias[loud].item())
        assert value("loud_value", trace) == pytest.approx(hidden[0, loud].item(), abs=1e-5)
    if isinstance(quiet, int):
        assert value("quiet_sum", trace) < 0
        assert value("quiet_sum", trace) == pytest.approx((products + bias)[quiet].item(), abs=1e-6)
        awake = (hidden > 0).sum(dim=0)
        assert awake[quiet] == awake[products + bias < 0].max()
        assert (probe("quiet_unit_rows", trace) or 0) == awake[quiet]
    assert (loud is None) == bool((hidden[0] == 0).all())
    assert (quiet is None) == bool((products + bias >= 0).all())
    assert probe("asleep_in_batch", trace) == int((hidden == 0).all(dim=0).sum())


@pytest.mark.parametrize("name", HONEST)
def test_scores_of_the_first_batch(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    logits = tensors(trace)["first.logits"]
    assert probe("negative_logits", trace) == int((logits < 0).sum())
    assert probe("logit_count", trace) == logits.numel()


@pytest.mark.parametrize("name", HONEST)
def test_two_layers_without_relu_multiply_out_to_one(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    weight1, bias1, weight2, bias2 = linear_parts(trace)
    row = tensors(trace)["first.scaled"][0].double()
    stacked = weight2 @ (weight1 @ row + bias1) + bias2
    merged = (weight2 @ weight1) @ row + (weight2 @ bias1 + bias2)
    assert value("stacked_score", trace) == pytest.approx(stacked[0].item())
    assert value("merged_score", trace) == pytest.approx(merged[0].item())
    assert value("merged_score", trace) == pytest.approx(value("stacked_score", trace), abs=1e-9)


@pytest.mark.parametrize("name", ["no forward", "nothing", "odd indentation", "not finite"])
def test_what_a_run_did_not_reach_is_absent(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    for each in MINE:
        found = probe(each, trace)
        assert found is None or isinstance(found, str) or math.isfinite(found), each
    if not trace.has("first.hidden"):
        for each in ("loud_unit", "quiet_unit", "asleep_in_batch", "stacked_score"):
            assert probe(each, trace) is None
