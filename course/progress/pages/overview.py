"""The page of one's progress: points, where one stands, predictions and runs."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.contents import contents, said
from course.progress.given import Given, given
from course.progress.pages.standing import standing
from course.progress.pages.words import DASH, amount, of
from course.progress.scores import Scores, Tally, scored, together
from course.quiz import predictions
from course.quiz.parts import Outcome
from course.recall.due import summary
from course.recall.pages import when
from trainer.models import Run
from trainer.pages import badge_of, run_row

PREDICTIONS, RUNS = 10, 5
"""How many of the latest ones the page tells; all runs have a page of their own."""


def progress(learner: User | None) -> dict[str, Any]:
    """Everything that the page shows. The number of queries does not grow with what was done."""
    rows = given(learner)
    own = Run.objects.of(learner).listed().select_related("trace", "sweep").defer("trace__tensors")
    told = predictions.latest(learner, PREDICTIONS) if learner else {}
    return {
        "person": learner,
        "predictions": [_predicted(run, outcomes) for run, outcomes in told.items()],
        "runs": [run_row(run) for run in own[:RUNS]],
        **_points(scored(rows)),
        **_recall(learner),
        **_standing(rows),
    }


def _points(lessons: Sequence[Scores]) -> dict[str, Any]:
    """A row per lesson, and one for the course, which is their sum."""
    course = together(lessons)
    recalled = together(each.recalled for each in lessons)
    predicted = together(each.predicted for each in lessons)
    return {
        "lessons": [_lesson(each) for each in lessons],
        "course": _learnt(course, sum(each.questions for each in lessons))
        | {"recalled": _apart(recalled), "predicted": _apart(predicted)},
        "tries": course.tries,
        "answers": course.tries + recalled.tries + predicted.tries,
        "reached": amount(course.reached),
        "points": amount(course.points),
    }


def _lesson(told: Scores) -> dict[str, Any]:
    return _learnt(told, told.questions) | {
        "title": told.lesson.title,
        "mark": told.lesson.mark,
        "href": _page_of(told.lesson),
        "recalled": _apart(told.recalled),
        "predicted": _apart(told.predicted),
    }


def _learnt(told: Tally | Scores, questions: int) -> dict[str, Any]:
    """In lessons, where all that could be answered is told as well."""
    return {
        "answered": f"{told.answered} of {questions}",
        "reached": amount(told.reached),
        "points": amount(told.points),
        "first": of(told.at_first, told.first_points) if told.answered else DASH,
        "tries": told.tries,
    }


def _apart(told: Tally) -> dict[str, Any]:
    """On another occasion, where only what was asked can be told."""
    if not told.tries:
        return {"best": DASH, "first": DASH, "tries": DASH}
    return {
        "best": of(told.reached, told.points),
        "first": of(told.at_first, told.first_points),
        "tries": told.tries,
    }


def _page_of(lesson: Lesson) -> str:
    """Where it is learned: seven lessons are alike, the pipeline has a page of its own kind."""
    if lesson.archived:
        return ""
    return reverse("lesson", args=[lesson.slug]) if lesson.mark else reverse("pipeline")


def _recall(learner: User | None) -> dict[str, Any]:
    now = timezone.now()
    recall = summary(learner, now)
    return {
        "recall": recall,
        "recall_due": recall.due_now,
        "recall_next": when(recall.next_due, now) if recall.next_due else "",
    }


def _standing(rows: Sequence[Given]) -> dict[str, Any]:
    if not rows:
        return {}
    return {"standing": standing(rows, said(rows, contents(rows)))}


def _predicted(run: Run, outcomes: list[Outcome]) -> dict[str, Any]:
    return {"badge": badge_of(run), "outcomes": outcomes}
