"""A stored run gives back any of its steps and rows, although its results were thrown away."""

from typing import Any

import pytest
import torch

from tests.sizes import SOAK
from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import (
    body,
    parameters,
    same_bits,
    small,
    tensors,
    without_results,
)
from trainer.engine import replay
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.recorder import Stop
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

SAMPLED = (
    "published", "ragged", "one by one", "whole", "momentum", "adamw", "diverged", "not finite",
    "late", "accumulating", "never clears in time", "nothing",
)  # fmt: skip


def some_steps(trace: Trace) -> list[int]:
    """First, second, a few between and the last; all of them at full size."""
    last = len(trace.document["steps"])
    return list(range(1, last + 1)) if SOAK else sorted({1, 2, last // 3, last - 1, last} - {0})


def tensor(value: object) -> torch.Tensor:
    """Nested lists of document numbers as a float tensor."""
    if isinstance(value, list):
        return torch.stack([tensor(each) for each in value])
    assert isinstance(value, float | int | str)
    return torch.tensor(float(value))


def check_step(trace: Trace, wanted: int, found: dict[str, Any]) -> None:
    """Whether a replayed step is what the run saw, to the bit."""
    seen, stored = trace.document["steps"][wanted - 1], parameters(trace)
    assert (found["step"], found["epoch"], found["batch"]) == (wanted, seen["epoch"], seen["batch"])
    assert found.get("loss") == seen["loss"]
    assert found["grad_norm"] == seen["grad_norm"]
    assert same_bits(tensor(found["before"]), stored[wanted - 1])
    assert same_bits(tensor(found["after"]), stored[wanted])
    x, y = byhand.batches_of(trace)[wanted - 1]
    assert same_bits(tensor(found["x"]), x)
    assert found["y"] == y.tolist()


def test_every_step_of_the_calm_run_comes_back_to_the_bit(calm: Trace) -> None:
    forgetful = without_results(calm)
    for wanted in range(1, 51):
        check_step(calm, wanted, replay.step(forgetful, wanted))


@pytest.mark.parametrize("name", SAMPLED)
def test_steps_of_other_runs_come_back_too(variety: dict[str, Trace], name: str) -> None:
    forgetful = without_results(variety[name])
    for wanted in some_steps(variety[name]):
        check_step(variety[name], wanted, replay.step(forgetful, wanted))


@pytest.mark.parametrize("name", ["calm", "ragged", "momentum", "accumulating"])
def test_the_first_step_comes_back_as_it_was_recorded(variety: dict[str, Trace], name: str) -> None:
    found = replay.step(without_results(variety[name]), 1)
    for stored, recorded in tensors(variety[name]).items():
        if stored.startswith("first."):
            mine = tensor(found[stored.removeprefix("first.")]).to(recorded.dtype)
            assert same_bits(mine, recorded), stored


@pytest.mark.parametrize("wanted", [1, 7, 15])
def test_a_replayed_step_is_what_a_fresh_model_gives(
    variety: dict[str, Trace], wanted: int
) -> None:
    trace = variety["ragged"]
    found = replay.step(without_results(trace), wanted)
    own = byhand.step_of(trace, tensor(found["before"]), byhand.batches_of(trace)[wanted - 1])
    assert same_bits(tensor(found["scaled"]), own.scaled)
    assert same_bits(tensor(found["logits"]), own.logits)
    assert same_bits(tensor(found["gradients"]), own.gradients)
    assert found["loss"] == own.loss
    (x, _), _ = textbook.data(250)
    assert same_bits(x[found["rows"]], own.x)


def test_a_failed_run_comes_back_up_to_the_line_that_failed(variety: dict[str, Trace]) -> None:
    trace = variety["in place"]
    assert len(trace.document["steps"]) == 2
    forgetful = without_results(trace)
    check_step(trace, 1, replay.step(forgetful, 1))
    last = replay.step(forgetful, 2)
    assert last["loss"] == trace.document["steps"][1]["loss"]
    assert last["grad_norm"] == trace.document["steps"][1]["grad_norm"]
    assert "after" not in last


def test_tensors_that_a_step_did_not_reach_are_absent(variety: dict[str, Trace]) -> None:
    found = replay.step(variety["no forward"], 1)
    assert {"x", "y", "scaled", "rows"} <= set(found)
    assert not {"logits", "loss", "gradients", "after"} & set(found)
    assert found["grad_norm"] is None


def test_not_finite_numbers_come_back_as_strings(variety: dict[str, Trace]) -> None:
    trace = variety["not finite"]
    found = replay.step(trace, 50)
    assert found["loss"] == "nan"
    assert {value for row in found["logits"] for value in row} == {"nan"}


@pytest.mark.parametrize("wanted", [0, -1, 51, 2001, 10**9, -(2**70), 2**70])
def test_a_step_that_the_run_does_not_have_is_refused(calm: Trace, wanted: int) -> None:
    with pytest.raises(replay.NotReached):
        replay.step(calm, wanted)


@pytest.mark.parametrize("name", ["odd indentation", "in place", "no forward"])
def test_a_step_behind_the_end_of_a_failed_run_is_refused(
    variety: dict[str, Trace], name: str
) -> None:
    with pytest.raises(replay.NotReached):
        replay.step(variety[name], len(variety[name].document["steps"]) + 1)


def test_a_step_behind_the_end_of_a_stopped_run_is_refused() -> None:
    def stop(step: int) -> None:
        if step:
            raise Stop("Cancelled.")

    trace = run(RunSpec(rows=400, batch_size=1, epochs=2), Program.correct(), stop)
    reached = len(trace.document["steps"])
    assert trace.document["status"] == "stopped"
    assert 1 <= reached < 800
    with pytest.raises(replay.NotReached):
        replay.step(trace, reached + 1)


@pytest.mark.parametrize("wanted", ["1", None, 1.5, [1], b"1"])
def test_a_step_that_is_no_number_is_an_error_and_no_answer(calm: Trace, wanted: object) -> None:
    with pytest.raises((replay.NotReached, TypeError)):
        replay.step(calm, wanted)  # type: ignore[arg-type]
    with pytest.raises((replay.NotReached, TypeError)):
        replay.row(calm, wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["calm", "published", "ragged", "momentum", "late", "nothing"])
@pytest.mark.parametrize("wanted", [0, 1, 250, 499])
def test_a_row_goes_through_the_layers_of_a_fresh_model(
    variety: dict[str, Trace], name: str, wanted: int
) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    _, (x, y) = textbook.data(spec["rows"], spec["data_seed"])
    model = byhand.model_of(parameters(trace)[-1], spec["hidden"])
    found = replay.row(without_results(trace), wanted)
    with torch.no_grad():
        inputs = byhand.scaled(trace, x[wanted : wanted + 1])
        before = model[0](inputs)
        logits = model(inputs)
    expected = {
        "raw": x[wanted], "scaled": inputs[0], "hidden_before": before[0],
        "hidden": before.clamp(min=0)[0], "logits": logits[0],
        "probabilities": torch.softmax(logits, dim=1)[0],
    }  # fmt: skip
    for key, value in expected.items():
        assert same_bits(tensor(found[key]), value), key
    assert found["row"] == wanted
    assert found["predicted"] == int(logits.argmax())
    assert found["label"] == int(y[wanted])


@pytest.mark.parametrize("name", ["calm", "ragged", "accumulating"])
def test_a_row_is_followed_from_before_training_to_each_epoch_s_end(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    _, (x, _) = textbook.data(spec["rows"])
    inputs = byhand.scaled(trace, x[42:43])
    rows = replay.row(without_results(trace), 42)["by_epoch"]
    assert [each["epoch"] for each in rows] == list(range(spec["epochs"] + 1))
    ends = [0, *(each["last_step"] for each in trace.document["epochs"])]
    for each, end in zip(rows, ends, strict=True):
        with torch.no_grad():
            logits = byhand.model_of(parameters(trace)[end], spec["hidden"])(inputs)
        assert same_bits(tensor(each["probabilities"]), logits.softmax(dim=1)[0])
        assert each["predicted"] == int(logits.argmax())


def test_hits_over_all_rows_are_the_held_out_accuracy(variety: dict[str, Trace]) -> None:
    trace = variety["late"]
    rows = [replay.row(trace, number) for number in range(500)]
    hits = sum(each["predicted"] == each["label"] for each in rows)
    assert hits / 500 == trace.document["epochs"][-1]["heldout_accuracy"]


@pytest.mark.parametrize("wanted", [-1, 500, 10**9, 2**70])
def test_a_row_that_does_not_exist_is_refused(calm: Trace, wanted: int) -> None:
    with pytest.raises(replay.NotReached):
        replay.row(calm, wanted)


def test_a_run_without_a_model_predicts_nothing() -> None:
    trace = run(small(), Program.parse("shuffle_seed,scaler,loader,for_epoch,for_batch,scale"))
    with pytest.raises(replay.NotReached):
        replay.row(trace, 0)


def test_replaying_leaves_the_trace_and_the_random_state_alone(calm: Trace) -> None:
    before, random = calm.fingerprint(), torch.get_rng_state()
    replay.step(calm, 3)
    replay.row(calm, 3)
    assert calm.fingerprint() == before
    assert torch.equal(torch.get_rng_state(), random)


def test_steps_of_a_thinned_run_come_back_although_they_were_not_stored() -> None:
    spec = RunSpec(hidden=256, epochs=20, batch_size=40)
    trace = run(spec, Program.correct())
    missing = next(n for n in range(500) if n not in tensors(trace)["kept_steps"].tolist())
    found = replay.step(without_results(trace), missing)
    assert found["loss"] == trace.document["steps"][missing - 1]["loss"]
    assert found["grad_norm"] == trace.document["steps"][missing - 1]["grad_norm"]


def test_a_batch_body_with_repeated_lines_comes_back() -> None:
    core = ("zero_grad", "forward", "loss", "backward", "step")
    trace = run(small(), body(*core, *core))
    for wanted in range(1, 5):
        check_step(trace, wanted, replay.step(without_results(trace), wanted))
