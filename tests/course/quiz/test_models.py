"""What the database itself refuses, whichever code asks."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from course.accounts.models import User
from course.quiz.models import Answer, AppendOnlyError, Question, QuestionVersion
from tests.course.quiz.conftest import Ask, stored
from tests.course.quiz.posting import card, place, send, snapshot
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(ask: Ask, alice: User) -> Answer:
    shown = card(ask(), alice)
    send(alice, shown, place(shown, "backward"))
    return Answer.objects.get()


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer.save(),
        lambda _: Answer.objects.update(score=1),
        lambda answer: Answer.objects.bulk_update([answer], ["score"]),
        lambda answer: Answer.objects.filter(pk=answer.pk).update(raw="0"),
        lambda answer: answer.version.save(),
        lambda _: QuestionVersion.objects.update(number=9),
    ],
)
def test_answers_and_versions_do_not_change(
    answer: Answer, change: Callable[[Answer], object]
) -> None:
    before = snapshot(Answer, QuestionVersion)
    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(answer)
    assert snapshot(Answer, QuestionVersion) == before


def test_a_verdict_is_filled_in_once(answer: Answer) -> None:
    answer.correct, answer.score = True, 1
    assert not Answer.objects.settle(answer)
    answer.refresh_from_db()
    assert answer.correct is False


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"score": 1.5}, "score_within_bounds"),
        ({"score": -0.5}, "score_within_bounds"),
        ({"score": None}, "verdict_whole_or_absent"),
        ({"attempt": 0}, "attempt_from_one"),
        ({}, "UNIQUE|unique constraint"),
    ],
)
def test_the_database_refuses_an_impossible_answer(
    answer: Answer, change: dict[str, object], constraint: str
) -> None:
    fields = {
        field.name: getattr(answer, field.name)
        for field in Answer._meta.fields
        if field.name != "id"
    }
    fields |= {"attempt": 2} if change else {}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Answer.objects.create(**(fields | change))


def test_a_person_who_goes_takes_answers_and_runs_along(ask: Ask, alice: User, calm: Trace) -> None:
    question = ask(kind="number", key="{probe epochs}")
    send(alice, card(question, alice, stored(calm, alice)), "5")
    alice.delete()
    assert not Answer.objects.exists()
    assert not Run.objects.exists()
    assert Question.objects.exists()


def test_first_attempts_can_be_told_from_later_ones(answer: Answer, alice: User) -> None:
    shown = card(answer.question, alice)
    send(alice, shown, place(shown, "step"))
    assert list(Answer.objects.first_attempts()) == [answer]
