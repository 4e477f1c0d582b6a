"""A learner's hands: look at a card, choose, send it."""

import re

from django.db.models import Model

from course.accounts.models import User
from course.quiz import versions
from course.quiz.cards import card_of
from course.quiz.models import Question
from course.quiz.parts import Card
from course.quiz.reply import Reply, reply
from trainer.models import Run


def card(question: Question, learner: User | None = None, run: Run | None = None) -> Card:
    """The card as this person sees it now."""
    return card_of(versions.current_of(question.pk), learner, run)


def nobody() -> User:
    """Stands where a guest would be made."""
    raise AssertionError("made a learner although there was nothing to store")


def send(learner: User | None, shown: Card, raw: str, confidence: str = "") -> Reply:
    """Post a card."""
    form = {"token": shown.token, "response": raw, "confidence": confidence}
    return reply(learner, nobody, form)


def place(shown: Card, text: str) -> str:
    """The value that the form sends for an option."""
    return next(row.value for row in shown.rows if text in row.text)


TOKEN = re.compile(r'name="[\w-]*token" value="[^"]*"')


def without_tokens(html: str) -> str:
    """A page as people read it: a token holds any letters and digits."""
    return TOKEN.sub("", html)


def snapshot(*models: type[Model]) -> list[list[object]]:
    """Every row of these tables, to show that nothing changed."""
    return [list(model._default_manager.order_by("pk").values()) for model in models]
