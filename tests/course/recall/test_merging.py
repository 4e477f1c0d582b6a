"""A guest's memories in an account: every review kept, in order, and the dates that follow."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz.files import QuestionFile
from course.quiz.models import Question
from course.quiz.stored import write
from course.recall.models import Memory, Review
from tests.course.quiz.conftest import COLOUR, Ask
from tests.course.recall.conftest import Clock
from tests.course.recall.recalling import follows_from_its_log, learn, recall_option
from tests.staging import nothing_changed


def log() -> list[dict[str, Any]]:
    """Every review, without whose memory it stands in."""
    fields = ("pk", "answer", "rating", "at", "was_due")
    return [dict(each) for each in Review.objects.order_by("pk").values(*fields)]


@pytest.mark.django_db
def test_what_only_the_guest_remembers_goes_along(ask: Ask, alice: User, clock: Clock) -> None:
    guest = User.objects.create_guest()
    learn(ask(), guest, "zero")
    clock.go(days=2)
    recall_option(Question.objects.get(), guest)
    before, told = log(), Memory.objects.values("card", "due", "reviews").get()
    merge(guest, alice)
    assert log() == before
    assert Memory.objects.values("card", "due", "reviews").get() == told
    assert Memory.objects.get().learner == alice


@pytest.mark.django_db
def test_what_both_remember_has_one_log(ask: Ask, alice: User, clock: Clock) -> None:
    question, guest = ask(), User.objects.create_guest()
    learn(question, alice, "zero")
    clock.go(days=1)
    learn(question, guest)
    clock.go(days=1)
    recall_option(question, alice)
    clock.go(days=2)
    recall_option(question, guest)
    before = log()
    assert merge(guest, alice)
    memory = Memory.objects.get()
    assert (memory.learner, memory.reviews) == (alice, 4)
    assert log() == before
    assert list(memory.log.values_list("pk", flat=True)) == [each["pk"] for each in before]
    assert follows_from_its_log(memory)
    with nothing_changed():
        assert not merge(guest, alice)
    clock.now = memory.due
    assert recall_option(question, alice).status == 200


class AnyHistory(TestCase):
    """Any order of answers and reviews by an account and two guests, merged one by one."""

    def setUp(self) -> None:
        lesson = Lesson.objects.create(slug="lesson", title="Lesson")
        for slug in ("one", "two"):
            write(QuestionFile(slug, "quiz", "loss", 1, COLOUR), lesson.pk, "")
        self.questions = list(Question.objects.order_by("pk"))

    @given(
        steps=st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, 1),
                st.sampled_from(["zero", "step"]),
                st.integers(-30, 200),
            ),
            max_size=10,
        ),
        order=st.permutations([1, 2]),
    )
    def test_merging_conserves_the_log(
        self, steps: list[tuple[int, int, str, int]], order: list[int]
    ) -> None:
        alice = User.objects.create_user("alice", "a-long-password")
        people = [alice, User.objects.create_guest(), User.objects.create_guest()]
        with pytest.MonkeyPatch.context() as patch:
            clock = Clock()
            patch.setattr("django.utils.timezone.now", clock)
            for who, which, option, hours in steps:
                clock.now += timedelta(hours=hours)
                self._answer(people[who], self.questions[which], option)
            before = log()
            for guest in order:
                assert merge(people[guest], alice)
                assert not merge(people[guest], alice)
        assert log() == before
        assert not Memory.objects.exclude(learner=alice).exists()
        held = list(Memory.objects.all())
        assert len({memory.question_id for memory in held}) == len(held)
        assert sum(memory.reviews for memory in held) == len(before)
        assert all(map(follows_from_its_log, held))

    def _answer(self, learner: User, question: Question, option: str) -> None:
        if Memory.objects.filter(learner=learner, question=question).exists():
            assert recall_option(question, learner, option).status in (200, 409)
        else:
            learn(question, learner, option)
