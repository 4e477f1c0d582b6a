"""Which questions are due, in which order, and how many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from course.accounts.models import User
from course.quiz.models import Answer, Mode
from course.recall.models import Memory


def memories(learner: User | None) -> QuerySet[Memory]:
    """What somebody has answered and could still be asked: nothing that is archived.

    Nor what needs a run of its own: recall makes none.
    """
    shown = Memory.objects.filter(
        question__archived=False, question__lesson__archived=False, question__needs=""
    )
    return shown.filter(learner=learner) if learner else shown.none()


def count_due(learner: User | None, now: datetime) -> int:
    """How many questions are due. One query, none for nobody."""
    return memories(learner).filter(due__lte=now).count() if learner else 0


@dataclass(frozen=True, slots=True)
class Summary:
    """How many questions somebody has in recall, how many are due, and when the next one is."""

    held: int
    due_now: int
    next_due: datetime | None


def summary(learner: User | None, now: datetime) -> Summary:
    """The same and more for a page that tells it. One query."""
    is_due = Q(due__lte=now)
    return Summary(
        **memories(learner).aggregate(
            held=Count("pk"),
            due_now=Count("pk", filter=is_due),
            next_due=Min("due", filter=~is_due),
        )
    )


def in_header(request: HttpRequest) -> dict[str, Any]:
    """Tell every page how many are due; asked only where a template wants to know."""
    learner = getattr(request, "learner", None)
    return {"recall_due": SimpleLazyObject(lambda: count_due(learner, timezone.now()))}


def last_lesson(learner: User) -> int | None:
    """The lesson of the last answer in recall."""
    given = Answer.objects.filter(learner=learner, mode=Mode.RECALL).order_by("-pk")
    return given.values_list("question__lesson", flat=True).first()


def mixed(due: Sequence[Memory], last: int | None) -> list[Memory]:
    """Those longest due first, but no two of one lesson in a row while another has any left.

    last: the lesson that the first should not be of. The next is always of the lesson with most
    left: so those of the fullest lesson are spread out, and as few as can be stand together.
    """
    waiting: dict[int, list[Memory]] = defaultdict(list)
    for memory in sorted(due, key=lambda each: (each.due, each.pk), reverse=True):
        waiting[memory.question.lesson_id].append(memory)
    found: list[Memory] = []
    while waiting:
        others = [lesson for lesson in waiting if lesson != last] or list(waiting)
        last = max(others, key=lambda lesson: (len(waiting[lesson]), -_first_due(waiting[lesson])))
        found.append(waiting[last].pop())
        if not waiting[last]:
            del waiting[last]
    return found


def _first_due(stack: Sequence[Memory]) -> float:
    return stack[-1].due.timestamp()
