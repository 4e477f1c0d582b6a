"""The page of an autopsy."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.autopsy.pages import autopsy_page
from trainer.models import Run


@require_safe
def autopsy(request: LearnerWSGIRequest, run_id: str) -> HttpResponse:
    """Where a run left the finite numbers, and what led there."""
    runs = Run.objects.visible_to(request.learner).select_related("trace")
    run: Run = get_object_or_404(runs.named(run_id))
    return render(request, "lab/autopsy.html", autopsy_page(run))
