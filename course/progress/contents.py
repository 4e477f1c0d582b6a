"""What the questions said when they were answered, and which beliefs the answers show by that."""

from collections.abc import Iterable, Mapping, Sequence

from course.progress.beliefs import Said
from course.progress.given import Given
from course.quiz import marking
from course.quiz.content import Content
from course.quiz.kinds import Verdict
from course.quiz.models import QuestionVersion


def contents(rows: Iterable[Given]) -> dict[int, Content]:
    """The versions that were answered, by primary key. One query."""
    answered = QuestionVersion.objects.filter(pk__in={row.version for row in rows})
    return {pk: Content.from_json(content) for pk, content in answered.values_list("pk", "content")}


def said(rows: Sequence[Given], versions: Mapping[int, Content]) -> list[Said]:
    """The answers with the beliefs that they show, and those that their versions offer."""
    return [_said(row, versions[row.version]) for row in rows]


def _said(row: Given, content: Content) -> Said:
    verdict = Verdict(row.correct, row.share, row.matched)
    offered = {option.misconception for option in content.options} - {""}
    return Said(row, frozenset(marking.misconceptions(content, verdict)), frozenset(offered))
