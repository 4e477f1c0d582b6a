"""The answers at which a belief was shown or overcome: what was asked, what was said, and when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.safestring import SafeString

from course.progress.beliefs import Moment, Timeline
from course.progress.pages.words import DASH
from course.quiz import evidence
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import inline
from course.quiz.models import Answer, Mode, Place
from course.recall.forecast import written

LATEST = 5
"""How many answers a belief lists."""

GONE = SafeString("A question about a run whose data were deleted.")

Told = Mapping[int, Mapping[str, Any]]
"""What was asked and said, by answer."""


def told(found: Iterable[Timeline], versions: Mapping[int, Content]) -> Told:
    """Of the answers that are listed. One query."""
    pks = {moment.given.pk for timeline in found for moment in latest(timeline)}
    answers = Answer.objects.filter(pk__in=pks).select_related("question__lesson")
    return {answer.pk: _answer(answer, versions[answer.version_id]) for answer in answers}


def latest(timeline: Timeline) -> Sequence[Moment]:
    """The last ones, in the order in which they came."""
    return timeline.moments[-LATEST:]


def moments(timeline: Timeline, answers: Told) -> list[dict[str, Any]]:
    """Those of one belief, for the template."""
    return [
        {**answers[each.given.pk], "overcome": each.overcome, "day": day(each.given.created)}
        for each in latest(timeline)
    ]


def day(moment: datetime) -> str:
    """The date, in UTC."""
    return written(moment.astimezone(UTC).date())


def _answer(answer: Answer, content: Content) -> dict[str, Any]:
    values, kind = evidence.recall(answer.evidence), KINDS[content.kind]
    words = answer.raw.strip() if kind.typed else kind.written(answer.response, content)
    return {
        "where": _where(answer),
        "ask": inline(content.prompt, values) or GONE,
        "said": (inline(words, values) or DASH) if kind.lists else "",
        "code": "" if kind.lists else words,
        "lines": "" if kind.lists or "\n" not in words else words,
    }


def _where(answer: Answer) -> str:
    if answer.mode == Mode.RECALL:
        return "from memory"
    before = ", before a run" if answer.question.place == Place.PREDICTION else ""
    return f"in {answer.question.lesson.title}{before}"
