"""What a run records of the lines of the whole vocabulary is what the plain text computes."""

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from typing import Any

import pytest
import torch

from tests.sizes import size
from tests.trainer.engine.generated import Draw
from tests.trainer.engine.reading import flat, same_bits, small, without_results
from trainer.engine import execute, replay
from trainer.engine.instrument import compile_plain
from trainer.engine.program import INDENT, Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace, as_float
from trainer.engine.vocabulary import CORRECT, FRAME_BEFORE, VOCABULARY

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's, of shapes that differ

SPEC = small(rows=24, batch_size=5, epochs=3)
DROPOUT = ",".join("model_dropout" if name == "model" else name for name in CORRECT)
CORE = "zero_grad,forward,loss,backward,step"

Noted = list[dict[str, float | None]]


def run(program: Program | str, spec: RunSpec = SPEC) -> Trace:
    return execute.run(spec, Program.parse(program) if isinstance(program, str) else program)


def noted(program: Program) -> tuple[Noted, dict[str, Any]]:
    """Loss and gradient norm of each pass, by lines written between those of the text."""
    names, passes = execute.names_of(SPEC), Noted()

    def note_gradients() -> None:
        grads = [each.grad for each in names["model"].parameters() if each.grad is not None]
        if grads:
            squares = math.fsum(float(each.double().square().sum()) for each in grads)
            passes[-1]["grad_norm"] = math.sqrt(squares)

    def note_loss() -> None:
        loss = names["loss"]
        passes[-1]["loss"] = loss.item() if isinstance(loss, torch.Tensor) else loss

    names["note_pass"] = lambda: passes.append({"loss": None, "grad_norm": None})
    names["note_gradients"], names["note_loss"] = note_gradients, note_loss
    with execute._randomness(SPEC, program):
        exec(compile_plain(with_notes(program.source(SPEC))), names)  # noqa: S102
    return passes, names


def with_notes(source: str) -> str:
    rows = []
    for row in source.splitlines():
        indent = row[: len(row) - len(row.lstrip())]
        before = [f"{indent}note_gradients()"] if row.strip() == "optimizer.step()" else []
        behind = [f"{indent}note_loss()"] if row.strip().startswith("loss = ") else []
        behind += [f"{indent}{INDENT}note_pass()"] if row.strip().startswith("for x, y") else []
        rows += [*before, row, *behind]
    return "\n".join(rows) + "\n"


def usual(program: Program) -> bool:
    """Whether its loops are one over epochs and in it one over batches."""
    ids = [each.line.id for each in program.lines]
    if (ids.count("for_epoch"), ids.count("for_batch")) != (1, 1):
        return False
    epoch, batch = ids.index("for_epoch"), ids.index("for_batch")
    levels = [each.level for each in program.lines]
    inner = ("backward", "step", "forward", "loss")
    return levels[epoch] < levels[batch] and all(
        level > levels[batch] for name, level in zip(ids, levels, strict=True) if name in inner
    )


def finished(wanted: int) -> list[tuple[Program, Trace]]:
    programs = (program for seed in count() if usual(program := Draw(seed).program()))
    runs = ((program, run(program)) for program in programs)
    good = (pair for pair in runs if pair[1].document["status"] == "finished")
    return list(islice(good, wanted))


def same(one: float | str | None, other: float | None) -> bool:
    value = as_float(one)
    if value is None or other is None:
        return value is other
    return value == pytest.approx(other, rel=1e-5, nan_ok=True)


def test_losses_gradients_and_results_are_those_of_the_plain_text() -> None:
    for program, trace in finished(size(60, 2000)):
        passes, names = noted(program)
        steps = trace.document["steps"]
        assert len(steps) == len(passes)
        for step, own in zip(steps, passes, strict=True):
            assert same(step["grad_norm"], own["grad_norm"]), program.spelling()
            assert same(step["loss"], own["loss"]), program.spelling()
        plain = execute.run_plain(SPEC, program)["model"]
        if list(plain.parameters()):
            assert same_bits(flat(plain), flat(names["model"])), program.spelling()


def test_any_step_is_replayed_as_it_was_recorded() -> None:
    for program, trace in finished(size(25, 500)):
        forgetful = without_results(trace)
        for number, step in enumerate(trace.document["steps"], 1):
            again = replay.step(forgetful, number)
            assert again["grad_norm"] == step["grad_norm"], program.spelling()
            if isinstance(again.get("loss"), float):
                assert again["loss"] == step["loss"], program.spelling()


def test_what_a_model_kept_of_a_dropout_run_is_what_its_eval_mode_says() -> None:
    trace = run(DROPOUT)
    last = trace.document["epochs"][-1]
    assert last["heldout_loss"] == pytest.approx(last["evaluation"]["heldout_loss"], rel=1e-5)
    assert last["heldout_accuracy"] == pytest.approx(last["evaluation"]["heldout_accuracy"])


def test_dropout_draws_by_the_seed_and_leaves_the_shared_generator_alone() -> None:
    before = torch.get_rng_state()
    digests = {run(DROPOUT).document["digest"] for _ in range(3)}
    assert len(digests) == 1
    assert torch.equal(torch.get_rng_state(), before)
    assert run(DROPOUT, small(seed=1)).document["digest"] not in digests


def test_dropout_in_eight_threads_is_dropout_in_one() -> None:
    specs = [small(seed=seed) for seed in range(4)]
    expected = [run(DROPOUT, spec).document["digest"] for spec in specs]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda spec: run(DROPOUT, spec).document["digest"], specs * 5))
    assert found == expected * 5


def test_the_order_of_storage_needs_no_shared_random_number() -> None:
    before = torch.get_rng_state()
    ordered = ",".join("loader_ordered" if name == "loader" else name for name in CORRECT)
    assert run(ordered).document["status"] == "finished"
    assert torch.equal(torch.get_rng_state(), before)


def test_clipping_bounds_what_the_update_sees() -> None:
    trace = run("zero_grad,forward,loss,backward,clip,step")
    free = run("zero_grad,forward,loss,backward,step")
    norms = [step["grad_norm"] for step in trace.document["steps"]]
    assert max(norms) == pytest.approx(0.1, rel=1e-4)
    assert max(step["grad_norm"] for step in free.document["steps"]) > 0.2
    late = run("zero_grad,forward,loss,backward,step,clip")
    assert late.document["steps"] == free.document["steps"]


def test_a_sum_of_plain_numbers_is_told_beside_what_was_measured() -> None:
    spelled = list(FRAME_BEFORE)
    spelled[spelled.index("for_batch") : spelled.index("for_batch")] = [
        "total_start", "count_start",
    ]  # fmt: skip
    trace = run(",".join([*spelled, CORE, "add_loss_rows", "count_rows", "mean_loss"]))
    for epoch in trace.document["epochs"]:
        assert epoch["evaluation"] == {"mean_loss": pytest.approx(epoch["running_loss"])}


def test_a_head_that_is_replaced_in_every_batch_is_followed() -> None:
    trace = run(f"new_head:2,{CORE}")
    plain = execute.run_plain(SPEC, Program.parse(f"new_head:2,{CORE}"))
    assert same_bits(torch.tensor(list(trace.tensor("parameters")[-1].flat)), flat(plain["model"]))


def test_a_model_of_other_shape_begins_the_record_anew() -> None:
    inside = f"model:2,optimizer:2,{CORE},model_one:2"
    trace = run(
        f"init_seed,shuffle_seed,scaler,model,criterion,loader,for_epoch,for_batch,{inside}"
    )
    assert trace.document["status"] == "finished", trace.document["error"]
    assert [each["shape"] for each in trace.document["layout"]][2:] == [[1, 4], [1]]
    assert list(trace.tensor("kept_steps").flat) == list(range(1, 16))
    assert trace.document["steps"][0]["update_norm"] is None
    assert trace.document["epochs"][-1]["loss"] is None


def test_a_model_without_parameters_has_no_layout_and_is_trained_by_nobody() -> None:
    trace = run(DROPOUT.replace("model_dropout", "net,model_net"))
    error = trace.document["error"]
    assert error["message"] == "optimizer got an empty parameter list"
    assert trace.document["layout"] == []


def test_graphs_that_are_kept_stop_a_run_before_memory_is_full() -> None:
    program = "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,total_start:0,"
    program += f"for_epoch,for_batch,scale,{CORE},add_loss_tensor"
    large = small(rows=1000, batch_size=1000, epochs=200, hidden=256)
    trace = run(program, large)
    assert trace.document["status"] == "stopped"
    assert "keeps its graph" in trace.document["error"]["message"]
    assert run(program).document["status"] == "finished"


@pytest.mark.parametrize("name", VOCABULARY)
def test_the_note_of_a_line_is_told_in_sentences(name: str) -> None:
    line = VOCABULARY[name]
    assert line.note[0].isupper()
    assert len(line.note) <= 160
    assert line.id == name
