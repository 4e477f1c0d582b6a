"""A run to ask about, whose numbers are not the ones remembered. Makes none: it looks for one.

It has its starting weights and order from another seed, or other settings, than every run on which
this person has answered the question. Runs of the course that the person has not made come first,
since no page has shown their numbers; then others of the person's own.
"""

import hashlib
from collections.abc import Iterator
from itertools import chain

from django.db.models import QuerySet

from course.accounts.models import User
from course.quiz import evidence, marking
from course.quiz.content import Content
from course.quiz.kinds import Response, Verdict
from course.quiz.models import Answer
from course.recall.models import Memory
from trainer.engine.program import Program
from trainer.models import Run

TOLD = "calm"
"""The course's run that pages tell to who has none."""


def fresh_run(learner: User, memory: Memory, content: Content) -> Run | None:
    """A run that can be asked about and was not, best one on which no answer of before is right."""
    given = _given(learner, memory)
    known = [key for answer in given if (key := _key_of(answer)) is not None]
    alike: list[Run] = []
    stale = set[str]()
    for run in _candidates(learner, memory, given):
        family = run.trace.family if run.trace else ""
        if family in stale:
            continue
        values = evidence.values_of(content.probes(), run.load())
        verdicts = [marking.grade(content, values, key) for key in known]
        if marking.marking(content, values) and not any(map(_is_right, verdicts)):
            return run
        # One run told what settings make of this question; its other seeds would say the same.
        stale.add(family)
        alike += [run] if marking.marking(content, values) else []
    return alike[0] if alike else None


def _is_right(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.correct


def _given(learner: User, memory: Memory) -> list[Answer]:
    asked = Answer.objects.filter(learner=learner, question=memory.question_id, run__isnull=False)
    return list(asked.select_related("version", "run").order_by("-pk"))


def _candidates(learner: User, memory: Memory, given: list[Answer]) -> Iterator[Run]:
    """Runs of the correct loop that came to their end, in an order that stays until the answer."""
    whole = Run.objects.filter(
        status=Run.Status.FINISHED, program=Program.correct().spelling(), trace__isnull=False
    )
    asked_on = {answer.run.trace_id for answer in given if answer.run}
    own = set(Run.objects.of(learner).values_list("trace", flat=True))
    course = _unasked(whole.filter(owner=None).exclude(name__in=("", TOLD)), asked_on | own)
    mine = _unasked(whole.filter(owner=learner), asked_on)
    for each in chain(_shuffled(course, memory), _shuffled(mine, memory)):
        yield Run.objects.select_related("trace").get(pk=each)


def _unasked(runs: QuerySet[Run], traces: set[int | None]) -> list[str]:
    found = runs.order_by("pk").values_list("pk", "trace")
    return [pk for pk, trace in found if trace not in traces]


def _shuffled(runs: list[str], memory: Memory) -> list[str]:
    """The same for the same review, so that a page that is loaded again asks the same."""

    def place(run: str) -> str:
        told = f"{memory.pk}:{memory.reviews}:{run}"
        return hashlib.sha256(told.encode()).hexdigest()

    return sorted(runs, key=place)


def _key_of(answer: Answer) -> Response | None:
    """The right answer of a question that was answered, from the numbers kept with it."""
    content, values = Content.from_json(answer.version.content), evidence.recall(answer.evidence)
    found = marking.marking(content, values)
    return found.key if found else None
