"""The run that a page looks into: one's own, or one of the course. Any other does not exist."""

from django.shortcuts import get_object_or_404

from course.accounts.middleware import LearnerWSGIRequest
from trainer.models import Run


def seen_run(request: LearnerWSGIRequest, run_id: str) -> Run:
    """The run of that id, its trace with it. Raises `Http404`."""
    runs = Run.objects.visible_to(request.learner).select_related("trace")
    run: Run = get_object_or_404(runs.named(run_id))
    return run
