"""What the quiz holds of a person beside the answers, as plain data: the hints they asked for."""

from typing import Any

from course.accounts.models import User
from course.quiz.models import HintTaken


def hints(person: User) -> list[dict[str, Any]]:
    """In the order taken. One query."""
    taken = HintTaken.objects.filter(learner=person).order_by("pk")
    found = taken.select_related("question__lesson", "version").defer("version__content")
    return [_hint(each) for each in found]


def _hint(taken: HintTaken) -> dict[str, Any]:
    return {
        "lesson": taken.question.lesson.slug,
        "question": taken.question.slug,
        "version": taken.version.number,
        "run": taken.variant or None,
        "mode": taken.mode,
        "attempt": taken.attempt,
        "number": taken.number,
        "at": taken.created.isoformat(),
    }
