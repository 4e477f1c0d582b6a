"""The questions taken together: which aims they test, what their keys hang on, how lessons end."""

import pytest

from course.lessons import files
from course.quiz import roles
from course.quiz.files import QuestionFile
from course.quiz.kinds import KINDS
from course.quiz.models import Place
from course.quiz.objectives import BY_STAGE
from tests.course.quiz.conftest import CONTENT

COURSE = files.read(CONTENT)
LESSONS = {folder.lesson.slug: folder for folder in COURSE}
QUESTIONS = [question for folder in COURSE for question in folder.questions]
SCORED = [question for question in QUESTIONS if question.place != Place.PREDICTION]

FEWEST = 80
LONGEST_QUIZ = 10
MOST_IN_A_SECTION = 2

FIRST_HALF = ("data-loading", "preprocessing", "model-input", "loss")
SECOND_HALF = tuple(stage for stage in BY_STAGE if stage not in FIRST_HALF)


def of_stages(*stages: str) -> list[QuestionFile]:
    return [question for question in SCORED if question.stage in stages]


def worked_out(question: QuestionFile) -> bool:
    """Whether a run decides what is right: the one beside the question, or the answer's own."""
    content = question.content
    runs = KINDS[content.kind].runs and bool(content.facts)
    return runs or bool(roles.names(content.key))


def quiz(lesson: str) -> list[QuestionFile]:
    return [each for each in LESSONS[lesson].questions if each.place == Place.QUIZ]


def test_there_are_enough_of_them() -> None:
    assert len(QUESTIONS) >= FEWEST
    assert len({question.slug for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("stage", BY_STAGE)
def test_every_aim_of_a_stage_is_tested_and_every_question_tests_one(stage: str) -> None:
    assert {question.objective for question in of_stages(stage)} == set(BY_STAGE[stage])


@pytest.mark.parametrize("stages", [FIRST_HALF, SECOND_HALF])
def test_half_of_the_keys_or_more_come_out_of_a_run(stages: tuple[str, ...]) -> None:
    mine = of_stages(*stages)
    assert 2 * len([question for question in mine if worked_out(question)]) >= len(mine)


@pytest.mark.parametrize("question", SCORED, ids=lambda question: question.slug)
def test_every_wrong_answer_to_expect_shows_a_belief(question: QuestionFile) -> None:
    wrong = [
        option
        for option in question.content.options
        if option.value or option.feedback or (option.text and not option.correct)
    ]
    assert wrong
    for option in wrong:
        assert option.misconception, option.name


@pytest.mark.parametrize("lesson", [*BY_STAGE][:-1])
def test_a_lesson_ends_with_a_line_to_type(lesson: str) -> None:
    assert quiz(lesson)[-1].content.kind == "line"


def test_the_last_lesson_ends_with_a_program_to_type() -> None:
    assert quiz("prediction-trace")[-1].content.kind == "program"


@pytest.mark.parametrize("lesson", BY_STAGE)
def test_a_quiz_is_not_too_long(lesson: str) -> None:
    assert len(quiz(lesson)) <= LONGEST_QUIZ


@pytest.mark.parametrize("lesson", BY_STAGE)
def test_a_section_does_not_ask_too_much(lesson: str) -> None:
    for section in LESSONS[lesson].lesson.text.split("\n## "):
        assert section.count("{question ") <= MOST_IN_A_SECTION
