"""What the pages of recall show, as plain data for their templates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz import anew
from course.quiz.models import Answer, Confidence, Mode
from course.quiz.parts import Card
from course.recall.due import memories
from course.recall.forecast import chart, forecast, written
from course.recall.models import Memory
from course.recall.turn import Turn, turn
from trainer.models import Run
from trainer.pages import badge_of, settings_facts

Context = dict[str, Any]


def asking(learner: User | None, now: datetime, refused: Card | None = None) -> Context:
    """The page with the question whose turn it is; `refused` is asked again, with the reason."""
    held = _held(learner)
    due = [memory for memory in held if memory.due <= now]
    whose = turn(learner, due) if learner else Turn()
    shown = _around(learner, held, now) | {"card": whose.card, "waiting": whose.waiting}
    if refused:
        return shown | {"card": refused}
    return shown | _about(whose.run)


def asking_again(learner: User | None, now: datetime, card: Card, run: Run | None) -> Context:
    """The page with a question whose answer could not be read."""
    return _around(learner, _held(learner), now) | {"card": card} | _about(run)


def answered(answer: Answer, now: datetime, card: Card | None = None) -> Context:
    """The page after an answer: what there is to say to it, and when it comes back."""
    memory = answer.review.memory
    return _around(answer.learner, _held(answer.learner), now) | {
        "card": card or anew.told(answer),
        "answered": answer,
        "rating": answer.review.get_rating_display(),
        "back": when(memory.due, now),
    }


def when(due: datetime, now: datetime) -> str:
    """A date and how far it is: `on 1 Dec 2026, in 3 days`."""
    days = (due.date() - now.date()).days
    if days <= 0:
        return f"today at {due:%H:%M} UTC"
    return f"on {written(due.date())}, " + ("tomorrow" if days == 1 else f"in {days} days")


def _held(learner: User | None) -> list[Memory]:
    return list(memories(learner).select_related("question__lesson"))


def _about(run: Run | None) -> Context:
    """The run that is asked about, and its settings in a line."""
    if run is None:
        return {}
    told = [f"{fact['name'].lower()} {fact['value']}" for fact in settings_facts(run.spec)]
    return {"badge": badge_of(run), "settings": ", ".join(told)}


def _around(learner: User | None, held: Sequence[Memory], now: datetime) -> Context:
    """What stands on the page whoever's turn it is."""
    due = sum(memory.due <= now for memory in held)
    coming = [memory.due for memory in held if memory.due > now]
    counts = forecast([memory.due for memory in held], now)
    drawn = chart(counts, len(held) - sum(counts), now)
    return {
        "held": len(held),
        "due": due,
        "recall_due": due,
        "next": when(min(coming), now) if coming else "",
        "charts": [drawn] if drawn else [],
        "lessons": _by_lesson(held, now),
        "sureness": _sureness(learner) if held else None,
    }


def _by_lesson(held: Sequence[Memory], now: datetime) -> Context | None:
    """A row per lesson, in the order of the course."""
    lessons: dict[Lesson, list[Memory]] = defaultdict(list)
    for memory in held:
        lessons[memory.question.lesson].append(memory)
    if not lessons:
        return None
    rows = [
        _row(lesson.title, *_figures(lessons[lesson], now))
        for lesson in sorted(lessons, key=lambda each: (each.order, each.slug))
    ]
    heads = [("Lesson", ""), ("In recall", "n"), ("Due now", "n"), ("Next", "nowrap")]
    return _table("Questions in recall, by lesson", heads, rows)


def _figures(held: Sequence[Memory], now: datetime) -> tuple[str, str, str]:
    coming = [memory.due for memory in held if memory.due > now]
    due = len(held) - len(coming)
    return str(len(held)), str(due), written(min(coming).date()) if coming else "\N{EN DASH}"


def _sureness(learner: User | None) -> Context | None:
    """How often somebody was right in recall, by how sure; None before the first answer there."""
    given = Answer.objects.filter(learner=learner, mode=Mode.RECALL)
    counted = {
        row["confidence"]: row
        for row in given.values("confidence").annotate(
            answers=Count("pk"), right=Count("pk", filter=Q(correct=True))
        )
    }
    rows = [
        _row(each.label, str(found["answers"]), str(found["right"]))
        for each in Confidence
        if (found := counted.get(each.value))
    ]
    heads = [("You were", ""), ("Answers", "n"), ("Right", "n")]
    return _table("How sure, and how often right", heads, rows) if rows else None


def _row(head: str, *cells: str) -> Context:
    first = {"text": head, "kind": "", "head": True}
    return {"cells": [first, *({"text": text, "kind": "n"} for text in cells)]}


def _table(label: str, heads: Sequence[tuple[str, str]], rows: list[Context]) -> Context:
    columns = [{"text": text, "kind": kind} for text, kind in heads]
    for row in rows:
        for cell, column in zip(row["cells"], columns, strict=True):
            cell["kind"] = column["kind"]
    return {"label": label, "columns": columns, "rows": rows, "narrow": True}
