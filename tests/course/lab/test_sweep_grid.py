"""From what was typed to the points of a sweep: all of them valid, or the reason beside a field."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.lab.sweeps.grid import SWEPT, RefusedSweep, Typed, plan_of, values_of
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.runs import Asked
from trainer.sweeps import MOST_POINTS, Plan

ASKED = Asked(RunSpec(), Program.correct())


def plan(setting: str, values: str, seeds: int = 1) -> Plan:
    return plan_of(ASKED, Typed(setting, values, seeds))


@pytest.mark.parametrize(
    ("setting", "text", "values"),
    [
        ("lr", "0.1, .2,3e-1", [0.1, 0.2, 0.3]),
        ("lr", "0.001 to 1 in 4", [0.001, 0.01, 0.1, 1.0]),
        ("hidden", "1 to 5 in 3", [1, 3, 5]),
        ("hidden", "5 to 1 in 2", [5, 1]),
        ("optimizer", "sgd, adam", ["sgd", "adam"]),
        ("seed", "0 to 7 in 8", list(range(8))),
        ("rows", "100, 500", [100, 500]),
    ],
)
def test_values_are_read_as_a_list_or_as_a_range(
    setting: str, text: str, values: list[object]
) -> None:
    assert plan(setting, text).values == values


@pytest.mark.parametrize(
    ("setting", "text", "seeds", "field", "reason"),
    [
        ("lr", "0.1", 1, "values", "Give 2 to 20 values"),
        ("lr", ",".join(map(str, range(1, 22))), 1, "values", "Give 2 to 20 values"),
        ("lr", "0.1, banana", 1, "values", "banana: Must be a number"),
        ("lr", "0.1, -1", 1, "values", "-1: Must be above 0"),
        ("lr", "0.1, 0.10", 1, "values", "0.1 is there twice."),
        ("hidden", "1 to 2 in 5", 1, "values", "is there twice."),
        ("lr", "0 to 1 in 5", 1, "values", "Both ends must be above 0."),
        ("lr", "0.1 to 1 in 99", 1, "values", "Take 2 to 20 values."),
        ("lr", "x to 1 in 5", 1, "values", "x is not a number."),
        ("optimizer", "sgd to adam in 2", 1, "values", "Give names"),
        ("optimizer", "sgd, lion", 1, "values", "lion: Choose one of"),
        ("rows", "50, 500", 1, "values", "50: batch_size: Must be between 1 and 50."),
        ("epochs", "5, 200, 201", 1, "values", "201: Must be between 1 and 200."),
        ("batch_size", "1, 100", 1, "values", "1: epochs: 1,000 batches times 5 epochs"),
        ("lr", "0.1, 0.2", 11, "seeds", "2 values under 11 seeds are 22 runs"),
        ("seed", "1, 2", 2, "seeds", "leave this at 1"),
    ],
)
def test_a_sweep_with_one_point_that_cannot_be_run_is_refused(
    setting: str, text: str, seeds: int, field: str, reason: str
) -> None:
    with pytest.raises(RefusedSweep) as refused:
        plan(setting, text, seeds)
    assert refused.value.field == field
    assert reason in refused.value.reason


def test_seeds_go_on_from_the_run_s_own() -> None:
    assert plan("lr", "0.1, 0.2", 3).seeds == [138, 139, 140]
    last = Asked(RunSpec(seed=2**31 - 1), Program.correct())
    with pytest.raises(RefusedSweep) as refused:
        plan_of(last, Typed("lr", "0.1, 0.2", 2))
    assert refused.value.field == "seeds"


@given(st.sampled_from(SWEPT), st.text(max_size=40), st.integers(1, 20))
def test_whatever_is_typed_makes_a_plan_or_a_reason(setting: str, text: str, seeds: int) -> None:
    try:
        made = plan(setting, text, seeds)
    except RefusedSweep as refused:
        reason, field = refused.reason, refused.field
    else:
        assert 2 <= len(made.values) * len(made.seeds) <= MOST_POINTS
        return
    assert reason
    assert field in ("values", "seeds")


@given(st.floats(1e-6, 10), st.floats(1e-6, 10), st.integers(2, 20))
def test_a_range_of_learning_rates_is_even_in_factors(low: float, high: float, count: int) -> None:
    values = [float(each) for each in values_of("lr", f"{low:.6f} to {high:.6f} in {count}")]
    assert len(values) == count
    factors = [after / before for before, after in pairwise(values)]
    assert max(factors) == pytest.approx(min(factors), rel=0.05)
