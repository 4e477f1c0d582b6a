"""From an answer to a date: what enters recall, what is a review, and what changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from course.accounts.models import User
from course.progress.scores import scores
from course.quiz import predictions
from course.quiz.models import Answer, AppendOnlyError, Mode, Question
from course.quiz.refusals import NotACardError
from course.quiz.reply import reply
from course.recall.models import Memory, Review
from tests.course.quiz.conftest import Ask, stored
from tests.course.quiz.posting import card, nobody, place, send, snapshot
from tests.course.recall.conftest import MONDAY, Clock
from tests.course.recall.recalling import (
    asked,
    follows_from_its_log,
    learn,
    recall,
    recall_option,
)
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db

EVERYTHING = (Answer, Memory, Review)


# -- entering --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "rating", "days"), [("step", "Good", 2), ("backward", "Again", 1)]
)
def test_the_first_answer_enters_with_its_rating(
    ask: Ask, alice: User, clock: Clock, option: str, rating: str, days: int
) -> None:
    learn(ask(), alice, option)
    memory, review = Memory.objects.get(), Review.objects.get()
    assert (memory.learner, memory.question.slug, memory.reviews) == (alice, "colour", 1)
    assert memory.due == MONDAY + timedelta(days=days)
    assert (review.memory, review.answer) == (memory, Answer.objects.get())
    assert (review.get_rating_display(), review.at) == (rating, MONDAY)
    assert (review.was_due, review.elapsed) == (None, None)
    assert follows_from_its_log(memory)


def test_half_a_point_is_hard(ask: Ask, alice: User) -> None:
    question = ask(kind="number", key="10", tolerance=1, half_tolerance=5)
    send(alice, card(question, alice), "13")
    assert Review.objects.get().get_rating_display() == "Hard"


def test_only_the_first_answer_in_lessons_counts(
    ask: Ask, alice: User, clock: Clock, calm: Trace, published: Trace
) -> None:
    question = ask(kind="number", key="{probe epochs}")
    first, second = stored(calm, alice), stored(published, alice)
    send(alice, card(question, alice, first), "9")
    before = snapshot(Memory, Review)
    clock.go(days=5)
    send(alice, card(question, alice, first), "5")
    send(alice, card(question, alice, second), "5")
    assert snapshot(Memory, Review) == before
    assert Answer.objects.count() == 3


def test_each_person_has_memories_of_their_own(ask: Ask, alice: User, bob: User) -> None:
    question = ask()
    for person in (alice, bob):
        learn(question, person)
    assert set(Memory.objects.values_list("learner", flat=True)) == {alice.pk, bob.pk}


def test_a_prediction_enters_when_its_run_settles_it(
    ask: Ask, alice: User, clock: Clock, calm: Trace
) -> None:
    ask(place="prediction", kind="number", key="{probe epochs}", max_attempts=1)
    run = stored(calm, alice)
    (shown,) = predictions.cards("lesson", alice, None)
    form = {shown.field: "5", f"{shown.field}-token": shown.token}
    predictions.lock(alice, run, predictions.parse("lesson", alice, form))
    assert not Memory.objects.exists()
    predictions.settle(run)
    assert Review.objects.get().get_rating_display() == "Good"
    with_it = snapshot(*EVERYTHING)
    assert predictions.settle(run) == []
    assert snapshot(*EVERYTHING) == with_it


# -- reviewing -------------------------------------------------------------------------------


def test_a_review_moves_the_date_and_is_logged(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask()
    learn(question, alice)
    was_due = Memory.objects.get().due
    now = clock.go(days=3)
    answered = recall_option(question, alice)
    assert answered.status == 200
    memory, review = Memory.objects.get(), Review.objects.latest("pk")
    assert answered.answer == review.answer
    assert (review.answer.mode, review.answer.attempt, review.answer.confidence) == (
        "recall", 1, "sure",
    )  # fmt: skip
    assert (review.was_due, review.elapsed, review.at) == (was_due, timedelta(days=3), now)
    assert memory.due > now + timedelta(days=3)
    assert follows_from_its_log(memory)


def test_sure_or_not_the_date_is_the_same(ask: Ask, alice: User, bob: User, clock: Clock) -> None:
    question = ask()
    for person in (alice, bob):
        learn(question, person)
    clock.go(days=3)
    for person, confidence in ((alice, "sure"), (bob, "guess")):
        shown = asked(question, person)
        recall(person, shown, place(shown, "step"), confidence)
    first, second = Memory.objects.values_list("card", "due")
    assert first == second


def test_what_is_not_due_is_refused_and_nothing_is_stored(
    ask: Ask, alice: User, clock: Clock
) -> None:
    question = ask()
    learn(question, alice)
    clock.go(days=1, hours=23)
    before = snapshot(*EVERYTHING)
    answered = recall_option(question, alice)
    assert (answered.status, answered.answer) == (409, None)
    assert "not due" in answered.card.notice
    assert snapshot(*EVERYTHING) == before


def test_what_was_never_answered_is_refused(ask: Ask, alice: User) -> None:
    answered = recall_option(ask(), alice)
    assert answered.status == 409
    assert not Answer.objects.exists()


def test_the_same_form_again_changes_nothing(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask()
    learn(question, alice)
    clock.go(days=3)
    shown = asked(question, alice)
    first = recall(alice, shown, place(shown, "step"))
    after = snapshot(*EVERYTHING)
    for _ in range(3):
        clock.go(days=9)  # due again, and still the same form
        again = recall(alice, shown, place(shown, "step"))
        assert (again.status, again.answer) == (200, first.answer)
        assert recall(alice, shown, place(shown, "zero")).status == 409
    assert snapshot(*EVERYTHING) == after


def test_two_tabs_that_ask_on_two_runs_make_one_review(
    ask: Ask, alice: User, clock: Clock, calm: Trace, published: Trace
) -> None:
    question = ask(kind="number", key="{probe epochs}")
    send(alice, card(question, alice, stored(calm, alice)), "5")
    clock.go(days=3)
    tabs = [asked(question, alice, stored(each, alice)) for each in (calm, published)]
    statuses = [recall(alice, shown, "5").status for shown in tabs]
    assert statuses == [200, 409]
    assert Review.objects.count() == 2


def test_reviews_follow_one_another(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask(max_attempts=1)
    learn(question, alice)
    for option in ("step", "backward", "backward", "step", "step"):
        clock.now = Memory.objects.get().due
        assert recall_option(question, alice, option).status == 200
        assert follows_from_its_log(Memory.objects.get())
    assert [each.get_rating_display() for each in Review.objects.all()] == [
        "Good", "Good", "Again", "Again", "Good", "Good",
    ]  # fmt: skip
    numbers = Answer.objects.filter(mode=Mode.RECALL).values_list("attempt", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_a_clock_that_goes_back_a_day_loses_nothing(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask()
    learn(question, alice)
    clock.go(days=4)  # a day too far
    assert recall_option(question, alice).status == 200
    clock.go(days=-1)
    due = Memory.objects.get().due
    assert due > clock.now
    assert recall_option(question, alice).status == 409
    clock.now = due
    assert recall_option(question, alice).status == 200
    assert all(each.elapsed is None or each.elapsed > timedelta(0) for each in Review.objects.all())


# -- lessons are another matter ----------------------------------------------------------------


def test_recall_changes_no_score_and_no_card_of_a_lesson(
    ask: Ask, alice: User, clock: Clock
) -> None:
    question = ask(max_attempts=2)
    learn(question, alice, "zero")
    (before,), left = scores(alice), card(question, alice).attempts_left
    clock.go(days=3)
    recall_option(question, alice, "step")
    (after,) = scores(alice)
    assert (after.recalled.tries, before.recalled.tries) == (1, 0)
    assert replace(after, recalled=before.recalled) == before
    assert card(question, alice).attempts_left == left
    assert card(question, alice).state == "again"
    assert list(Answer.objects.first_attempts()) == [Answer.objects.earliest("pk")]


def test_a_recalled_prediction_is_no_prediction_of_that_run(
    ask: Ask, alice: User, bob: User, clock: Clock, calm: Trace, published: Trace
) -> None:
    question = ask(place="prediction", kind="number", key="{probe epochs}", max_attempts=1)
    mine, course = stored(calm, alice), stored(published, None, "published")
    (shown,) = predictions.cards("lesson", alice, None)
    form = {shown.field: "5", f"{shown.field}-token": shown.token}
    predictions.lock(alice, mine, predictions.parse("lesson", alice, form))
    predictions.settle(mine)
    clock.go(days=3)
    assert recall(alice, asked(question, alice, course), "5").status == 200
    assert predictions.outcomes(course) == []
    assert list(predictions.latest(alice, 10)) == [mine]


def test_cards_of_lessons_and_of_recall_are_not_taken_for_one_another(
    ask: Ask, alice: User, clock: Clock
) -> None:
    question = ask()
    lesson, memory = card(question, alice), asked(question, alice)
    with pytest.raises(NotACardError):
        recall(alice, lesson, "0")
    with pytest.raises(NotACardError):
        reply(alice, nobody, {"token": memory.token, "response": "0"})
    assert not Answer.objects.exists()


def test_the_card_of_another_learner_is_refused(
    ask: Ask, alice: User, bob: User, clock: Clock
) -> None:
    question = ask()
    for person in (alice, bob):
        learn(question, person)
    clock.go(days=3)
    before = snapshot(*EVERYTHING)
    shown = asked(question, alice)
    for somebody in (bob, None):
        form = {"token": shown.token, "response": place(shown, "step")}
        assert reply(somebody, nobody, form, Mode.RECALL).status == 409
    assert snapshot(*EVERYTHING) == before


def test_the_log_does_not_change(ask: Ask, alice: User) -> None:
    learn(ask(), alice)
    with pytest.raises(AppendOnlyError):
        Review.objects.update(rating=4)
    with pytest.raises(AppendOnlyError):
        Review.objects.get().save()


def test_options_stand_in_another_order_now_and_then(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask()
    learn(question, alice)
    orders = set[tuple[str, ...]]()
    for _ in range(6):
        clock.now = Memory.objects.get().due
        shown = asked(question, alice)
        assert [row.text for row in asked(question, alice).rows] == [row.text for row in shown.rows]
        orders.add(tuple(str(row.text) for row in shown.rows))
        recall(alice, shown, place(shown, "step"))
    assert len(orders) > 1


def test_a_person_who_is_erased_takes_all_of_it_along(
    ask: Ask, alice: User, bob: User, clock: Clock
) -> None:
    question = ask()
    for person in (alice, bob):
        learn(question, person)
    clock.go(days=3)
    recall_option(question, alice)
    alice.delete()
    assert set(Memory.objects.values_list("learner", flat=True)) == {bob.pk}
    assert Review.objects.count() == 1
    assert Question.objects.exists()
