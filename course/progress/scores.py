"""Points of a learner, recomputed from the answers each time. Stores nothing.

A question about a run is asked anew beside each run; what counts is the best that was reached.
What was reached at the very first try, before any feedback, stands apart. Predictions are not in
here: they are told one by one. Nor is recall, which asks again what was answered in a lesson.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz.models import Answer, Place, Question

Given = dict[int, list[Answer]]
"""Answers by question, in the order given."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What was reached in a lesson.

    points: of all of its questions, answered or not. first_points: of those that were answered.
    tries: answers, whichever they were.
    """

    lesson: Lesson
    questions: int
    answered: int
    reached: float
    points: float
    at_first: float
    first_points: float
    tries: int

    @property
    def is_done(self) -> bool:
        """Whether every question has an answer."""
        return self.answered == self.questions


def scores(learner: User | None) -> list[Scores]:
    """Every lesson that asks something, in the order of the course. Two queries."""
    given = _given(learner)
    # What is archived still counts for those who have answered it.
    open_now = Q(archived=False, lesson__archived=False)
    asked = Question.objects.exclude(place=Place.PREDICTION).filter(open_now | Q(pk__in=given))
    lessons: dict[Lesson, list[Question]] = defaultdict(list)
    for question in asked.select_related("lesson").order_by("lesson__order", "lesson__slug"):
        lessons[question.lesson].append(question)
    return [_of(lesson, questions, given) for lesson, questions in lessons.items()]


def _given(learner: User | None) -> Given:
    given: Given = defaultdict(list)
    if learner is None:
        return given
    rows = Answer.objects.in_lessons().filter(learner=learner, score__isnull=False).order_by("pk")
    asked = rows.exclude(question__place=Place.PREDICTION)
    for answer in asked.only("question_id", "score", "max_score"):
        given[answer.question_id].append(answer)
    return given


def _of(lesson: Lesson, questions: Sequence[Question], given: Given) -> Scores:
    tries = [given[question.pk] for question in questions if question.pk in given]
    best = [max(each, key=lambda answer: answer.score or 0.0) for each in tries]
    first = [each[0] for each in tries]
    unanswered = [question.points for question in questions if question.pk not in given]
    return Scores(
        lesson=lesson,
        questions=len(questions),
        answered=len(tries),
        reached=_sum(best),
        points=sum(answer.max_score for answer in best) + sum(unanswered),
        at_first=_sum(first),
        first_points=sum(answer.max_score for answer in first),
        tries=sum(map(len, tries)),
    )


def _sum(answers: Sequence[Answer]) -> float:
    return sum(answer.score or 0.0 for answer in answers)
