"""Probes of scores to work with, each against PyTorch."""

import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save
from torch import Tensor

from tests.sizes import size
from tests.trainer.engine import byhand
from tests.trainer.engine.reading import parameters, tensors
from trainer.engine.execute import run
from trainer.engine.probes import PROBES, probe
from trainer.engine.probes.scores import PLACES
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace

RUNS = ("calm", "published", "momentum", "adamw", "ragged", "whole", "late", "accumulating")

everywhere = pytest.mark.parametrize("name", RUNS)

OF_TRAINED = sorted(name for name in PROBES if name.startswith(("below_", "signed_row")))
OF_GUESSES = [*(f"guess_{name}" for name in PLACES), "surest_wrong", "guesses_right"]


def trained(trace: Trace) -> torch.nn.Sequential:
    return byhand.model_of(parameters(trace)[-1], trace.document["spec"]["hidden"])


def place_of(trace: Trace, name: str) -> int:
    """Where a training row stands in batch 1."""
    return tensors(trace)["first.rows"].tolist().index(probe(name, trace))


def number(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float)
    return found


@everywhere
def test_a_logit_is_its_products_and_its_bias(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    model = trained(trace)
    weights, biases = list(model.parameters())[2:]
    row = tensors(trace)["first.scaled"][place_of(trace, "below_row")]
    of_class = int(str(probe("below_class", trace)))
    with torch.no_grad():
        hidden, logit = model[:-1](row), model(row)[of_class]
        products = hidden @ weights[of_class]
    assert number("below_logit", trace) == pytest.approx(float(logit), abs=1e-5)
    assert number("below_products", trace) == pytest.approx(float(products), abs=1e-5)
    assert number("below_bias", trace) == biases[of_class].item()
    assert number("below_logit", trace) < -0.05


@pytest.mark.parametrize("name", ["calm", "published", "momentum", "adamw"])
def test_a_row_whose_lowest_logit_is_the_farthest_from_0(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    with torch.no_grad():
        logits = trained(trace)(tensors(trace)["first.scaled"][place_of(trace, "signed_row")])
    listed = str(probe("signed_row_logits", trace)).replace("\N{MINUS SIGN}", "-").split(", ")
    assert torch.allclose(torch.tensor([float(each) for each in listed]), logits, atol=6e-4)
    assert probe("signed_row_class", trace) == int(logits.argmax())
    assert int(logits.argmin()) == int(logits.abs().argmax())
    for each, values in (("signed_row_lead", logits), ("signed_row_lead_by_size", logits.abs())):
        first, second = values.topk(2).values
        assert number(each, trace) == pytest.approx(float(first - second), abs=1e-5)
    assert number("signed_row_lowest", trace) == pytest.approx(float(logits.min()), abs=1e-5)


def test_a_model_that_has_left_the_numbers_gives_no_scores(calm: Trace) -> None:
    for gone in (math.nan, math.inf, 1e30):
        stored = tensors(calm)
        stored["parameters"][-1] = gone
        trace = Trace(calm.document, save(stored))
        assert {probe(name, trace) for name in OF_TRAINED} == {None}


# -- four guesses ----------------------------------------------------------------------------


def four(trace: Trace) -> tuple[list[str], Tensor, Tensor]:
    """The four rows as told, whether each is right, and the share of the class named."""
    told = [str(probe(f"guess_{name}", trace)) for name in PLACES]
    stored = tensors(trace)
    start = stored["first.rows"].tolist().index(int(told[0].split()[1].rstrip(",")))
    shares, named = stored["first.logits"][start : start + 4].double().softmax(1).max(1)
    return told, named == stored["first.y"][start : start + 4], shares


@everywhere
def test_the_surest_of_four_guesses_is_right_and_some_are_wrong(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    told, right, shares = four(trace)
    assert bool(right[shares.argmax()])
    assert probe("guesses_right", trace) == int(right.sum()) <= 2
    assert number("guesses_share", trace) == pytest.approx(float(shares.mean()), abs=6e-4)
    wrong = shares.masked_fill(right, 0.0)
    assert probe("surest_wrong", trace) == PLACES[int(wrong.argmax())]
    for text, share in zip(told, shares.tolist(), strict=True):
        assert text.endswith(f"with {share:.3f}.")


def test_a_guess_is_told_with_its_row_and_both_classes(calm: Trace) -> None:
    stored = tensors(calm)
    told, _, _ = four(calm)
    for text in told:
        row, label, named = (int(part) for part in text.split(" with")[0].replace(",", " ")
                             .replace(":", " ").split() if part.isdigit())  # fmt: skip
        place = stored["first.rows"].tolist().index(row)
        assert label == int(stored["first.y"][place])
        assert named == int(stored["first.logits"][place].argmax())


def test_where_every_row_is_right_nothing_is_asked_of_guesses(calm: Trace) -> None:
    stored = tensors(calm)
    stored["first.y"] = stored["first.logits"].argmax(1)
    trace = Trace(calm.document, save(stored))
    assert {probe(name, trace) for name in [*OF_GUESSES, "guesses_share"]} == {None}


def test_there_is_something_to_ask_under_the_seeds_of_a_class() -> None:
    for seed in range(size(6, 40)):
        trace = run(replace(PRESETS["calm"], seed=seed), Program.correct())
        assert None not in [probe(name, trace) for name in (*OF_TRAINED, *OF_GUESSES)], seed


# -- shapes ----------------------------------------------------------------------------------


@everywhere
def test_the_shapes_of_one_row(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    model, x = trained(trace), tensors(trace)["first.x"][:1]
    assert probe("one_row_shape", trace) == str(tuple(x.shape))
    assert probe("one_row_hidden_shape", trace) == str(tuple(model[:-1](x).shape))
    assert probe("one_row_logits_shape", trace) == str(tuple(model(x).shape))
