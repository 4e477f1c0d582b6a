"""The page of the gradient ledger."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.inside.seen import seen_run
from course.inside.weights.context import page


@require_safe
def weights(request: LearnerWSGIRequest, run_id: str) -> HttpResponse:
    """One weight of a run at every update."""
    context, status = page(seen_run(request, run_id), request.GET)
    return render(request, "inside/weights.html", context, status=status)
