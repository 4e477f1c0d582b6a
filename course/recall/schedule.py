"""When a question comes back: FSRS with its default parameters, and how an answer is rated. Pure.

The ratings are FSRS's own. An answer that is not right is Again, one that earns a part of its
points is Hard, a right one is Good. Nothing is Easy: that would say that it took no effort, which
neither an answer nor how sure somebody was can tell. How sure is reported, and moves no date.

There are no steps of minutes: what was answered comes back on another day, one at the earliest.
Each date is a whole number of days after a review, in UTC and without chance. Should a clock have
gone back, a review counts as made when the one before it was.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from fsrs import Card, Rating, Scheduler
from fsrs.card import CardDict

SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

Kept = dict[str, Any]
"""A card as strict JSON."""


def rating_of(*, correct: bool, score: float) -> Rating:
    """How an answer is rated."""
    if correct:
        return Rating.Good
    return Rating.Hard if score else Rating.Again


def begun(question: int, rating: Rating, at: datetime) -> Card:
    """The card of a question after its first answer."""
    return reviewed(Card(card_id=question, due=at), rating, at)


def reviewed(card: Card, rating: Rating, at: datetime) -> Card:
    """The card after one more review; the one given stays as it is."""
    return SCHEDULER.review_card(card, rating, _after(card, at))[0]


def replayed(question: int, log: Iterable[tuple[Rating, datetime]]) -> Card:
    """The card after all of these reviews, in this order. At least one."""
    (rating, at), *others = log
    card = begun(question, rating, at)
    for rating, at in others:
        card = reviewed(card, rating, at)
    return card


def elapsed(card: Card, at: datetime) -> timedelta:
    """Time since the last review, never negative."""
    return _after(card, at) - (card.last_review or at)


def kept(card: Card) -> Kept:
    """As the database keeps it."""
    return dict(card.to_dict())


def read(given: Mapping[str, Any]) -> Card:
    """What `kept` wrote."""
    return Card.from_dict(cast("CardDict", given))


def _after(card: Card, at: datetime) -> datetime:
    """That moment, or the one of the last review if a clock says it was later."""
    moment = at.astimezone(UTC)
    return max(moment, card.last_review) if card.last_review else moment
