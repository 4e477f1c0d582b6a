"""The plain loop is the loop: the same bits as the engine's, and a difference would be seen."""

from dataclasses import replace

import pytest

from bench import equality
from bench.plain_loop import UNIT, train
from tests.sizes import size
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec

NAMES = tuple(equality.SPECS)[:: size(3, 1)]


@pytest.mark.parametrize("name", NAMES)
def test_the_plain_loop_has_the_bits_of_the_engine(name: str) -> None:
    assert equality.differences(equality.SPECS[name]) == []


def test_the_unit_is_the_preset_of_that_name() -> None:
    assert PRESETS["bench"] == UNIT
    assert len(train().losses) == UNIT.steps


def test_a_difference_is_found() -> None:
    spec = RunSpec(rows=200, epochs=2)
    trace = run(spec, Program.correct())
    assert equality.compared(train(spec), trace) == []
    other = equality.compared(train(replace(spec, seed=139)), trace)
    assert other == ["losses", "accuracies", "parameters"]
    plain = train(spec)
    plain.parameters[-1][-1] += 1e-6
    assert equality.compared(plain, trace) == ["parameters"]


def test_numbers_that_are_none_are_not_equal() -> None:
    spec = RunSpec(rows=200, epochs=1)
    trace = run(spec, Program.correct())
    plain = train(spec)
    plain.losses[0] = float("nan")
    assert equality.compared(plain, trace) == ["losses"]
