"""What is due, and that lessons are mixed as well as they can be."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz.models import Question
from course.recall.due import count_due, memories, mixed, summary
from course.recall.models import Memory
from tests.course.quiz.conftest import Ask
from tests.course.recall.conftest import MONDAY, Clock
from tests.course.recall.recalling import learn


def held(pk: int, lesson: int, hours: int) -> Memory:
    """Not saved."""
    question = Question(pk=pk, lesson=Lesson(pk=lesson))
    return Memory(pk=pk, question=question, due=MONDAY - timedelta(hours=hours))


def neighbours(lessons: list[int], last: int | None) -> int:
    """How often a lesson follows itself."""
    return sum(one == two for one, two in pairwise([last, *lessons]))


dues = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), max_size=6)


@given(dues, st.none() | st.integers(1, 3))
def test_as_few_of_one_lesson_as_can_be_follow_one_another(
    given_: list[tuple[int, int]], last: int | None
) -> None:
    due = [held(pk, *each) for pk, each in enumerate(given_, 1)]
    found = mixed(due, last)
    assert sorted(each.pk for each in found) == [each.pk for each in due]
    lessons = [each.question.lesson_id for each in found]
    best = min(neighbours(list(order), last) for order in permutations(lessons))
    assert neighbours(lessons, last) == best


@given(dues)
def test_within_a_lesson_what_is_due_longest_comes_first(given_: list[tuple[int, int]]) -> None:
    due = [held(pk, *each) for pk, each in enumerate(given_, 1)]
    for lesson in Counter(each for each, _ in given_):
        mine = [each.due for each in mixed(due, None) if each.question.lesson_id == lesson]
        assert mine == sorted(mine)


@pytest.mark.django_db
def test_what_is_archived_is_not_asked(ask: Ask, alice: User, clock: Clock) -> None:
    first, second = ask(), ask("second")
    for question in (first, second):
        learn(question, alice)
    now = clock.go(days=3)
    assert count_due(alice, now) == 2
    Question.objects.filter(pk=first.pk).update(archived=True)
    assert [each.question for each in memories(alice)] == [second]
    Lesson.objects.update(archived=True)
    assert count_due(alice, now) == 0


@pytest.mark.django_db
def test_the_number_costs_one_query_and_nobody_none(
    ask: Ask,
    alice: User,
    bob: User,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    learn(ask(), alice)
    learn(ask("second"), alice, "zero")
    assert count_due(alice, clock.now) == 0
    now = clock.go(days=1)
    with django_assert_num_queries(1):
        assert count_due(alice, now) == 1
    with django_assert_num_queries(0):
        assert count_due(None, now) == 0
    assert count_due(bob, now) == 0
    with django_assert_num_queries(1):
        told = summary(alice, now)
    assert (told.held, told.due_now, told.next_due) == (2, 1, MONDAY + timedelta(days=2))
    assert summary(None, now).held == 0
