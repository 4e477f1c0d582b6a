"""Points per lesson, recomputed from the answers: each figure against a plain count."""

from collections import Counter

import pytest

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.scores import Scores, scores
from course.quiz.models import Answer, Question
from tests.course.quiz.conftest import Ask, stored
from tests.course.quiz.posting import card, place, send
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db


def one(learner: User | None) -> Scores:
    """The scores of the only lesson."""
    (found,) = scores(learner)
    return found


def figures(found: Scores) -> tuple[float, ...]:
    return (found.reached, found.points, found.at_first, found.first_points, found.tries)


def answer(question: Question, learner: User, *options: str) -> None:
    for option in options:
        shown = card(question, learner)
        assert send(learner, shown, place(shown, option)).status == 200


def test_without_answers_everything_is_still_to_reach(ask: Ask, alice: User) -> None:
    ask()
    ask("second", points=3)
    for learner in (None, alice):
        found = one(learner)
        assert (found.questions, found.answered, found.is_done) == (2, 0, False)
        assert figures(found) == (0, 4, 0, 0, 0)


def test_the_best_counts_and_the_first_try_stands_apart(ask: Ask, alice: User, bob: User) -> None:
    first, second = ask(points=2), ask("second", points=3)
    answer(first, alice, "zero", "step")
    answer(second, alice, "step")
    answer(first, bob, "step")
    assert figures(one(alice)) == (5, 5, 3, 5, 3)
    assert one(alice).is_done
    assert figures(one(bob)) == (2, 5, 2, 2, 1)


def test_of_a_question_about_runs_the_best_run_counts(ask: Ask, alice: User, calm: Trace) -> None:
    question = ask(kind="number", key="{probe epochs}", points=2)
    for raw in ("9", "5", "8"):
        run = stored(calm, alice)
        assert send(alice, card(question, alice, run), raw).status == 200
    assert figures(one(alice)) == (2, 2, 0, 2, 3)


def test_what_was_answered_counts_as_it_was_asked(ask: Ask, alice: User) -> None:
    answer(ask(points=2), alice, "step")
    ask(points=5)
    assert figures(one(alice)) == (2, 2, 2, 2, 1)


def test_what_is_archived_counts_for_who_has_answered_it(ask: Ask, alice: User, bob: User) -> None:
    answer(ask(), alice, "step")
    ask("second")
    Question.objects.filter(slug="colour").update(archived=True)
    assert figures(one(alice)) == (1, 2, 1, 1, 1)
    assert figures(one(bob)) == (0, 1, 0, 0, 0)
    Lesson.objects.update(archived=True)
    assert figures(one(alice)) == (1, 1, 1, 1, 1)
    assert scores(bob) == []


def test_predictions_are_not_in_here(course: None, alice: User) -> None:
    told = {found.lesson.slug: found.questions for found in scores(alice)}
    assert Question.objects.filter(lesson__slug="pipeline", place="prediction").exists()
    asked = Question.objects.exclude(place="prediction").values_list("lesson__slug", flat=True)
    assert told == Counter(asked)


def test_lessons_come_in_the_order_of_the_course(course: None) -> None:
    told = [found.lesson for found in scores(None)]
    assert told == sorted(told, key=lambda lesson: (lesson.order, lesson.slug))


def test_what_a_guest_reached_goes_along(ask: Ask, alice: User) -> None:
    first, second, guest = ask(), ask("second"), User.objects.create_guest()
    answer(first, guest, "step")
    answer(second, guest, "zero")
    answer(second, alice, "backward")
    merge(guest, alice)
    assert figures(one(alice)) == (1, 2, 1, 2, 3)
    rows = Answer.objects.filter(learner=alice)
    assert one(alice).tries == rows.count()
