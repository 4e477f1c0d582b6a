"""The pipeline page: read it, run the loop from it, answer its questions."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import push_url, reselect, retarget

from course.accounts.middleware import LearnerWSGIRequest
from course.lessons.pipeline import context
from course.lessons.pipeline.context import LESSON, Wanted
from course.lessons.told import told_run
from course.quiz import predictions
from course.quiz.models import Answer
from course.quiz.parts import field_of
from course.quiz.predictions import Predictions
from course.quiz.refusals import RefusedError
from course.quiz.reply import Reply, reply
from trainer.attempts import Attempt, attempt
from trainer.bands import make_band
from trainer.executors.contract import Busy, Cancelled, Overdue, RunnerLost
from trainer.forms import RunForm
from trainer.models import Run
from trainer.pages import new_nonce
from trainer.storage import Gone

PAGE = "course/pipeline.html"
PREDICTION = field_of("")
MAX_ROW_DIGITS = 4


@require_http_methods(["GET", "HEAD", "POST"])
def pipeline(request: LearnerWSGIRequest) -> HttpResponse:
    """Show the page; a POST locks a prediction and makes a run."""
    if request.method == "POST":
        return _run(request)
    wanted = _wanted(request.GET)
    run = told_run(request.learner, wanted.run)
    preset = request.GET.get("preset")
    form = None if preset is None else RunForm.starting_from(preset, request.learner)
    shown = context.page(request.learner, run, wanted) | context.asking(request.learner, run, form)
    return render(request, PAGE, shown)


def _wanted(query: QueryDict) -> Wanted:
    row = query.get("row", "0")
    number = int(row) if row.isascii() and row.isdigit() and len(row) <= MAX_ROW_DIGITS else 0
    return Wanted(query.get("run", ""), number, frozenset(query.getlist("open")))


# -- running -------------------------------------------------------------------------


def _run(request: LearnerWSGIRequest) -> HttpResponse:
    form = RunForm(_settings(request.POST), owner=request.learner)
    parsed = predictions.parse(LESSON, request.learner, request.POST)
    if parsed.errors:
        problem = Attempt(
            None, HTTPStatus.UNPROCESSABLE_ENTITY, context.PREDICT_FIRST, nonce=_nonce(request)
        )
        form.is_valid()
        return _problem(request, form, parsed, problem)
    learner = request.ensure_learner()
    settled: list[Answer] = []
    came = attempt(
        learner,
        form,
        _nonce(request),
        begun=lambda run: predictions.lock(learner, run, parsed),
        ended=lambda run: settled.extend(predictions.settle(run)),
    )
    if came.problem or came.run is None:
        return _problem(request, form, parsed, came)
    is_all = len(settled) == len(parsed.given)
    return _ran(request, came.run, settled if is_all else [])


def _nonce(request: LearnerWSGIRequest) -> str:
    return request.POST.get("nonce", "")[:40]


def _settings(posted: QueryDict) -> QueryDict:
    """What was posted, without the predictions."""
    settings = posted.copy()
    for name in posted:
        if name.startswith(PREDICTION):
            del settings[name]
    return settings


def _ran(request: LearnerWSGIRequest, run: Run, settled: list[Answer]) -> HttpResponse:
    """To htmx the result alone, which then fetches the rest of the page."""
    address = f"{reverse('pipeline')}?{urlencode({'run': run.id})}"
    if not request.htmx:
        return _see_other(f"{address}#result")
    fresh = {"fresh": True, "nonce": new_nonce(), "address": address}
    shown = context.result(run, settled) | fresh
    return push_url(render(request, f"{PAGE}#result", shown), address)


def _problem(
    request: LearnerWSGIRequest, form: RunForm, parsed: Predictions, came: Attempt
) -> HttpResponse:
    run = told_run(request.learner, "")
    asked = context.asking(request.learner, run, form, parsed, came.nonce)
    shown = context.page(request.learner, run, Wanted()) | asked
    shown |= {"problem": came.problem, "other": came.run}
    response = render(request, PAGE, shown, status=came.status)
    if request.htmx:
        response = reselect(retarget(response, "#ask"), "#ask")
    if came.retry_after:
        response["Retry-After"] = str(came.retry_after)
    return response


# -- answering -----------------------------------------------------------------------


@require_POST
def answer(request: LearnerWSGIRequest) -> HttpResponse:
    """Grade an answer and show what there is to say to it."""
    wanted = _wanted(request.GET)
    run = told_run(request.learner, wanted.run)
    try:
        replied = reply(request.learner, request.ensure_learner, request.POST)
    except RefusedError as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise Http404 from refused
        return render(request, "400.html", status=refused.status)
    if not request.htmx and replied.answer:
        return _see_other(f"{context.address(wanted)}#{replied.card.id}")
    # The card names its run: a newer one may have been made since, in another tab.
    run = replied.run or run
    shown = context.page(request.learner, run, wanted, replied.card)
    if request.htmx:
        return _card(request, shown, replied)
    shown |= context.asking(request.learner, run)
    return replied.to(render(request, PAGE, shown, status=replied.status))


def _card(request: LearnerWSGIRequest, shown: dict[str, Any], replied: Reply) -> HttpResponse:
    """The part of the page that an answer changes: a stage, or the closing questions."""
    card = replied.card
    if card.place == "stage":
        section = next(each for each in shown["sections"] if each["told"].slug == card.stage)
        response = render(
            request, f"{PAGE}#stage", shown | {"section": section}, status=replied.status
        )
        return replied.to(retarget(response, f"#{card.stage}"))
    response = render(request, f"{PAGE}#quiz", shown, status=replied.status)
    return replied.to(retarget(response, "#quiz"))


# -- the band ------------------------------------------------------------------------


@require_POST
def band(request: LearnerWSGIRequest) -> HttpResponse:
    """Run the other seeds of one of the learner's runs."""
    runs = Run.objects.of(request.learner).filter(status=Run.Status.FINISHED)
    run = get_object_or_404(runs.named(request.POST.get("run", "")).select_related("trace"))
    try:
        make_band(run, request.ensure_learner())
    except Gone as error:
        raise Http404 from error
    except (Busy, Cancelled, Overdue, RunnerLost):
        response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = "3"
        return response
    return _see_other(f"{reverse('pipeline')}?{urlencode({'run': run.id})}#training-trace")


def _see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
