"""From an answer to a date: the first one makes a memory, each one in recall is a review of it.

Answers in lessons after the first change no date: there, attempts follow one another at once.
"""

from typing import Any

from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone
from fsrs import Rating

from course.quiz.answering import answered
from course.quiz.models import Answer, Mode
from course.quiz.refusals import StaleError
from course.recall import schedule
from course.recall.models import Memory, Review

NOT_DUE = "This question is not due any more. Here is what is."


@receiver(answered)
def follow_up(answer: Answer, **_: Any) -> None:
    """In the transaction of the answer: both are stored, or neither is. Raises `StaleError`."""
    if answer.mode == Mode.RECALL:
        _review(answer)
    else:
        _begin(answer)


def _begin(answer: Answer) -> None:
    """Remember a question from its first answer on. The database decides which one is that."""
    rating, now = _rating(answer), timezone.now()
    card = schedule.begun(answer.question_id, rating, now)
    memory, is_new = Memory.objects.get_or_create(
        learner_id=answer.learner_id,
        question_id=answer.question_id,
        defaults={"card": schedule.kept(card), "due": card.due},
    )
    if is_new:
        Review(memory=memory, answer=answer, rating=rating, at=now).save()


def _review(answer: Answer) -> None:
    """Only what is due is reviewed, and of two at a time only one counts."""
    rating, now = _rating(answer), timezone.now()
    due = Memory.objects.filter(
        learner=answer.learner_id, question=answer.question_id, due__lte=now
    )
    if (memory := due.first()) is None:
        raise StaleError(NOT_DUE)
    before = schedule.read(memory.card)
    card = schedule.reviewed(before, rating, now)
    still = due.filter(pk=memory.pk, reviews=memory.reviews)
    if not still.update(card=schedule.kept(card), due=card.due, reviews=F("reviews") + 1):
        raise StaleError(NOT_DUE)
    Review(
        memory=memory,
        answer=answer,
        rating=rating,
        at=now,
        was_due=memory.due,
        elapsed=schedule.elapsed(before, now),
    ).save()


def _rating(answer: Answer) -> Rating:
    return schedule.rating_of(correct=bool(answer.correct), score=answer.score or 0.0)
