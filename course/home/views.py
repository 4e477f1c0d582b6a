"""The front page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.accounts.models import User
from course.home.next_step import next_step
from course.lessons.lesson.card import linked_card
from course.lessons.listing import listed
from course.progress.scores import scores
from course.quiz import predictions
from course.quiz.parts import ONLY
from course.recall.due import count_due
from trainer.charts import batches
from trainer.course_runs import course_run
from trainer.models import Run
from trainer.pages import badge_of, headline, new_nonce

ASKED = "p-falls"
"""The one prediction of the front page; the pipeline page asks more."""


@require_safe
def home(request: LearnerWSGIRequest) -> HttpResponse:
    """Say what this is, and ask; or say where to go on."""
    own = (
        Run.objects.of(request.learner).alone().filter(trace__isnull=False).select_related("trace")
    )
    mine, calm = own.first(), course_run("calm")
    due = count_due(request.learner, timezone.now())
    step = (
        next_step(request.learner, mine, scores(request.learner), due) if request.learner else None
    )
    shown = _told(mine or calm) | {"step": step, "own": mine is not None, "recall_due": due}
    shown |= {} if step else _asking(request.learner, calm)
    shown["lessons"] = listed()
    return render(request, "course/home.html", shown)


def _asking(learner: User | None, calm: Run | None) -> dict[str, Any]:
    """One question and the button. The settings are those of the calm run."""
    asked = predictions.cards("pipeline", learner, calm)
    return {
        "predictions": [card for card in asked if card.slug == ASKED],
        "nonce": new_nonce(),
        "only": {"field": ONLY, "value": ASKED},
    }


def _told(run: Run | None) -> dict[str, Any]:
    """The latest run of one's own, or the course's."""
    trace = run.load() if run else None
    if run is None or trace is None:
        return {}
    return {
        "run": run,
        "badge": badge_of(run),
        "headline": headline(run, trace.document),
        "charts": batches(trace),
        "card": linked_card(trace.document),
    }
