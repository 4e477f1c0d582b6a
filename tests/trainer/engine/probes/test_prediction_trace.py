"""Probes of predictions, each against PyTorch: one row, a few rows, shapes of all."""

import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save
from torch import Tensor

from tests.sizes import size
from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import parameters, tensors
from trainer.engine.execute import run
from trainer.engine.probes import PROBES, probe
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "momentum", "adamw")
RUNS = (*HONEST, "ragged", "one by one", "whole", "crawling", "late", "accumulating")

everywhere = pytest.mark.parametrize("name", RUNS)


def number(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float | int)
    return float(found)


def logits(trace: Trace, rows: str = "first.scaled") -> Tensor:
    """Of the first twenty rows of batch 1, under the parameters that training left."""
    model = byhand.model_of(parameters(trace)[-1], trace.document["spec"]["hidden"])
    with torch.no_grad():
        return model(tensors(trace)[rows][:20])  # type: ignore[no-any-return]


def odds(trace: Trace) -> Tensor:
    """Of each of these rows, how many times the next share the largest is."""
    top = logits(trace).double().softmax(dim=1).topk(2).values
    return top[:, 0] / top[:, 1]


def chosen(trace: Trace) -> list[int]:
    return ((odds(trace) >= 3) & (odds(trace) <= 50)).nonzero().flatten().tolist()


OF_THE_ROW = sorted(name for name in PROBES if name.startswith(("predicted_row", "raw_row_")))
OF_THE_OTHER = sorted(name for name in PROBES if name.startswith("other_row"))


@everywhere
def test_a_row_that_is_neither_barely_nor_far_ahead(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    places = chosen(trace)
    assert {probe(each, trace) is None for each in OF_THE_ROW} == {len(places) < 1}
    assert {probe(each, trace) is None for each in OF_THE_OTHER} == {len(places) < 2}
    for place, prefix in zip(places, ("predicted_row", "other_row"), strict=False):
        row = logits(trace)[place].double()
        first, second = row.topk(2).values.tolist()
        assert probe(prefix, trace) == int(tensors(trace)["first.rows"][place])
        assert number(f"{prefix}_top_logit", trace) == pytest.approx(first, abs=1e-5)
        assert number(f"{prefix}_next_logit", trace) == pytest.approx(second, abs=1e-5)
        assert number(f"{prefix}_gap", trace) == pytest.approx(first - second, abs=1e-5)
        assert number(f"{prefix}_odds", trace) == pytest.approx(float(odds(trace)[place]), rel=1e-5)


@pytest.mark.parametrize("name", HONEST)
def test_what_softmax_makes_of_it(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    place = chosen(trace)[0]
    row = logits(trace)[place].double()
    assert probe("predicted_row_class", trace) == int(row.argmax())
    raised = (row + torch.eye(len(row))[int(row.argmax())]).softmax(0).topk(2).values
    assert probe("predicted_row_label", trace) == int(tensors(trace)["first.y"][place])
    wanted = {
        "predicted_row_logit_sum": row.sum(),
        "predicted_row_share": row.softmax(0).max(),
        "predicted_row_share_of_doubled": (2 * row).softmax(0).max(),
        "predicted_row_share_twice": row.softmax(0).softmax(0).max(),
        "predicted_row_share_powers": row.softmax(0).exp().sum(),
        "predicted_row_share_over_powers": row.softmax(0).max() / row.softmax(0).exp().sum(),
        "predicted_row_odds_plus_one": odds(trace)[place] + 1,
        "predicted_row_odds_of_one_more": raised[0] / raised[1],
        "predicted_row_twice_the_odds": 2 * odds(trace)[place],
    }
    for each, value in wanted.items():
        assert number(each, trace) == pytest.approx(float(value), rel=1e-5, abs=1e-5), each
    other = logits(trace)[chosen(trace)[1]].double()
    wanted = {
        "other_row_share": other.softmax(0).max(),
        "other_row_share_twice": other.softmax(0).softmax(0).max(),
        "other_row_powers": other.exp().sum(),
        "other_row_logit_over_powers": other.max() / other.exp().sum(),
    }
    for each, value in wanted.items():
        assert number(each, trace) == pytest.approx(float(value), rel=1e-5, abs=1e-5), each
    top = (2 * row).softmax(0).topk(2).values
    assert number("predicted_row_odds_of_doubled", trace) == pytest.approx(
        float(top[0] / top[1]), rel=1e-4
    )
    one_hot = torch.eye(3)[0]
    assert number("softmax_twice_most", trace) == pytest.approx(float(one_hot.softmax(0).max()))


@pytest.mark.parametrize("name", HONEST)
def test_raw_rows_through_the_trained_model(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    labels = tensors(trace)["first.y"][:20]
    assert probe("tried_rows", trace) == len(labels)
    for each, rows in (("tried_rows_right", "first.scaled"), ("raw_rows_right", "first.x")):
        assert probe(each, trace) == int((logits(trace, rows).argmax(1) == labels).sum())
    raw = logits(trace, "first.x")
    sure = raw.double().softmax(1).max(1).values.mean()
    assert number("raw_rows_share", trace) == pytest.approx(float(sure), abs=1e-4)
    place = chosen(trace)[0]
    assert number("raw_row_largest", trace) == tensors(trace)["first.x"][place].max().item()
    assert probe("raw_row_class", trace) == int(raw[place].argmax())
    share = raw[place].double().softmax(0).max()
    assert number("raw_row_share", trace) == pytest.approx(float(share), abs=1e-4)


@pytest.mark.parametrize("name", [*HONEST, "ragged", "one by one", "whole"])
def test_all_held_out_rows(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    _, (x, y) = textbook.data(spec["rows"], spec["data_seed"])
    model = byhand.model_of(parameters(trace)[-1], spec["hidden"])
    hidden = model[0](byhand.scaled(trace, x))
    out = model(byhand.scaled(trace, x)).detach()
    assert probe("heldout_logits_shape", trace) == str(tuple(out.shape))
    assert probe("heldout_hidden_shape", trace) == str(tuple(hidden.shape))
    assert probe("heldout_labels_shape", trace) == str(tuple(out.argmax(1).shape))
    batch, _ = byhand.batches_of(trace)[0]
    assert probe("heldout_as_batch_shape", trace) == str((len(batch), out.shape[1]))
    assert probe("heldout_misses", trace) == int((out.argmax(1) != y).sum())
    shares = out.double().softmax(1)[torch.arange(len(y)), y]
    typical = shares.log().mean().exp()
    assert number("heldout_typical_share", trace) == pytest.approx(float(typical), rel=1e-4)


def test_a_model_that_has_left_the_numbers_predicts_nothing(calm: Trace) -> None:
    asked = [*OF_THE_ROW, *OF_THE_OTHER, "tried_rows", "raw_rows_share", "raw_rows_right"]
    for gone in (math.nan, math.inf, -math.inf):
        stored = tensors(calm)
        stored["parameters"][-1, 3] = gone
        trace = Trace(calm.document, save(stored))
        assert {probe(name, trace) for name in asked} == {None}


def test_there_are_two_rows_to_speak_of_under_the_seeds_of_a_class() -> None:
    for seed in range(size(6, 40)):
        trace = run(replace(PRESETS["calm"], seed=seed), Program.correct())
        assert len(chosen(trace)) >= 2
        assert None not in [probe(name, trace) for name in (*OF_THE_ROW, *OF_THE_OTHER)]
