"""What the page of one's progress shows, as plain data for its template."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.scores import Scores, scores
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
    lessons = scores(learner)
    own = Run.objects.of(learner).listed().select_related("trace", "sweep").defer("trace__tensors")
    told = predictions.latest(learner, PREDICTIONS) if learner else {}
    now = timezone.now()
    recall = summary(learner, now)
    return {
        "person": learner,
        "lessons": [_lesson(each) for each in lessons],
        "tries": sum(each.tries for each in lessons),
        "reached": f"{sum(each.reached for each in lessons):g}",
        "points": f"{sum(each.points for each in lessons):g}",
        "predictions": [_predicted(run, outcomes) for run, outcomes in told.items()],
        "runs": [run_row(run) for run in own[:RUNS]],
        "recall": recall,
        "recall_due": recall.due_now,
        "recall_next": when(recall.next_due, now) if recall.next_due else "",
    }


def _lesson(told: Scores) -> dict[str, Any]:
    return {
        "title": told.lesson.title,
        "mark": told.lesson.mark,
        "href": _page_of(told.lesson),
        "answered": f"{told.answered} of {told.questions}",
        "reached": f"{told.reached:g}",
        "points": f"{told.points:g}",
        "first": f"{told.at_first:g} of {told.first_points:g}" if told.answered else "\N{EN DASH}",
        "tries": told.tries,
    }


def _page_of(lesson: Lesson) -> str:
    """Where it is learned: seven lessons are alike, the pipeline has a page of its own kind."""
    if lesson.archived:
        return ""
    return reverse("lesson", args=[lesson.slug]) if lesson.mark else reverse("pipeline")


def _predicted(run: Run, outcomes: list[Outcome]) -> dict[str, Any]:
    return {"badge": badge_of(run), "outcomes": outcomes}
