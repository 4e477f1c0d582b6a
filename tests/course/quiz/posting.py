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


WHOLE = """\
for epoch in range(epochs):
    model.train()
    for x, y in loader:
        x = scale(x)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        heldout_logits = model(scale(heldout.x))
        heldout_loss = criterion(heldout_logits, heldout.y)
        heldout_hits = heldout_logits.argmax(1) == heldout.y
        heldout_accuracy = heldout_hits.float().mean()
"""
"""The correct loop, as somebody types it."""


def some_answer(shown: Card) -> str:
    """An answer that can be read, right or not as it falls."""
    if shown.control == "code":
        return WHOLE if shown.kind == "program" else "optimizer.step()"
    if shown.control == "blanks":
        blanks = [piece for piece in shown.asks["pieces"] if "fillings" in piece]
        return "\n".join(piece["fillings"][0]["value"] for piece in blanks)
    if shown.control == "curve":
        return "\n".join("1" for _ in shown.asks["epochs"])
    said = {"options": "0", "order": "0=1\n1=2", "lines": "line=1\nevidence=0", "field": "5"}
    return said[shown.control]


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
