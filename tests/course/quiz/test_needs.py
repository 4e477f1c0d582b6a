"""The run that a question needs, told from the run that its page is about."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz.needs import TURNS, needed, reasons, settings_of, variant_of
from trainer.engine.program import Program
from trainer.engine.spec import MAX_SEED, PRESETS, RunSpec
from trainer.models import Run

CORRECT = Program.correct()
SPECS = st.builds(
    RunSpec,
    batch_size=st.integers(10, 1000),
    epochs=st.integers(1, 9),
    hidden=st.integers(1, 64),
    optimizer=st.sampled_from(["sgd", "adam"]),
    lr=st.floats(1e-6, 1e6),
    seed=st.integers(0, MAX_SEED),
)


def run(spec: RunSpec, program: Program = CORRECT) -> Run:
    return Run(spec=spec.settings(), program=program.spelling())


@given(SPECS)
def test_it_has_the_settings_of_the_page_s_run_but_for_what_the_question_says(
    spec: RunSpec,
) -> None:
    asked = needed("optimizer=momentum&lr=5e1", run(spec)).asked(1)
    assert asked.spec == replace(spec, optimizer="momentum", lr=50.0)
    assert asked.program == CORRECT


def test_its_lines_are_those_that_are_named_or_the_correct_loop() -> None:
    broken = run(RunSpec(), Program.parse("loss,forward"))
    assert needed("lr=1", broken).first.program == CORRECT
    lines = "zero_grad,forward,loss,backward"
    assert needed(f"lines={lines}", broken).first.program == Program.parse(lines)
    assert needed("lr=1", broken).beside.program == Program.parse("loss,forward")


def test_without_a_run_it_starts_from_the_settings_of_the_course() -> None:
    assert needed("hidden=3", None).first.spec == RunSpec(hidden=3)


def test_what_cannot_be_laid_over_the_run_is_laid_over_the_course_s_settings() -> None:
    """Iris has a hundred rows to train on."""
    iris = run(replace(PRESETS["iris"], seed=9))
    assert needed("batch_size=500", iris).first.spec == RunSpec(batch_size=500, seed=9)


def test_another_data_set_brings_its_own_rows() -> None:
    spec = needed("dataset=wine", run(RunSpec(batch_size=50))).first.spec
    assert (spec.dataset, spec.rows, spec.batch_size) == ("wine", 118, 50)


def test_an_empty_setting_takes_off_what_was_done_to_the_rows() -> None:
    spec = RunSpec(alterations="outlier")
    assert needed("alterations=", run(spec)).first.spec.alterations == ""
    assert needed("lr=1", run(spec)).first.spec.alterations == "outlier"


@given(SPECS, st.integers(1, TURNS), st.integers(1, TURNS))
def test_turns_differ_by_their_seed_and_by_nothing_else(spec: RunSpec, one: int, two: int) -> None:
    asked = needed("lr=1", run(spec))
    first, second = asked.asked(one), asked.asked(two)
    assert replace(first.spec, seed=0) == replace(second.spec, seed=0)
    assert (first == second) == (asked.variant(one) == asked.variant(two)) == (one == two)


@given(SPECS)
def test_a_run_has_one_name_whatever_it_was_told_from(spec: RunSpec) -> None:
    asked = needed("lr=1e9", run(spec))
    again = needed("optimizer=sgd&lr=1000000000", run(replace(spec, lr=1.0)))
    alike = spec.optimizer == "sgd"
    assert (asked.variant(1) == again.variant(1)) == alike
    made = asked.asked(1)
    # One of the databases gives a float back as a whole number.
    kept = made.spec.settings() | {"lr": 1000000000}
    assert variant_of(kept, made.program.spelling(), "") == asked.variant(1)


@pytest.mark.parametrize(
    ("needs", "reason"),
    [
        ("lr", "as in an address"),
        ("lr=0", "lr: Must be above 0"),
        ("rate=1", "rate: Not a setting"),
        ("lines=nonsense", "lines: Line 1, 'nonsense'"),
        ("seed=1", "neither a seed"),
        ("preset=calm", "neither a seed"),
        ("dataset=csv", "neither a seed"),
        ("dataset=csv:abc", "neither a seed"),
        ("table=x&lr=1", "table: Not a setting"),
    ],
)
def test_a_slip_of_the_author_is_named(needs: str, reason: str) -> None:
    assert reason in " ".join(reasons(needs))


@pytest.mark.parametrize("needs", ["lr=50", "optimizer=sgd&lr=50", "lines=zero_grad,forward:2"])
def test_what_can_be_run_has_no_slip(needs: str) -> None:
    assert list(reasons(needs)) == []


def test_a_query_is_read_as_an_address_has_it() -> None:
    assert settings_of("lines=a%2Cb&lr=1e-3") == {"lines": "a,b", "lr": "1e-3"}
