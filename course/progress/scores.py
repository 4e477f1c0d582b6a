"""Points of a learner, recomputed from the answers each time. Stores nothing.

A question about a run is asked anew beside each run; what counts is the best that was reached.
What was reached at the very first try, before any feedback, stands apart. So do the occasions:
lessons; recall, which asks again what was answered before; predictions, made before a run.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.given import Given, given
from course.quiz.models import Place, Question


@dataclass(frozen=True, slots=True)
class Tally:
    """What the answers of one occasion come to.

    answered: questions. reached, points: of the best answer to each. at_first, first_points: of
    the first one. tries: answers, whichever they were.
    """

    answered: int = 0
    reached: float = 0.0
    points: float = 0.0
    at_first: float = 0.0
    first_points: float = 0.0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Scores:
    """What was reached in a lesson; recalled and predicted count in none of its own numbers.

    points: of all of its questions, answered or not. The others are those of a `Tally`.
    """

    lesson: Lesson
    questions: int
    answered: int
    reached: float
    points: float
    at_first: float
    first_points: float
    tries: int
    recalled: Tally = field(default_factory=Tally)
    predicted: Tally = field(default_factory=Tally)

    @property
    def is_done(self) -> bool:
        """Whether every question has an answer."""
        return self.answered == self.questions


def scores(learner: User | None) -> list[Scores]:
    """Every lesson that asks something, in the order of the course. Two queries."""
    return scored(given(learner))


def scored(rows: Sequence[Given]) -> list[Scores]:
    """The same from answers that are at hand. One query."""
    # What is archived still counts for those who have answered it.
    open_now = Q(archived=False, lesson__archived=False)
    asked = Question.objects.filter(open_now | Q(pk__in={row.question for row in rows}))
    lessons: dict[Lesson, list[Question]] = defaultdict(list)
    for question in asked.select_related("lesson").order_by("lesson__order", "lesson__slug"):
        lessons[question.lesson].append(question)
    found = [_of(lesson, questions, rows) for lesson, questions in lessons.items()]
    return [each for each in found if each.questions or each.recalled.tries or each.predicted.tries]


def tally(rows: Iterable[Given]) -> Tally:
    """Count the answers of one occasion, in the order given. Pure."""
    tries: dict[int, list[Given]] = defaultdict(list)
    for row in rows:
        tries[row.question].append(row)
    best = [max(each, key=lambda row: row.score) for each in tries.values()]
    first = [each[0] for each in tries.values()]
    return Tally(
        answered=len(tries),
        reached=sum(row.score for row in best),
        points=sum(row.max_score for row in best),
        at_first=sum(row.score for row in first),
        first_points=sum(row.max_score for row in first),
        tries=sum(map(len, tries.values())),
    )


def together(tallies: Iterable[Tally | Scores]) -> Tally:
    """The sum over lessons, of which each has questions of its own."""
    every = list(tallies)
    return Tally(
        answered=sum(each.answered for each in every),
        reached=sum(each.reached for each in every),
        points=sum(each.points for each in every),
        at_first=sum(each.at_first for each in every),
        first_points=sum(each.first_points for each in every),
        tries=sum(each.tries for each in every),
    )


def _of(lesson: Lesson, questions: Sequence[Question], rows: Sequence[Given]) -> Scores:
    here = {question.pk for question in questions}
    mine = [row for row in rows if row.question in here]
    learnt = tally(row for row in mine if not row.is_recall and not row.is_prediction)
    answered = {row.question for row in mine if not row.is_recall}
    asked = [question for question in questions if question.place != Place.PREDICTION]
    unanswered = sum(question.points for question in asked if question.pk not in answered)
    return Scores(
        lesson=lesson,
        questions=len(asked),
        answered=learnt.answered,
        reached=learnt.reached,
        points=learnt.points + unanswered,
        at_first=learnt.at_first,
        first_points=learnt.first_points,
        tries=learnt.tries,
        recalled=tally(row for row in mine if row.is_recall),
        predicted=tally(row for row in mine if row.is_prediction),
    )
