"""Predictions: answered together before a run, locked with it, settled by it.

The order is: `cards` for the form, `parse` when it is posted, `lock` in the transaction that makes
the run, `settle` when the run is there, `outcomes` for its page.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from course.accounts.models import User
from course.quiz import evidence, marking, replies, showing, submit, versions
from course.quiz.cards import cards_for
from course.quiz.content import Content
from course.quiz.kinds import KINDS, Response
from course.quiz.markdown import inline
from course.quiz.marks import worth
from course.quiz.models import Answer, Place, QuestionVersion
from course.quiz.overlay import compared
from course.quiz.parts import ONLY, Card, Outcome, field_of
from course.quiz.refusals import RefusedError
from course.quiz.roles import Values
from course.quiz.sent import Form, sent
from course.quiz.submit import Given
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.pages import badge_of


@dataclass(frozen=True, slots=True)
class Predictions:
    """What was predicted in a form. With an error for any of them, none may be locked."""

    given: list[Given] = dataclasses.field(default_factory=list)
    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    typed: dict[str, str] = dataclasses.field(default_factory=dict)


def cards(
    lesson: str, learner: User | None, run: Run | None, parsed: Predictions | None = None
) -> list[Card]:
    """The questions to ask before a run; `run` is whose numbers their texts may cite.

    With `parsed`, what was typed and why it could not be read.
    """
    asked = cards_for(_asked(lesson), learner, run)
    if parsed is None:
        return asked
    return [
        replace(card, typed=parsed.typed.get(card.slug, ""), error=parsed.errors.get(card.slug, ""))
        for card in asked
    ]


def parse(lesson: str, learner: User | None, form: Form) -> Predictions:
    """Read the predictions of a form. Never raises: what is wrong is in `errors`, by slug.

    A form asks all of a lesson's predictions, or the one that it names.
    """
    parsed, asked = Predictions(), list(_asked(lesson))
    only = [version for version in asked if version.question.slug == form.get(ONLY)]
    for version in only or asked:
        slug = version.question.slug
        field = field_of(slug)
        raw, token = sent(form, field), form.get(f"{field}-token", "")
        parsed.typed[slug] = raw[: KINDS[version.content["kind"]].longest]
        try:
            ticket = submit.open_prediction(token, version)
            parsed.given.append(submit.read(ticket, learner, raw))
        except RefusedError as refusal:
            parsed.errors[slug] = str(refusal)
    return parsed


def lock(learner: User, run: Run, parsed: Predictions) -> None:
    """Store the predictions with the run that will settle them. In the caller's transaction."""
    rows = [submit.blank(learner, given, run, run.pk) for given in parsed.given]
    Answer.objects.bulk_create(rows, ignore_conflicts=True)


def settle(run: Run) -> list[Answer]:
    """Grade what was locked with a run; those that were. Again, or at the same time: once each."""
    waiting = list(_predicted(run).filter(score__isnull=True))
    trace = run.load() if waiting else None
    return [answer for answer in waiting if _settle(answer, trace)]


def outcomes(run: Run, settled: Sequence[Answer] = ()) -> list[Outcome]:
    """What was predicted for a run, and what came. `settled`: all of it, where it is at hand."""
    found = [_outcome(answer, run) for answer in settled or _predicted(run)]
    told = showing.in_replies([each.feedback for each in found])
    return [replace(each, feedback=reply) for each, reply in zip(found, told, strict=True)]


def _predicted(run: Run) -> QuerySet[Answer]:
    rows = Answer.objects.in_lessons().filter(run=run, question__place=Place.PREDICTION)
    return rows.select_related("question", "version").order_by("question__order")


def latest(learner: User, limit: int) -> dict[Run, list[Outcome]]:
    """The last things that somebody predicted, latest run first, and what came."""
    rows = Answer.objects.in_lessons().filter(learner=learner, question__place=Place.PREDICTION)
    told = rows.filter(run__isnull=False).select_related("question", "version", "run")
    found: dict[Run, list[Outcome]] = {}
    for answer in told.order_by("-run__created", "run", "question__order", "pk")[:limit]:
        if answer.run:
            found.setdefault(answer.run, []).append(_outcome(answer, answer.run))
    return found


def _asked(lesson: str) -> QuerySet[QuestionVersion]:
    return versions.current(lesson).filter(question__place=Place.PREDICTION)


def _settle(answer: Answer, trace: Trace | None) -> bool:
    content = Content.from_json(answer.version.content)
    values = evidence.values_of(content.probes(), trace)
    verdict = marking.grade(content, values, answer.response)
    if verdict is None:
        return False
    submit.fill_in(answer, content, values, verdict)
    return submit.settle(answer)


def _outcome(answer: Answer, run: Run) -> Outcome:
    content, values = Content.from_json(answer.version.content), evidence.recall(answer.evidence)
    asked = inline(content.prompt, values)
    said = _written(content, answer.response, values)
    if answer.score is None:
        return Outcome(answer.question.slug, asked, said)
    found = marking.marking(content, values)
    return Outcome(
        slug=answer.question.slug,
        ask=asked,
        said=said,
        happened=_written(content, found.key, values) if found else "",
        gap=KINDS[content.kind].off(answer.gap) if answer.gap is not None else "",
        drawing=compared(content, answer.response, found.key) if found else None,
        worth=worth(answer),
        feedback=replace(replies.feedback(answer, badge_of(run), over=True), key=""),
    )


def _written(content: Content, response: Response, values: Values) -> SafeString:
    return inline(KINDS[content.kind].written(response, content), values)
