"""Pages of runs: a learner's list, one run with its receipt, its document and its scripts.

Another learner's run does not exist here; a run of the course is everybody's.
"""

from dataclasses import asdict
from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from trainer.attempts import attempt
from trainer.charts import curves
from trainer.executors import executor
from trainer.exercise import NO_EXAMPLE, exercise_of, is_example
from trainer.forms import RunForm
from trainer.models import Run
from trainer.pages import comparable, new_nonce, run_context, run_row
from trainer.requests import LearnerRequest
from trainer.script import script_of

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: LearnerRequest) -> HttpResponse:
    """List the learner's runs; a POST makes a new one."""
    if request.method == "POST":
        return _new_run(request)
    form = RunForm.starting_from("calm", request.learner)
    return render(request, "trainer/runs.html", _list(request, form))


def _new_run(request: LearnerRequest) -> HttpResponse:
    learner = request.ensure_learner()
    form = RunForm(request.POST, owner=learner)
    came = attempt(learner, form, request.POST.get("nonce", "")[:40])
    if came.problem or came.run is None:
        context = _list(request, form, came.nonce) | {"problem": came.problem, "other": came.run}
        response = render(request, "trainer/runs.html", context, status=came.status)
        if came.retry_after:
            response["Retry-After"] = str(came.retry_after)
        return response
    if getattr(request, "htmx", False):
        return render(request, "trainer/run.html#run", _told(request, came.run))
    response = redirect(came.run)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _list(request: LearnerRequest, form: RunForm, nonce: str = "") -> dict[str, object]:
    own = Run.objects.of(request.learner).listed().select_related("trace", "sweep")
    page = Paginator(own.defer("trace__tensors"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [run_row(run) for run in page]
    return {"page": page, "rows": rows, "form": form, "nonce": nonce or new_nonce()}


def _visible(request: LearnerRequest, run_id: str) -> Run:
    runs_seen = Run.objects.visible_to(request.learner).select_related("trace")
    run: Run = get_object_or_404(runs_seen.named(run_id))
    return run


def _told(request: LearnerRequest, run: Run) -> dict[str, object]:
    trace = run.load()
    charts = curves(trace) if trace and trace.document["epochs"] else []
    latest = Run.objects.of(request.learner).alone()[:PER_PAGE] if trace else []
    return run_context(run) | {"charts": charts, "others": comparable(run, latest)}


@require_safe
def run_page(request: LearnerRequest, run_id: str) -> HttpResponse:
    """One run: its curve, its numbers, its program and its receipt."""
    return render(request, "trainer/run.html", _told(request, _visible(request, run_id)))


@require_safe
def trace_json(request: LearnerRequest, run_id: str) -> HttpResponse:
    """The trace document; 409 with what is known where there is none."""
    run = _visible(request, run_id)
    if trace := run.load():
        return HttpResponse(trace.text(run.id), content_type="application/json")
    return JsonResponse(run.document(), status=HTTPStatus.CONFLICT)


@require_safe
def script_py(request: LearnerRequest, run_id: str) -> HttpResponse:
    """A plain script that reproduces the run outside the site."""
    run = _visible(request, run_id)
    trace = run.load()
    if trace is None:
        raise Http404
    return _download(script_of(trace.document), f"loopwise_{run.badge}.py")


@require_safe
def exercise_py(request: LearnerRequest, run_id: str) -> HttpResponse:
    """The script without its loop, to be filled in; 409 for a run that is no example of it."""
    run = _visible(request, run_id)
    trace = run.load()
    if trace is None or not is_example(trace.document):
        return HttpResponse(NO_EXAMPLE, status=HTTPStatus.CONFLICT, content_type="text/plain")
    return _download(exercise_of(trace.document), f"loopwise_{run.badge}_exercise.py")


def _download(program: str, name: str) -> HttpResponse:
    response = HttpResponse(program, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: LearnerRequest, key: str) -> HttpResponse:
    """How far the run of that key is; a POST cancels it. The key is the secret of who asked."""
    if request.method == "POST":
        found = executor().cancel(key)
        return HttpResponse(status=HTTPStatus.NO_CONTENT if found else HTTPStatus.NOT_FOUND)
    now = executor().progress(key)
    # Not 404: a browser asks before the run has begun and when it has just ended.
    response = JsonResponse(asdict(now) if now else {"state": "none"})
    response["Cache-Control"] = "no-store"
    return response
