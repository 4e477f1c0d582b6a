"""What recall holds of a person, as plain data: every date, and every review with its answer."""

from typing import Any

from course.accounts.models import User
from course.recall.models import Memory, Review


def export(person: User) -> list[dict[str, Any]]:
    """One item per question, in the order in which they entered recall. Two queries."""
    held = Memory.objects.filter(learner=person).order_by("pk")
    found = held.select_related("question__lesson").prefetch_related("log")
    return [_memory(memory) for memory in found]


def _memory(memory: Memory) -> dict[str, Any]:
    return {
        "lesson": memory.question.lesson.slug,
        "question": memory.question.slug,
        "due": memory.due.isoformat(),
        "card": memory.card,
        "reviews": [_review(review) for review in memory.log.all()],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "answer": review.answer_id,
        "rating": review.get_rating_display(),
        "at": review.at.isoformat(),
        "was_due": review.was_due.isoformat() if review.was_due else None,
        "elapsed_days": review.elapsed.total_seconds() / 86_400 if review.elapsed else None,
    }
