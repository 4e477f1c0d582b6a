"""The closing questions of a page, what was reached in them, and the insight once they are over."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from course.lessons.models import Lesson
from course.quiz import evidence, markdown, roles
from course.quiz.parts import Card
from trainer.engine.trace import Trace


def closing(lesson: Lesson | None, cards: Sequence[Card], trace: Trace | None) -> dict[str, Any]:
    """What `course/closing.html` writes out."""
    asked = [card for card in cards if card.place == "quiz"]
    left = sum(not card.is_over for card in asked)
    return {
        "cards": asked,
        "score": f"{sum(card.score for card in asked):g}",
        "points": sum(card.points for card in asked if card.state not in ("absent", "ungraded")),
        "left": left,
        "insight": _insight(lesson, trace) if lesson and asked and not left else "",
    }


def _insight(lesson: Lesson, trace: Trace | None) -> SafeString:
    names = roles.names(lesson.key_insight)
    return markdown.blocks(lesson.key_insight, evidence.values_of(names, trace))
