"""Whatever people and authors do, in whatever order: what was acknowledged stays as it was.

Answering old and new cards, taking hints, editing the question, merging a guest: a machine that
does one after the other, on the real tables.
"""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz import evidence, marking
from course.quiz.content import Content
from course.quiz.files import QuestionFile
from course.quiz.models import Answer, HintTaken, Question
from course.quiz.parts import Card
from course.quiz.reply import reply
from course.quiz.stored import write
from course.quiz.tokens import Token
from tests.course.quiz.conftest import COLOUR
from tests.course.quiz.posting import card, nobody, place, send
from tests.sizes import size

pytestmark = pytest.mark.django_db

OPTIONS = ("step", "backward", "zero")
MAY_CHANGE = {"learner_id", "attempt"}
FIELDS = sorted({field.attname for field in Answer._meta.fields} - MAY_CHANGE)


class AnyCourse(RuleBasedStateMachine):
    """An account, its guests one after the other, and one question."""

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        self.lesson = Lesson.objects.create(slug="lesson", title="Lesson")
        self.alice = User.objects.create_user("alice", "a-long-password")
        self.guest = User.objects.create_guest()
        self.acknowledged = dict[int, dict[str, Any]]()
        self.tabs = defaultdict[int, list[Card]](list)
        self.publish(2, "Which line moves the weights?")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)

    def publish(self, attempts: int, prompt: str) -> None:
        fields = {"max_attempts": attempts, "prompt": prompt, "hints": "Look.\nLook again."}
        content = COLOUR.from_json(COLOUR.as_json() | fields)
        write(QuestionFile("colour", "quiz", "loss", 1, content), self.lesson.pk, "")
        self.look()

    def look(self) -> None:
        """Both open the page in another tab; what was open stays open."""
        for who in (self.alice, self.guest):
            if (shown := card(self.question, who)).token:
                self.tabs[who.pk].append(shown)

    @property
    def question(self) -> Question:
        return Question.objects.get()

    @rule(
        as_guest=st.booleans(),
        tab=st.integers(0, 9),
        option=st.sampled_from(OPTIONS),
        late=st.booleans(),
        twice=st.booleans(),
    )
    def answer(self, as_guest: bool, tab: int, option: str, late: bool, twice: bool) -> None:
        """With the token of a card, or with one for the next attempt, as a race might leave it."""
        who = self.guest if as_guest else self.alice
        tabs = self.tabs[who.pk]
        shown = tabs[tab % len(tabs)]
        before = list(Answer.objects.filter(learner=who).order_by("pk"))
        if late:
            token = replace(Token.read(shown.token), attempt=len(before) + 1).signed()
            shown = replace(shown, token=token)
        for _ in range(1 + twice):
            replied = send(who, shown, place(shown, option))
        assert replied.status in (200, 409, 422)  # 422: an option that was tried before
        after = list(Answer.objects.filter(learner=who).order_by("pk"))
        assert len(after) - len(before) in (0, 1)
        if replied.answer:
            self.acknowledged[replied.answer.pk] = told(replied.answer.pk)
        if len(after) > len(before):
            assert replied.status == 200
            assert not any(each.correct for each in before)
            assert len(after) <= Content.from_json(after[-1].version.content).max_attempts
        self.look()

    @rule(as_guest=st.booleans(), tab=st.integers(0, 9))
    def hint(self, as_guest: bool, tab: int) -> None:
        """Of a card as it was, which may have been taken since, or be over."""
        who = self.guest if as_guest else self.alice
        tabs = self.tabs[who.pk]
        shown = tabs[tab % len(tabs)]
        if shown.next_hint:
            form = {"token": shown.token, "hint": str(shown.next_hint)}
            replied = reply(who, nobody, form)
            assert (replied.status, bool(replied.card.notice)) in ((200, False), (409, True))
            assert replied.status == 409 or len(replied.card.hints) >= shown.next_hint
        self.look()

    @rule(attempts=st.integers(1, 4), prompt=st.sampled_from(["What moves them?", "Which one?"]))
    def edit(self, attempts: int, prompt: str) -> None:
        self.publish(attempts, prompt)

    @rule()
    def sign_in(self) -> None:
        assert merge(self.guest, self.alice)
        assert not merge(self.guest, self.alice)
        self.guest = User.objects.create_guest()
        self.look()

    @invariant()
    def nothing_acknowledged_is_lost_or_changed(self) -> None:
        assert {pk: told(pk) for pk in self.acknowledged} == self.acknowledged
        assert Answer.objects.count() == len(self.acknowledged)

    @invariant()
    def attempts_are_counted_without_gaps(self) -> None:
        for who in (self.alice, self.guest):
            rows = Answer.objects.filter(learner=who).order_by("pk")
            assert [each.attempt for each in rows] == list(range(1, len(rows) + 1))

    @invariant()
    def what_was_answered_right_never_opens_again(self) -> None:
        for who in (self.alice, self.guest):
            if Answer.objects.filter(learner=who, correct=True).exists():
                shown = card(self.question, who)
                assert shown.is_over
                assert not shown.token

    @invariant()
    def no_hint_is_taken_twice_and_none_is_passed_over(self) -> None:
        for who in (self.alice, self.guest):
            taken = defaultdict[int, list[int]](list)
            for each in HintTaken.objects.filter(learner=who).order_by("number"):
                taken[each.version_id].append(each.number)
            assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in taken.values())

    @invariant()
    def grading_again_gives_the_same(self) -> None:
        for each in Answer.objects.select_related("version"):
            content = Content.from_json(each.version.content)
            verdict = marking.grade(content, evidence.recall(each.evidence), each.response)
            assert verdict
            assert (verdict.correct, verdict.share * content.points) == (each.correct, each.score)


def told(pk: int) -> dict[str, Any]:
    """An answer, without whose it is and as which attempt it counts."""
    return dict(Answer.objects.values(*FIELDS).get(pk=pk))


def test_no_order_of_events_loses_an_answer_or_gives_one_too_many() -> None:
    run_state_machine_as_test(
        AnyCourse,
        settings=settings(max_examples=size(20, 500), stateful_step_count=12, deadline=None),
    )
