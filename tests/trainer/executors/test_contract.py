"""What every executor promises, whoever does the work."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.trainer.executors.jobs import CALM, CORRECT, LONG, MEDIUM, digest, until, until_running
from trainer.engine import execute, replay
from trainer.engine.program import Program
from trainer.executors import Executor, NotReached
from trainer.executors.contract import CANCELLED


def test_a_trace_is_the_engine_s_own_bit_for_bit(executor: Executor) -> None:
    ours, own = executor.run(CALM, CORRECT), execute.run(CALM, CORRECT)
    assert ours.document == own.document
    assert ours.tensors == own.tensors
    assert digest(ours) == ours.fingerprint()


def test_another_spec_has_another_digest(executor: Executor) -> None:
    assert digest(executor.run(CALM, CORRECT)) != digest(
        executor.run(replace(CALM, seed=1), CORRECT)
    )


def test_a_program_that_fails_is_a_result(executor: Executor) -> None:
    document = executor.run(CALM, Program.parse("zero_grad,loss,forward,backward,step")).document
    assert document["status"] == "failed"
    assert document["error"]["type"] == "NameError"
    assert "logits" in document["error"]["message"]


def test_levels_reach_the_program_that_runs(executor: Executor) -> None:
    program = Program.parse("zero_grad,forward:3,loss,backward,step")
    document = executor.run(CALM, program).document
    assert document["error"]["type"] == "IndentationError"
    assert document["source"] == program.source(CALM)


def test_a_run_that_diverges_finishes_in_strict_json(executor: Executor) -> None:
    trace = executor.run(replace(CALM, lr=1e9, optimizer="momentum"), CORRECT)
    assert trace.document["status"] == "finished"
    assert "inf" in {step["update_norm"] for step in trace.document["steps"]}
    assert json.loads(trace.text(), parse_constant=pytest.fail)


def test_replays_are_the_engine_s_own(executor: Executor) -> None:
    trace = executor.run(CALM, CORRECT)
    assert executor.replay("row", trace, 7) == replay.row(trace, 7)
    assert executor.replay("step", trace, 13) == replay.step(trace, 13)


def test_what_a_run_did_not_reach_is_said(executor: Executor) -> None:
    trace = executor.run(CALM, CORRECT)
    with pytest.raises(NotReached, match="51"):
        executor.replay("step", trace, 51)
    with pytest.raises(NotReached, match="500"):
        executor.replay("row", trace, 500)
    assert executor.replay("row", trace, 499)["row"] == 499


def test_progress_is_seen_and_then_forgotten(executor: Executor) -> None:
    with ThreadPoolExecutor() as threads:
        run = threads.submit(executor.run, MEDIUM, CORRECT, key="seen")
        until_running(executor, "seen")
        first = executor.progress("seen")
        assert first is not None
        assert (first.state, first.steps, first.ahead) == ("running", 2000, 0)
        until(lambda: (now := executor.progress("seen")) is None or now.step > first.step)
        assert run.result().document["status"] == "finished"
    assert executor.progress("seen") is None


def test_a_cancelled_run_leaves_a_partial_trace(executor: Executor) -> None:
    with ThreadPoolExecutor() as threads:
        run = threads.submit(executor.run, LONG, CORRECT, key="unwanted")
        until_running(executor, "unwanted")
        assert executor.cancel("unwanted")
        document = run.result().document
    assert (document["status"], document["error"]["message"]) == ("stopped", CANCELLED)
    assert 0 < len(document["steps"]) < LONG.steps
    assert document["updates"] > 0


def test_cancelling_does_not_touch_the_run_after_it(executor: Executor) -> None:
    with ThreadPoolExecutor() as threads:
        run = threads.submit(executor.run, LONG, CORRECT, key="twice")
        until_running(executor, "twice")
        assert executor.cancel("twice")
        assert executor.cancel("twice") in (True, False)
        run.result()
    again = [executor.run(CALM, CORRECT, key="twice").document["status"] for _ in range(4)]
    assert again == ["finished"] * 4


def test_a_key_that_nobody_runs_is_unknown(executor: Executor) -> None:
    assert executor.progress("nobody") is None
    assert not executor.cancel("nobody")
    executor.run(CALM, CORRECT)
    assert executor.progress("") is None
