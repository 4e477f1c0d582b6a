"""The page of the prediction trace."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.inside.predict.context import page
from course.inside.seen import seen_run


@require_safe
def predict(request: LearnerWSGIRequest, run_id: str) -> HttpResponse:
    """One row through the layers at an epoch, and how all held-out rows fare there."""
    context, status = page(seen_run(request, run_id), request.GET)
    return render(request, "inside/predict.html", context, status=status)
