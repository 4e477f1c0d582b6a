"""From a question and the numbers of a run to a verdict."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from course.quiz import marking
from course.quiz.content import Content, Option
from tests.course.quiz.conftest import COLOUR

STEPS = Content(
    kind="number",
    prompt="How many in {probe epochs} epochs?",
    key="{probe steps}",
    options=(Option("five", value="{probe epochs}", misconception="epoch-is-one-update"),),
)


def test_the_key_comes_from_the_run() -> None:
    values = {"steps": 50, "epochs": 5}
    right, wrong = marking.grade(STEPS, values, 50.0), marking.grade(STEPS, values, 5.0)
    assert right
    assert right.correct
    assert wrong
    assert marking.misconceptions(STEPS, wrong) == ["epoch-is-one-update"]
    assert marking.misconceptions(STEPS, right) == []


def test_a_question_is_absent_where_the_run_has_no_key_or_no_number_for_its_prompt() -> None:
    assert marking.marking(STEPS, {"steps": None, "epochs": 5}) is None
    assert marking.marking(STEPS, {"steps": 50, "epochs": None}) is None
    assert marking.marking(STEPS, {"steps": float("nan"), "epochs": 5}) is None
    assert marking.grade(STEPS, {}, 50.0) is None


def test_a_wrong_answer_that_this_run_cannot_tell_from_the_right_one_is_not_expected() -> None:
    found = marking.marking(STEPS, {"steps": 5, "epochs": 5})
    assert found
    assert found.wrong == {}


def test_a_probe_names_the_right_option() -> None:
    content = replace(COLOUR, key="{probe course}")
    found = marking.marking(content, {"course": "zero"})
    assert found
    assert found.key == "zero"
    assert marking.marking(content, {"course": "something else"}) is None


@given(st.permutations([option.name for option in COLOUR.options]))
def test_the_order_shown_never_changes_the_score(shown: list[str]) -> None:
    samples = {each.matched: each.share for each in marking.samples(COLOUR, {}, shown)}
    assert samples == {"step": 1.0, "backward": 0.0, "zero": 0.0, "": None}


@given(st.integers(min_value=0, max_value=2))
def test_grading_is_pure(place: int) -> None:
    name = COLOUR.options[place].name
    assert marking.grade(COLOUR, {}, name) == marking.grade(COLOUR, {}, name)


def test_content_survives_its_journey_through_json() -> None:
    for content in (COLOUR, replace(STEPS, half_tolerance=0.5, relative=True)):
        assert Content.from_json(content.as_json()) == content


def test_a_question_is_about_the_run_only_if_it_asks_for_its_numbers() -> None:
    assert STEPS.asks_about_run()
    evidence = replace(COLOUR, explanation="{probe epochs}")
    assert not evidence.asks_about_run()
    assert evidence.probes() == {"epochs"}


NUMBERS = st.none() | st.floats() | st.integers(-9, 9)


@given(NUMBERS, NUMBERS, st.floats(-9, 9))
def test_only_a_run_that_bears_it_out_is_graded(
    steps: float | None, epochs: float | None, said: float
) -> None:
    values = {"steps": steps, "epochs": epochs}
    asked = replace(STEPS, prompt="How many?", only_if="epochs > 3", options=())
    verdict = marking.grade(asked, values, said)
    wanted = marking.grade(replace(asked, only_if=""), values, said)
    assert verdict == (wanted if epochs is not None and epochs > 3 else None)
