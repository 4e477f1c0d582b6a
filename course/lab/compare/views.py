"""The page of a comparison: two to six runs, named in the query."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.compare.pages import FEWEST, choosing, compare_page
from course.lab.patterns import MOST
from trainer.models import Run


@require_safe
def compare(request: LearnerWSGIRequest) -> HttpResponse:
    """Runs side by side; with fewer than two, a choice of them."""
    wanted = list(dict.fromkeys(filter(None, request.GET.getlist("run"))))
    runs = [_visible(request, run_id) for run_id in wanted[:MOST]]
    if len(runs) < FEWEST:
        return render(request, "lab/choose.html", choosing(request.learner, runs))
    return render(request, "lab/compare.html", compare_page(runs, len(wanted) - len(runs)))


def _visible(request: LearnerWSGIRequest, run_id: str) -> Run:
    runs = Run.objects.visible_to(request.learner).select_related("trace")
    if run := runs.named(run_id).first():
        return run
    raise Http404
