"""Recall shows hints and marks as lessons do, each occasion for itself."""

import pytest

from course.accounts.models import User
from course.quiz.models import Answer, HintTaken
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, place
from tests.course.quiz.test_hints import HINTS, wish
from tests.course.quiz.test_marks import SURE_AND_WRONG
from tests.course.recall.conftest import Clock
from tests.course.recall.recalling import asked, learn, recall, recall_option
from tests.forms import form_of
from tests.staging import browser, nothing_written

pytestmark = pytest.mark.django_db


def test_each_occasion_begins_without_hints(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask(hints=HINTS)
    learn(question, alice)
    clock.go(days=9)
    shown = asked(question, alice)
    assert (shown.hints, shown.next_hint) == ((), 1)
    after = wish(alice, shown, "recall").card
    assert after.hints == asked(question, alice).hints == ("CANARY-first hint.",)
    feedback = recall(alice, after, place(after, "backward")).card.feedback
    assert feedback
    assert feedback.marks[-1] == "You took 1 hint."
    clock.go(days=30)
    assert asked(question, alice).hints == ()
    recall_option(question, alice)
    assert list(Answer.objects.order_by("pk").values_list("hints", flat=True)) == [0, 1, 0]


def test_hints_of_a_lesson_are_not_those_of_recall(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask(hints=HINTS)
    from_lesson = wish(alice, card(question, alice)).card
    assert len(from_lesson.hints) == 1
    learn(question, alice)
    clock.go(days=9)
    assert asked(question, alice).hints == ()
    recall_option(question, alice)
    assert Answer.objects.get(mode="recall").hints == 0


def test_a_hint_is_asked_for_on_the_page_and_what_was_typed_stays(
    ask: Ask, alice: User, clock: Clock
) -> None:
    learn(ask(hints=HINTS), alice)
    clock.go(days=9)
    client = browser(alice)
    with nothing_written():
        page = client.get("/recall/").content
    assert b"CANARY" not in page
    form = form_of(page, action="/recall/answers/")
    form |= {"response": "1", "confidence": "fairly", "hint": "1"}
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post("/recall/answers/", form, headers=headers)
        assert response.status_code == 200
        said = response.content.decode()
        assert "CANARY-first hint." in said
        assert "CANARY-second" not in said
        assert 'value="1" required checked' in said
        assert 'value="fairly" checked' in said
        assert "Show a hint (1 left)" in said
    assert HintTaken.objects.count() == 1


def test_in_recall_no_points_are_named(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask()
    learn(question, alice)
    clock.go(days=9)
    feedback = recall_option(question, alice, "backward").card.feedback
    assert feedback
    assert feedback.sure
    assert " ".join(feedback.marks) == SURE_AND_WRONG
