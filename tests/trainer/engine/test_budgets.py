"""Runs that end early, or where no run should: budgets, cancelling, wrong programs, huge rates."""

import math

import pytest

from tests.trainer.engine.reading import OPTIMIZERS, body, parameters, same_bits, small, strict
from trainer.engine import recorder
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.recorder import Stop
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Document, Trace

LONG = RunSpec(rows=1000, batch_size=5, epochs=10, hidden=4)
NESTED = Program.parse(
    "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,"
    "for_batch:0,for_batch:1,scale:2,zero_grad:2,forward:2,loss:2,backward:2,step:2"
)


@pytest.fixture
def watch_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch is told at every line."""
    monkeypatch.setattr(recorder, "WATCH_EVERY", -1.0)


def line_of(document: Document) -> str:
    text: str = document["source"].splitlines()[document["error"]["line"] - 1]
    return text.strip()


def check_partial(trace: Trace) -> None:
    """What must be true of a run that was stopped in its midst."""
    document = strict(trace.text())
    assert document["status"] == "stopped"
    assert document["error"]["type"] == "Stopped"
    assert document["error"]["step"] == len(document["steps"])
    finished = run(RunSpec(**document["spec"]), Program.from_list(document["program"]))
    seen, expected = document["steps"], finished.document["steps"]
    assert len(seen) < len(expected)
    assert seen[:-1] == expected[: len(seen) - 1]
    kept = parameters(trace)
    assert same_bits(kept, parameters(finished)[: len(kept)])
    if document["epochs"]:
        assert str(document["error"]["step"]) in document["epochs"][-1]["observation"]


@pytest.mark.usefixtures("watch_always")
@pytest.mark.parametrize("at", [1, 7, 49])
def test_a_watcher_may_stop_the_run_at_any_step(at: int) -> None:
    def watch(step: int) -> None:
        if step == at:
            raise Stop("Cancelled by the learner.")

    trace = run(RunSpec(), Program.correct(), watch)
    check_partial(trace)
    error = trace.document["error"]
    assert (error["step"], error["message"]) == (at, "Cancelled by the learner.")
    assert line_of(trace.document) == "x = scale(x)"
    assert len(trace.document["steps"]) == at
    assert [each["loss"] is not None for each in trace.document["epochs"]] == [
        each * 10 < at for each in range(1, math.ceil(at / 10) + 1)
    ]


@pytest.mark.usefixtures("watch_always")
def test_a_watcher_is_told_every_step_in_order() -> None:
    told: list[int] = []
    run(small(), Program.correct(), told.append)
    assert told == sorted(told)
    assert set(told) == {0, 1, 2, 3, 4}


def test_a_watcher_is_told_only_now_and_then() -> None:
    told: list[int] = []
    run(LONG, Program.correct(), told.append)
    assert 1 <= len(told) < 2000


@pytest.mark.usefixtures("watch_always")
def test_a_run_stopped_before_its_first_step_is_an_empty_trace() -> None:
    def watch(_: int) -> None:
        raise Stop("Cancelled.")

    trace = run(small(), Program.correct(), watch)
    assert strict(trace.text())["steps"] == trace.document["epochs"] == []
    assert trace.document["error"] == {
        "type": "Stopped", "message": "Cancelled.", "line": 1, "step": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("watch_always")
def test_a_watcher_that_only_looks_changes_nothing(calm: Trace) -> None:
    watched = run(RunSpec(), Program.correct(), lambda _: None)
    assert watched.document["digest"] == calm.document["digest"]


def test_the_time_budget_stops_a_run_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "TIME_BUDGET", 0.05)
    trace = run(LONG, Program.correct())
    monkeypatch.undo()
    check_partial(trace)
    assert trace.document["error"]["message"] == "The time budget of 0.05 s is used up."
    assert line_of(trace.document)


def test_no_time_at_all_is_still_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "TIME_BUDGET", -1.0)
    monkeypatch.setattr(recorder, "WATCH_EVERY", -1.0)
    trace = run(small(), Program.correct())
    assert (trace.document["status"], trace.document["error"]["step"]) == ("stopped", 0)


def test_the_step_budget_stops_loops_in_loops() -> None:
    trace = run(RunSpec(rows=100, batch_size=1, epochs=1, hidden=2), NESTED)
    document = strict(trace.text())
    assert document["status"] == "stopped"
    assert document["error"]["message"] == "The budget of 4,000 steps is used up."
    assert document["error"]["step"] == len(document["steps"]) == 4000
    assert line_of(document) == "for x, y in loader:"


def test_a_legal_spec_never_meets_the_step_budget() -> None:
    trace = run(RunSpec(batch_size=100, epochs=200, hidden=1), Program.correct())
    assert (trace.document["status"], len(trace.document["steps"])) == ("finished", 2000)


def test_a_failing_program_tells_type_message_line_and_step() -> None:
    trace = run(small(), body("zero_grad", "forward", "backward", "loss", "step"))
    error = trace.document["error"]
    assert trace.document["status"] == "failed"
    assert error["type"] == "NameError"
    assert error["message"] == "name 'loss' is not defined"
    assert error["step"] == 1
    assert line_of(trace.document) == "loss.backward()"


def test_a_program_that_fails_after_an_epoch_keeps_what_it_measured() -> None:
    lines = "forward,loss,backward,step,zero_grad,eval_mode,no_grad,heldout_accuracy"
    frame = ",".join(Program.correct().spelling().split(",")[:11])
    trace = run(small(), Program.parse(f"{frame},{lines}"))
    assert trace.document["error"]["type"] == "NameError"
    (epoch,) = trace.document["epochs"]
    assert epoch["running_loss"] > 0
    assert epoch["heldout_loss"] > 0
    assert epoch["observation"] == "The run ended in this epoch, at step 2: NameError."


@pytest.mark.parametrize(
    ("lines", "kind", "text"),
    [
        ("zero_grad,forward:3", "IndentationError", "logits = model(x)"),
        ("zero_grad,forward:1,loss", "IndentationError", "loss = criterion(logits, y)"),
        ("for_batch:2", "IndentationError", "for x, y in loader:"),
        ("for_batch:0", "IndentationError", "for x, y in loader:"),
        ("for_batch:0,scale:0", "IndentationError", "x = scale(x)"),
        ("for_batch:0,for_epoch:1,scale:0", "IndentationError", "x = scale(x)"),
    ],
)
def test_odd_indentation_is_the_learner_s_error_and_no_step_runs(
    lines: str, kind: str, text: str
) -> None:
    trace = run(small(), Program.parse(lines))
    document = strict(trace.text())
    assert document["status"] == "failed"
    assert (document["error"]["type"], document["error"]["step"]) == (kind, 0)
    assert line_of(document) == text
    assert document["steps"] == document["epochs"] == []
    assert document["updates"] == 0


@pytest.mark.parametrize("rate", [1e9, 1e-9])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_any_rate_is_a_finished_run_in_strict_json(optimizer: str, rate: float) -> None:
    trace = run(RunSpec(optimizer=optimizer, lr=rate, rows=200, batch_size=20), Program.correct())
    document = strict(trace.text())
    assert (document["status"], document["error"], document["updates"]) == ("finished", None, 50)
    assert len(document["epochs"]) == 5
    losses = [float(step["loss"]) for step in document["steps"]]
    assert losses[0] < 2
    assert (max(losses[1:], default=0) > 1e3 or any(map(math.isnan, losses))) == (rate > 1)


def test_a_run_that_leaves_the_numbers_goes_on_to_its_end() -> None:
    trace = run(RunSpec(optimizer="adamw", lr=1e9), Program.correct())
    document = strict(trace.text())
    assert document["status"] == "finished"
    assert {"nan"} == {step["loss"] for step in document["steps"][-10:]}
    assert document["silent_units"] is None
    assert document["epochs"][-1]["heldout_loss"] == "nan"
