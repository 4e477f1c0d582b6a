"""The pages of one's progress, and one's data to take along."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.progress.export import export
from course.progress.pages import beliefs, certainty, objectives, overview

PRETTY = {"allow_nan": False, "ensure_ascii": False, "indent": 1}


@require_safe
def my_progress(request: LearnerWSGIRequest) -> HttpResponse:
    """Scores, predictions and runs of whoever looks."""
    return render(request, "progress/progress.html", overview.progress(request.learner))


@require_safe
def my_certainty(request: LearnerWSGIRequest) -> HttpResponse:
    """How sure one was, against how right."""
    return render(request, "progress/certainty.html", certainty.my_certainty(request.learner))


@require_safe
def my_objectives(request: LearnerWSGIRequest) -> HttpResponse:
    """What one can do, objective by objective."""
    return render(request, "progress/objectives.html", objectives.my_objectives(request.learner))


@require_safe
def my_beliefs(request: LearnerWSGIRequest) -> HttpResponse:
    """Which beliefs one's answers showed, and which were overcome."""
    return render(request, "progress/beliefs.html", beliefs.my_beliefs(request.learner))


@require_safe
def my_data(request: LearnerWSGIRequest) -> HttpResponse:
    """Everything of the person as one JSON document. Of nobody there is none."""
    if request.learner is None:
        return redirect("account")
    response = JsonResponse(export(request.learner), json_dumps_params=PRETTY)
    name = f"loopwise_{request.learner.handle[:4]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
