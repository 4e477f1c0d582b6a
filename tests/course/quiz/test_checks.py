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
