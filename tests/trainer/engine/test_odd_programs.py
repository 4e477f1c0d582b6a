"""Whole programs that are put together oddly, but run: what their traces can truly say."""

import pytest
import torch

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.reading import parameters, same_bits, small, strict, tensors
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.trace import Trace

SEEDS = "init_seed,shuffle_seed,scaler"
PIECES = "model,criterion,optimizer"
CORE = "zero_grad,forward,loss,backward,step"


def run_whole(text: str, **settings: object) -> Trace:
    trace = run(small(**settings), Program.parse(text))
    strict(trace.text())
    assert trace.document["status"] == "finished", trace.document["error"]
    return trace


def first_batch() -> textbook.Pair:
    (x, y), _ = textbook.data(20)
    batches: list[textbook.Pair] = list(textbook.default_loader(x, y, 10, seed=138))
    return batches[0]


def test_without_scaling_the_raw_rows_go_through_the_layers() -> None:
    trace = run_whole(f"{SEEDS},{PIECES},loader,for_epoch,for_batch,{CORE}")
    stored, (x, _) = tensors(trace), first_batch()
    assert "first.scaled" not in stored
    model = byhand.model_of(stored["parameters"][0], hidden=4)
    with torch.no_grad():
        assert same_bits(stored["first.logits"], model(x))
        assert same_bits(stored["first.hidden"], model[1](model[0](x)))


def test_a_forward_pass_before_the_scaling_is_told_as_it_was() -> None:
    trace = run_whole(
        f"{SEEDS},{PIECES},loader,for_epoch,for_batch,forward,scale,zero_grad,loss,backward,step"
    )
    stored, (x, _) = tensors(trace), first_batch()
    model = byhand.model_of(stored["parameters"][0], hidden=4)
    with torch.no_grad():
        assert same_bits(stored["first.hidden"], model[1](model[0](x)))
    assert same_bits(stored["first.scaled"], byhand.scaled(trace, x))


def test_without_a_scaler_there_is_nothing_measured_at_an_epoch_s_end() -> None:
    trace = run_whole(f"init_seed,shuffle_seed,{PIECES},loader,for_epoch,for_batch,{CORE}")
    last = trace.document["epochs"][-1]
    assert last["running_loss"] is not None
    assert last["loss"] is last["heldout_loss"] is trace.document["silent_units"] is None


def test_without_a_model_there_are_steps_and_nothing_else() -> None:
    trace = run_whole(f"{SEEDS},loader,for_epoch,for_batch,scale")
    steps = trace.document["steps"]
    assert len(steps) == 4
    assert {step[key] for step in steps for key in ("loss", "grad_norm", "update_norm")} == {None}
    assert trace.document["layout"] == []
    assert not trace.has("parameters")


def test_a_model_made_in_the_first_batch_is_known_from_its_end_on() -> None:
    trace = run_whole(
        f"{SEEDS},criterion,loader,for_epoch,for_batch,scale,model:2,optimizer:2,{CORE}"
    )
    assert trace.document["updates"] == 4
    norms = [step["update_norm"] for step in trace.document["steps"]]
    assert norms[0] is None
    assert None not in norms[1:]
    assert tensors(trace)["kept_steps"].tolist() == [1, 2, 3, 4]
    losses = [step["loss"] for step in trace.document["steps"]]
    assert None not in losses


def test_a_new_model_in_every_epoch_begins_anew() -> None:
    trace = run_whole(
        f"shuffle_seed,scaler,criterion,loader,for_epoch,init_seed:1,model:1,optimizer:1,"
        f"for_batch:1,scale,{CORE}"
    )
    start = tensors(trace)["parameters"][0]
    second = trace.document["steps"][2]
    pair = byhand.batches_of(trace)[2]
    assert second["loss"] == byhand.step_of(trace, start, pair).loss


def test_what_the_first_batch_binds_besides_is_recorded_and_read_again() -> None:
    inside = "eval_mode:2,no_grad:2,heldout_logits:3,heldout_loss:3,heldout_hits:3"
    trace = run_whole(f"{SEEDS},{PIECES},loader,for_epoch,for_batch,scale,{CORE},{inside}")
    hits = tensors(trace)["first.heldout_hits"]
    assert list(trace.tensor("first.heldout_hits").flat) == hits.tolist()
    assert trace.has("first.logits")


def test_a_loop_over_batches_alone_is_one_epoch() -> None:
    trace = run_whole(
        f"{SEEDS},{PIECES},loader,for_batch:0,scale:1,zero_grad:1,forward:1,loss:1,backward:1,step:1"
    )
    assert [(s["epoch"], s["batch"]) for s in trace.document["steps"]] == [(1, 1), (1, 2)]
    assert len(trace.document["epochs"]) == 1


def test_epochs_inside_batches_are_counted_as_they_run() -> None:
    trace = run_whole(
        f"{SEEDS},{PIECES},loader,for_batch:0,scale:1,for_epoch:1,zero_grad:2,forward:2,loss:2,"
        "backward:2,step:2",
        epochs=3,
    )
    seen = [(s["epoch"], s["batch"]) for s in trace.document["steps"]]
    assert seen == [(outer, inner) for outer in (1, 2) for inner in (1, 2, 3)]
    assert len(parameters(trace)) == 7


def test_two_loops_in_a_row_go_on_counting() -> None:
    once = "for_batch:0,scale:1,zero_grad:1,forward:1,loss:1,backward:1,step:1"
    trace = run_whole(f"{SEEDS},{PIECES},loader,{once},{once}")
    assert [s["step"] for s in trace.document["steps"]] == [1, 2, 3, 4]
    assert trace.document["updates"] == 4


def test_an_optimizer_of_another_model_moves_nothing_that_is_recorded() -> None:
    trace = run_whole(f"{SEEDS},{PIECES},model,loader,for_epoch,for_batch,scale,{CORE}")
    assert {step["update_norm"] for step in trace.document["steps"]} == {0.0}
    assert trace.document["updates"] == 4


@pytest.mark.parametrize("nested", ["for_batch:0,for_batch:1", "for_batch:0,for_epoch:1"])
def test_every_epoch_s_end_is_kept(nested: str) -> None:
    inner = "scale:2,zero_grad:2,forward:2,loss:2,backward:2,step:2"
    trace = run_whole(f"{SEEDS},{PIECES},loader,{nested},{inner}")
    kept = tensors(trace)["kept_steps"].tolist()
    assert {each["last_step"] for each in trace.document["epochs"]} <= set(kept)
