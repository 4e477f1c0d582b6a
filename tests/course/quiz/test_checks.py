"""What an author is told before a question can be published."""

from dataclasses import replace
from typing import Any

import pytest

from course.quiz.checks import problems
from course.quiz.content import Content, Option
from tests.course.quiz.conftest import COLOUR

FIVE = Option("five", value="5", misconception="epoch-is-one-update", feedback="No.")
COUNT = Content(
    kind="number", prompt="?", key="50", nudge="No.", explanation="So.", options=(FIVE,)
)


def test_a_sound_question_has_no_problem() -> None:
    assert problems(COLOUR) == []
    assert problems(COUNT) == []
    assert problems(replace(COUNT, kind="shape", key="(100, 3)")) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "essay"}, "kind"),
        ({"prompt": " "}, "prompt"),
        ({"explanation": ""}, "explanation"),
        ({"prompt": "{probe no_such_thing}"}, "no_such_thing"),
        ({"explanation": "{probe epochs .3q}"}, "no role"),
        ({"points": 0}, "points"),
        ({"tolerance": -1.0}, "tolerance"),
        ({"tolerance": 0.2, "half_tolerance": 0.1}, "half_tolerance"),
        ({"key": ""}, "key"),
        ({"key": "many"}, "key"),
        ({"key": "nan"}, "key"),
        ({"nudge": ""}, "nudge"),
        ({"options": (replace(FIVE, value="few"),)}, "'few'"),
        ({"options": (replace(FIVE, misconception="moon-is-cheese"),)}, "moon-is-cheese"),
        ({"options": (replace(FIVE, misconception=""),)}, "names no misconception"),
        ({"options": (replace(FIVE, feedback=""),)}, "feedback"),
    ],
)
def test_a_problem_is_named(change: dict[str, Any], said: str) -> None:
    assert any(said in problem.reason for problem in problems(replace(COUNT, **change)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"options": COLOUR.options[:1]}, "2 to 12 options"),
        ({"options": COLOUR.options[1:]}, "mark one option"),
        ({"key": "{probe epochs}"}, "mark one option"),
        ({"key": "step"}, "a probe or nothing"),
        ({"options": (*COLOUR.options, Option("bare", text="x", feedback="No."))}, "misconception"),
    ],
)
def test_a_choice_is_checked_as_a_whole(change: dict[str, Any], said: str) -> None:
    assert any(said in problem.reason for problem in problems(replace(COLOUR, **change)))


RUN = replace(COUNT, needs="lr=50", max_attempts=1, key="{probe updates}")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"only_if": "updates > 3 and optimizer = sgd", "otherwise": "It made {probe updates}."},
        {"explanation": "{probe heldout_loss .3f}"},
        {"needs": "", "only_if": "updates > 3"},
    ],
)
def test_a_question_may_need_a_run(change: dict[str, Any]) -> None:
    assert problems(replace(RUN, **change), "stage") == []


@pytest.mark.parametrize(
    ("change", "said", "place"),
    [
        ({"needs": "lr=0"}, "lr: Must be above 0", "needs"),
        ({"needs": "seed=1"}, "neither a seed", "needs"),
        ({"max_attempts": 2}, "1, where the run follows", "max_attempts"),
        ({"prompt": "{probe epochs} epochs?"}, "its run is not made", ""),
        ({"note": "{probe epochs} epochs."}, "its run is not made", ""),
        ({"kind": "program", "key": "", "facts": "ran_through"}, "by its own run", "needs"),
        ({"only_if": "updates >"}, "no condition", "only_if"),
        ({"only_if": "nothing > 3", "otherwise": "No."}, "'nothing' does not exist", "only_if"),
        ({"only_if": "updates > 3"}, "goes with only_if", "otherwise"),
        ({"otherwise": "No."}, "goes with only_if", "otherwise"),
        ({"otherwise": "No {probe nothing}.", "only_if": "updates"}, "does not exist", "otherwise"),
    ],
)
def test_what_a_question_may_not_say_of_its_run_is_named(
    change: dict[str, Any], said: str, place: str
) -> None:
    found = [slip for slip in problems(replace(RUN, **change), "stage") if said in slip.reason]
    assert [slip.place[:1] for slip in found] == [(place,) if place else ()]


def test_a_prediction_needs_no_run_of_its_own() -> None:
    assert [slip.place for slip in problems(RUN, "prediction")] == [("needs",)]
