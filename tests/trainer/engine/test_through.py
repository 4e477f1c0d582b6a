"""Any row through the layers at any epoch, held against PyTorch and the replay of rows."""

import json
import math
from typing import Any

import pytest
import torch

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import parameters, small, strict
from trainer.engine import replay, surveys
from trainer.engine.execute import names_of, run
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.spec import PRESETS
from trainer.engine.through import through
from trainer.engine.trace import Trace

LAYERS = ("raw", "scaled", "hidden_before", "hidden", "logits", "probabilities", "predicted")
HONEST = ("calm", "published", "ragged", "momentum", "adamw", "diverged", "not finite")


def last_epoch(trace: Trace) -> int:
    return int(trace.document["epochs"][-1]["epoch"])


@pytest.mark.parametrize("name", HONEST)
def test_after_the_last_epoch_it_is_the_row_that_replay_gives(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    for row in (0, 17, 499):
        found, known = through(trace, ["heldout", row, last_epoch(trace)]), replay.row(trace, row)
        assert {key: found[key] for key in (*LAYERS, "label", "row")} == {
            key: known[key] for key in (*LAYERS, "label", "row")
        }
        for each in known["by_epoch"]:
            then = through(trace, ["heldout", row, each["epoch"]])
            assert then["probabilities"] == each["probabilities"]
            assert then["predicted"] == each["predicted"]


@pytest.mark.parametrize("epoch", [0, 1, 5])
def test_every_layer_is_pytorch_s(calm: Trace, epoch: int) -> None:
    _, (x, y) = textbook.data()
    model = byhand.model_like(calm, parameters(calm)[10 * epoch])
    for row in (0, 3, 250):
        found = through(calm, ["heldout", row, epoch])
        scaled, raw = byhand.scaled(calm, x[row : row + 1]), x[row : row + 1]
        with torch.no_grad():
            before = model[0](scaled)
            logits, unscaled = model(scaled)[0], model(raw)[0]
        assert found["raw"] == raw[0].tolist()
        assert found["label"] == int(y[row])
        assert found["hidden_before"] == pytest.approx(before[0].tolist(), rel=1e-5, abs=1e-6)
        assert found["hidden"] == pytest.approx(before[0].relu().tolist(), rel=1e-5, abs=1e-6)
        assert found["logits"] == pytest.approx(logits.tolist(), rel=1e-5, abs=1e-6)
        assert found["predicted"] == int(logits.argmax())
        assert found["probabilities"] == pytest.approx(logits.softmax(0).tolist(), abs=1e-6)
        forgot = found["unscaled"]
        assert forgot["logits"] == pytest.approx(unscaled.tolist(), rel=1e-5, abs=1e-4)
        assert forgot["predicted"] == int(unscaled.argmax())
        assert forgot["probabilities"] == pytest.approx(unscaled.softmax(0).tolist(), abs=1e-6)


@pytest.mark.parametrize("name", ["calm", "iris", "wine", "digits"])
def test_the_terms_add_up_to_units_and_logits(name: str) -> None:
    trace = run(PRESETS[name], Program.correct())
    found = through(trace, ["heldout", 2, 3])
    for weights, biases, inputs, sums in (
        ("weight1", "bias1", "scaled", "hidden_before"),
        ("weight2", "bias2", "hidden", "logits"),
    ):
        assert len(found[weights]) == len(found[biases]) == len(found[sums])
        for line, bias, total in zip(found[weights], found[biases], found[sums], strict=True):
            products = [w * x for w, x in zip(line, found[inputs], strict=True)]
            assert math.fsum([*products, bias]) == pytest.approx(total, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("name", ["calm", "iris", "wine", "digits"])
def test_a_typed_row_is_treated_as_a_held_out_one(name: str) -> None:
    trace = run(PRESETS[name], Program.correct())
    heldout = names_of(spec_of(trace))["heldout"]
    for row in (0, 5):
        typed = through(trace, ["typed", heldout.x[row].tolist(), 2])
        known = through(trace, ["heldout", row, 2])
        assert typed["row"] is typed["label"] is None
        assert {**known, "row": None, "label": None} == typed


def test_it_agrees_with_the_survey_of_all_held_out_rows(calm: Trace) -> None:
    for epoch in (0, 2, 5):
        every = surveys.heldout(calm, epoch)
        for row in (0, 123):
            found = through(calm, ["heldout", row, epoch])
            assert found["predicted"] == every["predicted"][row]
            assert found["label"] == every["labels"][row]
            assert found["logits"] == pytest.approx(every["logits"][row], rel=1e-5, abs=1e-6)


def test_without_a_scaler_forgetting_it_changes_nothing() -> None:
    text = "zero_grad,forward,loss,backward,step"
    frame = "init_seed,shuffle_seed,scaler_none,model,criterion,optimizer,loader,for_epoch"
    trace = run(small(), Program.parse(f"{frame},for_batch,{text}"))
    found = through(trace, ["heldout", 1, 2])
    assert found["raw"] == found["scaled"]
    assert found["unscaled"]["logits"] == found["logits"]


def test_what_is_not_finite_is_a_word(variety: dict[str, Trace]) -> None:
    found = through(variety["not finite"], ["heldout", 0, 5])
    assert strict(json.dumps(found, allow_nan=False)) == found
    assert "nan" in found["probabilities"]


@pytest.mark.parametrize(
    "wanted",
    [
        ["heldout", -1, 1], ["heldout", 500, 1], ["heldout", 0, 6], ["heldout", 0, -1],
        ["typed", [1.0] * 9, 1], ["typed", [1.0] * 11, 1], ["typed", [1e7] * 10, 1],
        ["typed", [math.nan] * 10, 1], ["typed", [math.inf] * 10, 1],
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(calm: Trace, wanted: list[Any]) -> None:
    with pytest.raises(NotReached):
        through(calm, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "train_mode:2",
        "init_seed,shuffle_seed,scaler,model_linear,criterion,optimizer,loader,for_epoch,for_batch",
        "init_seed,shuffle_seed,model,criterion,optimizer,loader,for_epoch,for_batch,forward",
    ],
)
def test_a_model_that_cannot_be_followed_is_refused(text: str) -> None:
    trace = run(small(), Program.parse(text))
    can = text == "train_mode:2"
    for epoch in (0, 1):
        if can:
            assert through(trace, ["heldout", 0, epoch])["epoch"] == epoch
            continue
        with pytest.raises(NotReached):
            through(trace, ["heldout", 0, epoch])
