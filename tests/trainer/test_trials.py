"""A program tried out: nothing is stored, and a run that the clock ended tells nothing."""

import pytest

from tests.staging import cut_short
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import OUT_OF_TIME, Trace
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.trials import SPEC, trial


def test_the_correct_loop_has_every_fact() -> None:
    tried = trial(Program.correct())
    assert all(tried.facts.values())
    assert len(tried.trace.document["steps"]) == SPEC.steps == 8


def test_a_run_that_the_clock_ended_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    trial(Program.correct())
    late = cut_short(f"{OUT_OF_TIME} of 5 s is used up.", at=1)
    monkeypatch.setattr(executor(), "run", lambda *_, **__: late)
    with pytest.raises(Busy) as busy:
        trial(Program.parse("forward,loss"))
    assert busy.value.retry_after > 0


def test_a_run_that_used_up_its_steps_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    trial(Program.correct())
    spent = cut_short("The budget of 4,000 steps is used up.", at=1)
    monkeypatch.setattr(executor(), "run", lambda *_, **__: spent)
    assert not trial(Program.parse("forward,loss")).facts["ran_through"]


def test_it_takes_the_turn_of_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    trial(Program.correct())
    asked: list[dict[str, str]] = []
    real = executor().run

    def run(spec: RunSpec, program: Program, **options: str) -> Trace:
        asked.append(options)
        return real(spec, program, **options)

    monkeypatch.setattr(executor(), "run", run)
    trial(Program.parse("forward,loss"), "42")
    assert asked == [{"learner": "42"}]
