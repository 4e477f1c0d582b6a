"""What a trace says about its run, recomputed from known parameters with fresh models."""

import pytest
import torch
from torch import nn

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import FRAME_IN, body, parameters, same_bits, small, tensors
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")


@pytest.mark.parametrize("name", HONEST)
def test_loss_and_norms_of_every_step_are_those_of_a_fresh_model(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    stored, batches = parameters(trace), byhand.batches_of(trace)
    for step, before, after, pair in zip(
        trace.document["steps"], stored, stored[1:], batches, strict=False
    ):
        own = byhand.step_of(trace, before, pair)
        assert step["loss"] == own.loss
        assert step["grad_norm"] == pytest.approx(byhand.length(own.gradients), rel=1e-6)
        moved = byhand.length(after.double() - before.double())
        assert step["update_norm"] == pytest.approx(moved, rel=1e-6)
        assert step["rows"] == len(pair[1])
    assert len(trace.document["steps"]) == len(batches)


@pytest.mark.parametrize("name", HONEST)
def test_epoch_batch_and_rows_count_as_the_loader_deals(
    variety: dict[str, Trace], name: str
) -> None:
    document = variety[name].document
    spec = RunSpec(**document["spec"])
    expected = [
        (epoch, batch, min(spec.batch_size, spec.rows - (batch - 1) * spec.batch_size))
        for epoch in range(1, spec.epochs + 1)
        for batch in range(1, spec.batches + 1)
    ]
    assert [(s["epoch"], s["batch"], s["rows"]) for s in document["steps"]] == expected
    assert document["updates"] == spec.steps
    ends = [spec.batches * number for number in range(1, spec.epochs + 1)]
    assert [each["last_step"] for each in document["epochs"]] == ends


@pytest.mark.parametrize("name", HONEST)
def test_running_figures_are_means_over_rows_while_the_weights_move(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    stored, batches = parameters(trace), byhand.batches_of(trace)
    for epoch in trace.document["epochs"]:
        rows, loss, hits = 0, 0.0, 0
        for step in trace.document["steps"]:
            if step["epoch"] != epoch["epoch"]:
                continue
            x, y = batches[step["step"] - 1]
            own = byhand.step_of(trace, stored[step["step"] - 1], (x, y))
            rows, loss = rows + len(y), loss + own.loss * len(y)
            hits += int((own.logits.argmax(dim=1) == y).sum())
        assert epoch["running_loss"] == pytest.approx(loss / rows, rel=1e-12)
        assert epoch["running_accuracy"] == hits / rows


def test_a_ragged_last_batch_weighs_by_its_rows(variety: dict[str, Trace]) -> None:
    document = variety["ragged"].document
    losses = [step["loss"] for step in document["steps"] if step["epoch"] == 1]
    by_rows = (60 * sum(losses[:4]) + 10 * losses[4]) / 250
    assert document["epochs"][0]["running_loss"] == pytest.approx(by_rows, rel=1e-12)
    assert document["epochs"][0]["running_loss"] != pytest.approx(sum(losses) / 5, rel=1e-4)


@pytest.mark.parametrize("name", HONEST)
def test_figures_of_an_epoch_s_end_are_those_of_a_fresh_model(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    spec, stored = trace.document["spec"], parameters(trace)
    sets = textbook.data(spec["rows"], spec["data_seed"])
    for epoch in trace.document["epochs"]:
        model = byhand.model_of(stored[epoch["last_step"]], spec["hidden"]).eval()
        for (x, y), prefix in zip(sets, ("", "heldout_"), strict=True):
            with torch.no_grad():
                logits = model(byhand.scaled(trace, x))
            loss = nn.functional.cross_entropy(logits.double(), y).item()
            assert epoch[f"{prefix}loss"] == pytest.approx(loss, rel=1e-6)
            hits = int((logits.argmax(dim=1) == y).sum())
            assert epoch[f"{prefix}accuracy"] == hits / len(y)


@pytest.mark.parametrize("name", HONEST)
def test_the_program_s_own_evaluation_agrees_with_the_engine_s(
    variety: dict[str, Trace], name: str
) -> None:
    for epoch in variety[name].document["epochs"]:
        own = epoch["evaluation"]
        assert own["heldout_loss"] == pytest.approx(epoch["heldout_loss"], rel=3e-7)
        assert round(own["heldout_accuracy"] * 500) == epoch["heldout_accuracy"] * 500


@pytest.mark.parametrize("name", HONEST)
def test_the_first_step_is_recorded_in_full(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    stored, batches = tensors(trace), byhand.batches_of(trace)
    own = byhand.step_of(trace, stored["parameters"][0], batches[0])
    for mine, theirs in (
        (own.x, "x"), (own.y, "y"), (own.scaled, "scaled"), (own.hidden, "hidden"),
        (own.logits, "logits"), (own.gradients, "gradients"),
    ):  # fmt: skip
        assert same_bits(mine, stored[f"first.{theirs}"]), theirs
    assert stored["first.loss"].item() == own.loss == trace.document["steps"][0]["loss"]
    assert stored["first.row_losses"].mean().item() == pytest.approx(own.loss, rel=1e-6)
    pairs = zip(own.logits, own.y, strict=True)
    each = [nn.functional.cross_entropy(logits, label).item() for logits, label in pairs]
    assert stored["first.row_losses"].tolist() == pytest.approx(each, rel=1e-5, abs=1e-7)
    (x, y), _ = textbook.data(trace.document["spec"]["rows"])
    assert same_bits(x[stored["first.rows"]], own.x)
    assert same_bits(y[stored["first.rows"]], own.y)


@pytest.mark.parametrize("name", HONEST)
def test_the_scaler_s_bounds_are_those_of_the_training_rows(
    variety: dict[str, Trace], name: str
) -> None:
    stored = tensors(variety[name])
    low, high = byhand.bounds(variety[name])
    assert same_bits(stored["low"], low)
    assert same_bits(stored["high"], high)


@pytest.mark.parametrize("name", HONEST)
def test_silent_units_are_those_that_no_training_row_wakes(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    (x, _), _ = textbook.data(spec["rows"])
    model = byhand.model_of(parameters(trace)[-1], spec["hidden"])
    awake = (model[0](byhand.scaled(trace, x)) > 0).any(dim=0)
    assert trace.document["silent_units"] == int((~awake).sum())


def test_gradients_that_go_on_growing_do_not_change_what_was_recorded(
    variety: dict[str, Trace],
) -> None:
    trace = variety["accumulating"]
    stored, batches = parameters(trace), byhand.batches_of(trace)
    total = torch.zeros_like(stored[0])
    for step, before, pair in zip(trace.document["steps"], stored, batches, strict=False):
        total = total + byhand.step_of(trace, before, pair).gradients
        if step["step"] == 1:
            assert same_bits(tensors(trace)["first.gradients"], total)
        assert step["grad_norm"] == pytest.approx(byhand.length(total), rel=1e-5)


def test_measuring_does_not_change_the_training() -> None:
    spec = RunSpec(epochs=2)
    blind = Program.parse(f"{FRAME_IN},zero_grad,forward,loss,backward,step")
    measured, unmeasured = run(spec, Program.correct()), run(spec, blind)
    assert same_bits(parameters(measured), parameters(unmeasured))
    for with_lines, without in zip(
        measured.document["epochs"], unmeasured.document["epochs"], strict=True
    ):
        assert without["evaluation"] == {}
        assert with_lines["evaluation"] != {}
        assert with_lines["heldout_loss"] == without["heldout_loss"]


def test_what_a_step_did_not_reach_is_null(variety: dict[str, Trace]) -> None:
    def kinds(name: str) -> set[tuple[bool, ...]]:
        keys = ("loss", "grad_norm", "update_norm")
        return {tuple(s[key] is not None for key in keys) for s in variety[name].document["steps"]}

    assert kinds("nothing") == {(False, False, True)}
    assert kinds("no forward") == kinds("no loss") == {(False, False, False)}
    assert kinds("calm") == {(True, True, True)}
    assert kinds("never clears in time") == {(True, False, True)}


def test_gradients_are_looked_at_before_the_update(variety: dict[str, Trace]) -> None:
    first, second, *_ = variety["late"].document["steps"]
    assert (first["grad_norm"], first["update_norm"]) == (None, 0.0)
    assert second["grad_norm"] > 0 < second["update_norm"]


def test_the_last_of_several_passes_is_what_a_step_tells() -> None:
    core = ("zero_grad", "forward", "loss", "backward", "step")
    trace = run(small(), body(*core, "forward", "loss"))
    stored, batches = parameters(trace), byhand.batches_of(trace)
    assert trace.document["updates"] == 4
    for step, after, pair in zip(trace.document["steps"], stored[1:], batches, strict=True):
        assert step["loss"] == byhand.step_of(trace, after, pair).loss
    again = byhand.step_of(trace, stored[1], batches[0])
    assert same_bits(tensors(trace)["first.logits"], again.logits)
    assert same_bits(tensors(trace)["first.hidden"], again.hidden)
