"""The pages of sweeps: the form and one's sweeps, one of them, its next point, its end."""

from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.sweeps.forms import SweepForm
from course.lab.sweeps.pages import sweep_page, sweeps_page
from trainer import sweeps as making
from trainer.attempts import GONE, TOO_MANY
from trainer.executors.contract import Busy
from trainer.ids import IS_ID
from trainer.models import Run, Sweep
from trainer.runs import TooMany
from trainer.storage import Gone

LIST, PAGE = "lab/sweeps.html", "lab/sweep.html"

BUSY = "Every runner is busy. The sweep goes on where it is, as soon as one is free."
ELSEWHERE = 0.5
"""Seconds until a page looks again whose next point is under way somewhere else."""


@require_http_methods(["GET", "HEAD", "POST"])
def sweeps(request: LearnerWSGIRequest) -> HttpResponse:
    """Offer a new sweep, beside a run if one is asked for; a POST begins it."""
    if request.method == "POST":
        return _begin(request)
    run = _start(request)
    return render(
        request, LIST, sweeps_page(request.learner, SweepForm(run=run, owner=request.learner), run)
    )


def _start(request: LearnerWSGIRequest) -> Run | None:
    """The run whose settings the form shows. A refused one has none that would do."""
    wanted = request.GET.get("run", "")
    if not wanted:
        return None
    runs = Run.objects.visible_to(request.learner).exclude(status=Run.Status.REFUSED)
    if run := runs.named(wanted).first():
        return run
    raise Http404


def _begin(request: LearnerWSGIRequest) -> HttpResponse:
    form, nonce = SweepForm(request.POST, owner=request.learner), request.POST.get("nonce", "")[:40]
    if not form.is_valid() or form.plan is None:
        return _refused(request, form, nonce, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sweep = making.begin_sweep(request.ensure_learner(), form.plan, nonce)
    except Gone:
        form.add_error(None, GONE)
        return _refused(request, form, nonce, HTTPStatus.CONFLICT)
    except TooMany as limit:
        form.add_error(None, TOO_MANY)
        response = _refused(request, form, nonce, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(limit.retry_after)
        return response
    return _see(sweep)


def _refused(
    request: LearnerWSGIRequest, form: SweepForm, nonce: str, status: HTTPStatus
) -> HttpResponse:
    shown = sweeps_page(request.learner, form, nonce=nonce) | {"refused": True}
    return render(request, LIST, shown, status=status)


@require_safe
def sweep(request: LearnerWSGIRequest, sweep_id: str) -> HttpResponse:
    """A sweep as far as it is. Looking makes no point: the page then asks for the next."""
    return render(request, PAGE, sweep_page(_own(request, sweep_id)))


@require_POST
def following(request: LearnerWSGIRequest, sweep_id: str) -> HttpResponse:
    """Make the next point, and show what there is: to htmx that part alone."""
    found = _own(request, sweep_id)
    try:
        made = making.next_point(found)
    except Gone as gone:
        raise Http404 from gone
    except Busy as busy:
        found.refresh_from_db()
        response = _so_far(request, sweep_page(found, busy.retry_after, BUSY))
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(busy.retry_after)
        return response
    if not request.htmx:
        return _see(found)
    found.refresh_from_db()
    return _so_far(request, sweep_page(found, 0 if made else ELSEWHERE))


@require_POST
def cancel(request: LearnerWSGIRequest, sweep_id: str) -> HttpResponse:
    """Make no more points."""
    found = _own(request, sweep_id)
    making.cancel(found)
    return _see(found)


def _own(request: LearnerWSGIRequest, sweep_id: str) -> Sweep:
    if not request.learner or not IS_ID.fullmatch(sweep_id):
        raise Http404
    return get_object_or_404(Sweep, pk=sweep_id, owner=request.learner)


def _so_far(request: LearnerWSGIRequest, shown: dict[str, object]) -> HttpResponse:
    return render(request, f"{PAGE}#so-far" if request.htmx else PAGE, shown)


def _see(found: Sweep) -> HttpResponse:
    return HttpResponseRedirect(found.get_absolute_url(), status=HTTPStatus.SEE_OTHER)
