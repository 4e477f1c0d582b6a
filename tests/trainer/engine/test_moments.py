"""A step line by line: as the run itself was, to the bit, and nothing of the run changed by it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from safetensors.torch import save

from tests.sizes import size
from tests.staging import cut_short
from tests.trainer.engine.generated import Draw
from tests.trainer.engine.reading import (
    FRAME_IN,
    body,
    parameters,
    same_bits,
    small,
    strict,
    tensors,
    without_results,
)
from tests.trainer.engine.test_replay import some_steps, tensor
from trainer.engine.execute import names_of, run
from trainer.engine.graph import graph_of
from trainer.engine.moments import moments
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.resume import again
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.summary import step_rows
from trainer.engine.trace import Trace
from trainer.engine.witness import Witness

CORE = ("zero_grad", "forward", "loss", "backward", "step")
BATCH = "for x, y in loader:"

Told = dict[str, Any]


def held(told: Told, upto: int | None = None) -> Told:
    """What holds after so many lines of a step: entries by path."""
    state = dict(told["start"])
    for moment in told["moments"][:upto]:
        state |= moment["set"]
        for path in moment["gone"]:
            del state[path]
    return state


def numbers(told: Told, entry: Told) -> torch.Tensor:
    """A tensor that is told in full."""
    value = told["values"][entry["value"]]
    return tensor(value["numbers"]).reshape(value["shape"])


def lines(trace: Trace, told: Told) -> list[str]:
    """The text of each line that ran."""
    source = trace.document["source"].splitlines()
    return [source[moment["line"] - 1].strip() for moment in told["moments"]]


def after(trace: Trace, told: Told, line: str) -> Told:
    """What a line did: the moment of it."""
    return dict(told["moments"][lines(trace, told).index(line)])


# -- many runs -----------------------------------------------------------------------------

SPECS = (
    {"optimizer": "sgd"}, {"optimizer": "momentum"}, {"optimizer": "adam"}, {"optimizer": "adamw"},
    {"optimizer": "rmsprop"}, {"dataset": "iris"}, {"dataset": "wine"}, {"dataset": "digits"},
    {"batch_size": 7}, {"batch_size": 1, "rows": 10}, {"optimizer": "sgd", "lr": 1e9},
    {"optimizer": "adamw", "lr": 1e9}, {"hidden": 1}, {"hidden": 256, "optimizer": "adam"},
)  # fmt: skip
BODIES = (
    CORE, CORE[1:], ("step", *CORE[:-1]), ("forward", "loss", "backward"), (), ("forward", "loss"),
    ("zero_grad", "loss", "backward", "step"), ("forward", "loss", "step", "backward"),
    ("zero_grad", "forward", "loss", "backward", "backward", "step"),
    ("zero_grad", "forward", "loss", "backward_retain", "backward", "step"),
    ("zero_grad", "forward", "loss", "loss_wrapped", "backward", "step"),
    ("backward", "zero_grad", "forward", "loss", "step"),
    ("zero_grad", "forward_hidden", "detach_hidden", "forward_head", "loss", "backward", "step"),
    ("zero_grad", "forward", "loss", "backward", "clip", "step"),
)  # fmt: skip
DROPOUT = f"{FRAME_IN.replace('model', 'model_dropout', 1)},{','.join(CORE)},eval_mode"


def many_runs() -> Iterator[tuple[str, Trace]]:
    """Data sets, optimizers, Dropout, carried names, broken programs, programs at random."""
    for settings in SPECS:
        yield str(settings), run(small(**settings), Program.correct())
    for ids in BODIES:
        yield str(ids), run(small(), body(*ids))
    yield "dropout", run(small(), Program.parse(DROPOUT))
    for seed in range(size(8, 30)):
        yield f"random {seed}", run(small(), Draw(seed).program(bent=seed % 2 == 0))


@pytest.fixture(scope="module")
def runs() -> dict[str, Trace]:
    made = dict(many_runs())
    assert len(made) >= size(30, 50)
    return made


def test_every_step_of_many_runs_is_what_the_recorder_saw(runs: dict[str, Trace]) -> None:
    checked = 0
    for name, trace in runs.items():
        for wanted in range(1, len(trace.document["steps"]) + 1):
            check(name, trace, wanted)
            checked += 1
    assert checked > 3 * len(runs)


def check(name: str, trace: Trace, wanted: int) -> None:
    """Losses, norms and parameters of a step, all of which the document had forgotten."""
    told = moments(without_results(trace), wanted)
    strict(json.dumps(told))
    assert told["row"] == trace.document["steps"][wanted - 1], (name, wanted)
    stored = tensors(trace)
    kept = stored["kept_steps"].tolist() if "kept_steps" in stored else []
    if wanted in kept and wanted - 1 in kept:
        check_parameters(trace, told, [kept.index(wanted - 1), kept.index(wanted)])


def check_parameters(trace: Trace, told: Told, rows: list[int]) -> None:
    """Ahead of the pass and behind it; large ones are not told in full."""
    inside = [at for at, moment in enumerate(told["moments"]) if moment["inside"]]
    names = [part["name"] for part in trace.document["layout"]]
    for row, upto in zip(rows, (inside[0], inside[-1] + 1), strict=True):
        state = held(told, upto)
        if not set(names) <= state.keys():
            continue
        whole = [told["values"][state[path]["value"]] for path in names]
        if all(_is_whole(value) for value in whole):
            flat = torch.cat([numbers(told, state[path]).flatten() for path in names])
            assert same_bits(flat, tensors(trace)["parameters"][row])


def _is_whole(value: Told) -> bool:
    return tensor(value["numbers"]).numel() == torch.Size(value["shape"]).numel()


def test_looking_at_a_step_changes_no_step_of_the_run(runs: dict[str, Trace]) -> None:
    """The whole run, watched in its first step and in its last, is the run as it was."""
    for name, trace in runs.items():
        last = max(1, len(trace.document["steps"]))
        for wanted in {1, last}:
            witness = Witness(names_of(spec_of(trace)), wanted=wanted, last=last)
            outcome = again(trace, witness, first=1)
            witness.read()
            assert step_rows(witness) == trace.document["steps"], name
            assert outcome.error == trace.document["error"], name
            if last == len(witness.history.rows) - 1:
                assert same_bits(witness.history.rows, parameters(trace)), name
            assert witness.moments or "Error" in trace.document["error"]["type"], name


def test_steps_of_the_variety_come_back(variety: dict[str, Trace]) -> None:
    for name in ("published", "ragged", "whole", "late", "accumulating", "diverged", "not finite"):
        for wanted in some_steps(variety[name]):
            check(name, variety[name], wanted)


# -- which lines ---------------------------------------------------------------------------


def test_a_step_in_the_middle_is_its_pass(calm: Trace) -> None:
    told = moments(calm, 4)
    assert lines(calm, told) == [
        BATCH, "x = scale(x)", "optimizer.zero_grad()", "logits = model(x)",
        "loss = criterion(logits, y)", "loss.backward()", "optimizer.step()",
    ]  # fmt: skip
    assert all(moment["inside"] for moment in told["moments"])


def test_the_first_step_begins_with_the_program(calm: Trace) -> None:
    told = moments(calm, 1)
    found = lines(calm, told)
    assert found[0] == "init = torch.Generator().manual_seed(seed)"
    assert found.index("model.train()") == found.index(BATCH) - 1
    assert told["start"] == {}


def test_an_epoch_s_first_and_last_step_have_the_lines_around_its_batches(calm: Trace) -> None:
    assert lines(calm, moments(calm, 11))[:3] == [
        "for epoch in range(epochs):", "model.train()", BATCH,
    ]  # fmt: skip
    for wanted in (10, 50):
        assert lines(calm, moments(calm, wanted))[7:] == [
            "model.eval()", "with torch.no_grad():", "heldout_logits = model(scale(heldout.x))",
            "heldout_loss = criterion(heldout_logits, heldout.y)",
            "heldout_hits = heldout_logits.argmax(1) == heldout.y",
            "heldout_accuracy = heldout_hits.float().mean()",
        ]  # fmt: skip


def test_all_steps_together_are_the_lines_as_they_ran(variety: dict[str, Trace]) -> None:
    """Nothing twice, nothing left out: what one step ends with, the next begins with."""
    trace = variety["ragged"]
    told = [moments(trace, wanted) for wanted in range(1, 16)]
    setup, batch, around = 7, 7, 8
    assert sum(len(each["moments"]) for each in told) == setup + 15 * batch + 3 * around
    for before, now in pairwise(told):
        ended, began = held(before), now["start"]
        assert ended.keys() == began.keys()
        for path, entry in ended.items():
            if "value" in entry and _is_whole(before["values"][entry["value"]]):
                same = numbers(before, entry), numbers(now, began[path])
                assert same_bits(*same), path


def test_a_checkpoint_that_is_taken_up_makes_no_difference(calm: Trace) -> None:
    """What was bound before it is there, too: the evaluation of the epoch before."""
    without = Trace(calm.document, save({"low": torch.zeros(1)}))
    for wanted in (11, 25, 38, 50):
        assert moments(calm, wanted) == moments(without, wanted)
    assert "heldout_loss" in moments(calm, 25)["start"]


def test_a_block_that_is_not_entered_has_no_lines() -> None:
    program = Program.parse(
        f"{FRAME_IN.replace('for_batch', 'count_start,for_batch')},count_batch,"
        "zero_grad,forward,loss,backward,if_fourth,step:3"
    )
    trace = run(small(batch_size=5), program)
    found = [lines(trace, moments(trace, wanted)) for wanted in (1, 2, 3, 4)]
    assert ["optimizer.step()" in each for each in found] == [False, False, False, True]
    assert all("if count % 4 == 0:" in each for each in found)


def test_a_failed_run_ends_with_the_line_that_failed() -> None:
    trace = run(small(), body("zero_grad", "forward", "loss", "backward", "backward", "step"))
    told = moments(trace, 1)
    assert told["failed"]
    assert lines(trace, told)[-2:] == ["loss.backward()", "loss.backward()"]
    assert told["moments"][-1]["line"] == trace.document["error"]["line"]
    trace = run(small(), body("forward", "loss", "step", "backward"))
    assert [moments(trace, wanted)["failed"] for wanted in (1, 2)] == [False, True]


def test_a_run_that_reached_no_step_has_its_lines_under_the_first() -> None:
    text = "init_seed,scaler,net,model_net,optimizer,loader,for_epoch,for_batch,scale"
    trace = run(small(), Program.parse(text))
    told = moments(trace, 1)
    assert (told["failed"], told["row"], len(trace.document["steps"])) == (True, None, 0)
    made = "optimizer = torch.optim.Adam(model.parameters(), lr=lr)"
    assert lines(trace, told)[-2:] == ["model = Net()", made]
    with pytest.raises(NotReached):
        moments(trace, 2)


def test_a_loop_without_batches_is_told_up_to_a_limit() -> None:
    text = f"{FRAME_IN.replace('loader', 'loader_drop_last')},scale,{','.join(CORE)}"
    trace = run(small(rows=10, batch_size=10, epochs=200), Program.parse(text))
    assert len(moments(trace, 200)["moments"]) < 20
    empty = "init_seed,shuffle_seed,scaler,model,loader_drop_last,for_epoch,train_mode,for_batch"
    program = Program.parse(f"{empty},scale")
    trace = run(replace(small(rows=10, epochs=200), batch_size=10), program)
    assert len(moments(trace, 1)["moments"]) < 20


def test_a_text_that_is_no_program_has_no_lines() -> None:
    trace = run(small(), body("zero_grad", "forward:3"))
    with pytest.raises(NotReached):
        moments(trace, 1)


def test_a_run_that_was_stopped_is_told_as_far_as_it_came() -> None:
    whole = run(small(), Program.correct())
    for at in range(1, 4):
        trace = cut_short(at=at, spec=small())
        error = trace.document["error"]
        last = max(1, len(trace.document["steps"]))
        told = moments(trace, last)
        assert not told["failed"]
        shown = [moment["line"] for moment in told["moments"]]
        every = [moment["line"] for moment in moments(whole, last)["moments"]]
        assert shown == every[: len(shown)]
        assert len(shown) == every.index(error["line"])
    with pytest.raises(NotReached):
        moments(cut_short(at=0, spec=small()), 1)


@pytest.mark.parametrize("wanted", [0, -1, 51, 10**9])
def test_a_step_that_the_run_does_not_have_is_refused(calm: Trace, wanted: int) -> None:
    with pytest.raises(NotReached):
        moments(calm, wanted)


# -- what a line did -----------------------------------------------------------------------

WEIGHTS = ["0.weight", "0.bias", "2.weight", "2.bias"]
GRADIENTS = [f"{name}.grad" for name in WEIGHTS]


def test_each_line_of_a_pass_changes_what_it_should(calm: Trace) -> None:
    told = moments(calm, 4)
    assert set(after(calm, told, BATCH)["set"]) == {"x", "y"}
    assert set(after(calm, told, "x = scale(x)")["set"]) == {"x"}
    assert after(calm, told, "optimizer.zero_grad()")["gone"] == GRADIENTS
    assert set(after(calm, told, "logits = model(x)")["set"]) == {"logits", "loss of each row"}
    assert set(after(calm, told, "loss.backward()")["set"]) == set(GRADIENTS)
    moved = after(calm, told, "optimizer.step()")["set"]
    assert set(WEIGHTS) <= moved.keys()
    assert not any(path.endswith(".grad") for path in moved)
    assert {"0.weight.exp_avg", "2.bias.step"} <= moved.keys()


def test_gradients_that_are_not_dropped_are_added_to(variety: dict[str, Trace]) -> None:
    trace = variety["accumulating"]
    told = moments(trace, 2)
    assert set(after(trace, told, "loss.backward()")["set"]) == set(GRADIENTS)
    assert {path for moment in told["moments"] for path in moment["gone"]} == {"loss of each row"}


def test_modes_and_recording_are_told(calm: Trace) -> None:
    told = moments(calm, 10)
    assert after(calm, told, "model.eval()")["set"]["model"]["text"] == "eval mode"
    recording = [moment["recording"] for moment in told["moments"]]
    assert recording == [True] * 8 + [False] * 5


def test_equal_numbers_of_another_origin_are_told() -> None:
    program = body("zero_grad", "forward", "detach_logits", "loss")
    trace = run(small(), program)
    told = moments(trace, 1)
    made = after(trace, told, "logits = model(x)")["set"]["logits"]
    cut = after(trace, told, "logits = logits.detach()")["set"]["logits"]
    assert (made["value"], made["requires_grad"]) == (cut["value"], True)
    assert (cut["requires_grad"], cut["grad_fn"]) == (False, "")


def test_names_that_are_bound_to_the_same_are_told(variety: dict[str, Trace]) -> None:
    trace = variety["not finite"]
    told = moments(trace, 40)
    again = after(trace, told, "loss = criterion(logits, y)")
    assert (again["set"], again["again"]) == ({}, ["loss"])


def test_the_moves_of_parameters_make_up_the_update(calm: Trace) -> None:
    told = moments(calm, 4)
    moved = after(calm, told, "optimizer.step()")["set"]
    lengths = torch.tensor([moved[name]["moved"] for name in WEIGHTS], dtype=torch.float64)
    assert lengths.norm().item() == pytest.approx(told["row"]["update_norm"], rel=1e-5)


def test_the_losses_of_rows_have_the_loss_as_their_mean(calm: Trace) -> None:
    told = moments(calm, 7)
    losses = numbers(told, held(told)["loss of each row"])
    assert losses.shape == (100,)
    assert losses.mean().item() == pytest.approx(told["row"]["loss"], rel=1e-6)
    assert len(told["rows"]) == 100


@pytest.mark.parametrize("ids", [("zero_grad", "labels_shifted", "forward"), ("zero_grad",)])
def test_rows_without_fitting_labels_have_no_losses(ids: tuple[str, ...]) -> None:
    trace = run(small(dataset="iris", batch_size=20), body(*ids))
    assert "loss of each row" not in held(moments(trace, 1))


# -- the graph -----------------------------------------------------------------------------


def test_the_graph_is_the_one_behind_the_loss(calm: Trace) -> None:
    told = moments(calm, 4)
    (graph,), (flow,) = told["graphs"], told["flows"]
    assert lines(calm, told)[graph["moment"]] == "loss = criterion(logits, y)"
    assert lines(calm, told)[flow["moment"]] == "loss.backward()"
    ops = [node["op"] for node in graph["nodes"]]
    assert ops[:3] == ["NllLossBackward0", "LogSoftmaxBackward0", "AddmmBackward0"]
    leaves = {node["parameter"]: node["shape"] for node in graph["nodes"] if node["leaf"]}
    assert leaves == {part["name"]: part["shape"] for part in calm.document["layout"]}
    assert sum(behind is None for _, behind in graph["edges"]) == 1


def test_what_arrives_at_a_parameter_is_its_gradient(calm: Trace) -> None:
    told = moments(calm, 4)
    nodes, state = told["graphs"][0]["nodes"], held(told)
    arrived = {nodes[node]["parameter"]: length for node, length in told["flows"][0]["visits"]}
    for name in WEIGHTS:
        norm = told["values"][state[f"{name}.grad"]["value"]]["norm"]
        assert arrived[name] == pytest.approx(norm, rel=1e-6)
    assert told["flows"][0]["visits"][0] == [0, 1.0]


def test_what_arrives_at_the_logits_is_softmax_minus_one_hot(calm: Trace) -> None:
    told = moments(calm, 4)
    nodes, state = told["graphs"][0]["nodes"], held(told)
    labels = torch.tensor(told["values"][state["y"]["value"]]["numbers"])
    odds = numbers(told, state["logits"]).softmax(dim=1)
    expected = (odds - torch.nn.functional.one_hot(labels, 3)) / len(labels)
    at = [node["op"] for node in nodes].index("AddmmBackward0")
    assert dict(told["flows"][0]["visits"])[at] == pytest.approx(expected.norm().item(), rel=1e-4)


def test_a_loss_without_a_graph_has_no_nodes() -> None:
    trace = run(small(), body("zero_grad", "forward", "loss", "loss_wrapped", "backward", "step"))
    first, second = moments(trace, 2)["graphs"]
    assert first["nodes"]
    assert "nodes" not in second


def test_a_backward_pass_that_fails_is_told_as_far_as_it_came() -> None:
    trace = run(small(), body("zero_grad", "forward", "loss", "backward", "backward"))
    flows = moments(trace, 1)["flows"]
    assert [len(flow["visits"]) for flow in flows] == [11, 1]


def test_a_loss_of_the_step_before_can_be_gone_back_through() -> None:
    trace = run(small(), body("zero_grad", "forward", "loss", "backward_retain"))
    assert trace.document["status"] == "finished"
    late = run(small(), body("forward", "loss", "step", "zero_grad"))
    assert late.document["status"] == "finished"
    carried = Program.parse(f"{FRAME_IN},zero_grad,if_fourth,loss:3,forward")
    told = moments(run(small(), carried), 1)
    assert told["graphs"] == []


def test_of_a_large_graph_the_nearest_nodes_are_told() -> None:
    total = torch.zeros((), requires_grad=True)
    for _ in range(200):
        total = total + 1.0
    assert total.grad_fn
    graph = graph_of(total.grad_fn)
    assert (len(graph.nodes), graph.left_out) == (48, 201 - 48)
    assert all(behind is None or behind < 48 for _, behind in graph.edges)


# -- how large -----------------------------------------------------------------------------


def test_what_is_told_stays_small(calm: Trace) -> None:
    digits = run(replace(PRESETS["digits"], hidden=256), Program.correct())
    for trace, most in ((calm, 200_000), (digits, 1_500_000)):
        for wanted in (1, 2, 10, 50):
            assert len(json.dumps(moments(trace, wanted), separators=(",", ":"))) < most


def test_of_a_large_tensor_the_first_rows_are_told() -> None:
    trace = run(RunSpec(dataset="digits", hidden=100, epochs=1), Program.correct())
    told = moments(trace, 1)
    value = told["values"][held(told)["0.weight"]["value"]]
    rows = 2_600 // 64
    assert value["shape"] == [100, 64]
    assert same_bits(tensor(value["numbers"]), parameters(trace)[1][: rows * 64].reshape(rows, 64))


def test_given_names_are_not_the_program_s(calm: Trace) -> None:
    told = moments(calm, 1)
    state = held(told)
    assert not {"torch", "nn", "train", "heldout", "lr", "epochs"} & state.keys()
    assert not [path for path in state if path.startswith("__")]
    assert "Net" not in state
