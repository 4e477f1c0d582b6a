"""Publishing: a new version whenever, and only when, a question says something else."""

import pytest
from django.db import models

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz import versions
from course.quiz.models import Question
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, send

pytestmark = pytest.mark.django_db


def test_publishing_the_same_again_makes_no_version(ask: Ask) -> None:
    question = ask()
    assert versions.publish(question) == versions.publish(question)
    assert question.versions.count() == 1


@pytest.mark.parametrize(
    "change", [{"prompt": "?"}, {"points": 2}, {"max_attempts": 5}, {"explanation": "So."}]
)
def test_publishing_something_else_makes_one(ask: Ask, change: dict[str, object]) -> None:
    question = ask()
    Question.objects.filter(pk=question.pk).update(**change)
    question.refresh_from_db()
    assert versions.publish(question).number == 2


def test_an_option_counts_as_much_as_the_question(ask: Ask) -> None:
    question = ask()
    question.choices.filter(name="zero").update(feedback="Other.")
    assert versions.publish(question).number == 2
    question.choices.filter(name="zero").delete()
    assert versions.publish(question).number == 3


def test_where_a_question_stands_is_no_part_of_what_it_says(ask: Ask) -> None:
    question = ask()
    question.order, question.place = 9, "stage"
    question.save()
    assert versions.publish(question).number == 1


def test_learners_see_the_latest_version(ask: Ask) -> None:
    question = ask()
    for points in (2, 3):
        Question.objects.update(points=points)
        question.refresh_from_db()
        versions.publish(question)
    (shown,) = versions.current("lesson")
    assert (shown.number, shown.content["points"]) == (3, 3)


def test_nothing_with_an_answer_can_be_deleted(ask: Ask, alice: User) -> None:
    question = ask()
    send(alice, card(question, alice), "0")
    for item in (question, question.versions.get(), Lesson.objects.get()):
        with pytest.raises(models.ProtectedError):
            item.delete()
    question.choices.all().delete()
    assert Question.objects.exists()
