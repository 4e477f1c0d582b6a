"""Pages of experiments: the list, and one of them, where both of its runs are made."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.experiments.content import ExperimentFile
from course.lab.experiments.context import Wanted, address, option, page
from course.lab.experiments.finding import shown
from course.lab.experiments.listing import groups
from course.lab.experiments.stored import as_file
from trainer.attempts import Attempt, attempt
from trainer.forms import RunForm
from trainer.pairs import beside

PAGE = "lab/experiment.html"
SAY_FIRST = "Say what you expect first, or choose Show me."
LONGEST = 40


@require_safe
def experiments(request: LearnerWSGIRequest) -> HttpResponse:
    """All of them, stage by stage."""
    return render(request, "lab/experiments.html", {"groups": groups(request.learner)})


@require_http_methods(["GET", "HEAD", "POST"])
def experiment(request: LearnerWSGIRequest, name: str) -> HttpResponse:
    """One of them; a POST makes both of its runs."""
    tried = as_file(get_object_or_404(shown(), name=name))
    if request.method == "POST":
        return _run(request, tried)
    return render(request, PAGE, page(tried, request.learner, _wanted(request)))


def _wanted(request: LearnerWSGIRequest) -> Wanted:
    given = request.GET
    return Wanted(
        given.get("run", ""), given.get("beside", ""), given.get("said", ""), "show" in given
    )


def _run(request: LearnerWSGIRequest, tried: ExperimentFile) -> HttpResponse:
    form, nonce = _form(request, tried), request.POST.get("nonce", "")[:LONGEST]
    said = option(tried, request.POST.get("said", ""))
    if tried.options and not said and "passed" not in request.POST:
        form.is_valid()
        unsaid = Attempt(None, HTTPStatus.UNPROCESSABLE_ENTITY, SAY_FIRST, nonce=nonce)
        return _problem(request, tried, form, unsaid)
    learner = request.ensure_learner()
    came = attempt(learner, form, nonce)
    if came.problem or came.run is None:
        return _problem(request, tried, form, came)
    other = beside(learner, tried.asked_beside(came.run.spec["seed"])) if came.run.trace else None
    there = Wanted(came.run.pk, other.pk if other else "", str(said or ""))
    return HttpResponseRedirect(f"{address(tried, there)}#came", status=HTTPStatus.SEE_OTHER)


def _form(request: LearnerWSGIRequest, tried: ExperimentFile) -> RunForm:
    """The settings of the experiment under the learner's seed."""
    asked = tried.asked()
    given = {name: str(value) for name, value in asked.spec.as_dict().items()}
    lines = asked.program.spelling()
    return RunForm(given | {"lines": lines, "seed": request.POST.get("seed", "")})


def _problem(
    request: LearnerWSGIRequest, tried: ExperimentFile, form: RunForm, came: Attempt
) -> HttpResponse:
    """The page once more, with what stood in the way and everything that was sent."""
    sent: dict[str, Any] = {"form": form, "problem": came.problem, "other": came.run}
    sent |= {"said": option(tried, request.POST.get("said", ""))}
    if came.nonce:
        sent["nonce"] = came.nonce
    before = Wanted(show="passed" in request.POST)
    context = page(tried, request.learner, before) | sent
    response = render(request, PAGE, context, status=came.status)
    if came.retry_after:
        response["Retry-After"] = str(came.retry_after)
    return response
