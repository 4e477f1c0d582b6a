"""From a question as edited to the version that learners see."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from course.quiz.content import Content, Option
from course.quiz.models import Choice, Question, QuestionVersion


def content_of(question: Question) -> Content:
    """What the question says now, options in the author's order."""
    return contents(question, list(question.choices.all()))


def contents(question: Question, choices: list[Choice]) -> Content:
    """What a question says with these options, saved or not."""
    return Content(
        kind=question.kind,
        prompt=question.prompt,
        note=question.note,
        key=question.key,
        tolerance=question.tolerance,
        relative=question.relative,
        half_tolerance=question.half_tolerance,
        points=question.points,
        max_attempts=question.max_attempts,
        nudge=question.nudge,
        explanation=question.explanation,
        unit=question.unit,
        code=question.code,
        facts=question.facts,
        levels=question.levels,
        hints=question.hints,
        needs=question.needs,
        only_if=question.only_if,
        otherwise=question.otherwise,
        options=tuple(map(_option, sorted(choices, key=lambda each: (each.order, each.name)))),
    )


def publish(question: Question) -> QuestionVersion:
    """The version that says what the question says now: the last one, or a new one."""
    content = content_of(question).as_json()
    with transaction.atomic():
        last = question.versions.first()
        if last and last.content == content:
            return last
        number = last.number + 1 if last else 1
        return QuestionVersion.objects.create(question=question, number=number, content=content)


def current(lesson: str) -> QuerySet[QuestionVersion]:
    """The latest version of each question of a lesson that is not archived, in page order."""
    open_to_learners = QuestionVersion.objects.filter(
        question__lesson__slug=lesson, question__archived=False
    )
    return _latest(open_to_learners).order_by("question__order", "question__slug")


def all_current() -> QuerySet[QuestionVersion]:
    """The same of every lesson, each with its question's lesson."""
    shown = QuestionVersion.objects.filter(question__archived=False)
    return _latest(shown).select_related("question__lesson")


def current_of(question_id: int) -> QuestionVersion:
    """The latest version of one question, archived or not."""
    return _latest(QuestionVersion.objects.filter(question=question_id)).get()


def _latest(versions: QuerySet[QuestionVersion]) -> QuerySet[QuestionVersion]:
    later = QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number")
    latest = Subquery(later.values("pk")[:1])
    return versions.filter(pk=latest).select_related("question")


def _option(choice: Choice) -> Option:
    return Option(
        name=choice.name,
        text=choice.text,
        value=choice.value,
        correct=choice.correct,
        misconception=choice.misconception,
        feedback=choice.feedback,
        evidence=choice.evidence,
    )
