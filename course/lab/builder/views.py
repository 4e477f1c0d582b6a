"""The lab: arrange a loop, or type one, and run it beside the correct one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, reswap, retarget

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.builder import actions, page
from course.lab.builder.desk import Desk, address_of, whole
from course.lab.builder.form import LabForm, sent
from course.lab.builder.result import is_correct, result, told
from course.lab.builder.typed import Box
from trainer.attempts import Attempt, attempt
from trainer.engine.program import Program
from trainer.models import Run
from trainer.pages import new_nonce
from trainer.pairs import beside
from trainer.runs import Asked

PAGE = "lab/lab.html"


@require_safe
def lab(request: LearnerWSGIRequest) -> HttpResponse:
    """The desk of an address; with `do` in it, what a button does to its program."""
    desk = Desk.of(request.GET, request.learner)
    wanted = request.GET.get("do", "")
    if not wanted or desk.program is None:
        at = request.GET.get("at", "")
        return _page(request, desk, page.page(desk, desk.program, at))
    try:
        done = actions.act(desk.program, wanted, whole(request.GET.get("after", "")))
    except actions.Refusal as refused:
        return _page(request, desk, page.page(desk, desk.program, wanted, str(refused)))
    return _done(request, desk, done)


def _done(request: LearnerWSGIRequest, desk: Desk, done: actions.Done) -> HttpResponse:
    """Each state has its own address; one that was just reached says which button was pressed."""
    address, at = desk.address(done.program), page.after(done)
    if not request.htmx:
        return HttpResponseRedirect(f"{address}&at={at}" if at else address)
    shown = page.page(desk, done.program, at) | {"said": done.said}
    return push_url(render(request, f"{PAGE}#desk", shown), address)


def _page(request: LearnerWSGIRequest, desk: Desk, shown: page.Context) -> HttpResponse:
    if request.htmx:
        return push_url(render(request, f"{PAGE}#desk", shown), desk.address())
    text = desk.program.source(desk.spec) if desk.program and "text" in request.GET else ""
    typed = Box(text)
    return render(request, PAGE, shown | {"typed": typed} | result(request.learner, desk.run))


# -- running -------------------------------------------------------------------------


@require_POST
def run(request: LearnerWSGIRequest) -> HttpResponse:
    """Run the desk, and where its program is another, the correct loop too."""
    learner = request.ensure_learner()
    form = LabForm(sent(request.POST), owner=learner)
    came = attempt(learner, form, request.POST.get("nonce", "")[:40])
    if came.problem or came.run is None:
        return _problem(request, form, came)
    correct = None
    if came.run.trace and not is_correct(came.run):
        correct = beside(learner, Asked(came.run.run_spec(), Program.correct(), came.run.table))
    return _ran(request, came.run, correct)


def _ran(request: LearnerWSGIRequest, made: Run, correct: Run | None) -> HttpResponse:
    address = address_of({"run": made.id})
    if not request.htmx:
        return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    shown = told(made, correct) | {"fresh": True, "nonce": new_nonce()}
    return push_url(render(request, f"{PAGE}#result", shown), address)


def _problem(request: LearnerWSGIRequest, form: LabForm, came: Attempt) -> HttpResponse:
    desk = Desk.showing(form)
    shown = page.page(desk, desk.program) | {"problem": came.problem, "other": came.run}
    shown |= {"nonce": came.nonce or shown["nonce"], "typed": Box()}
    name = f"{PAGE}#desk" if request.htmx else PAGE
    response = render(request, name, shown, status=came.status)
    if came.retry_after:
        response["Retry-After"] = str(came.retry_after)
    return reswap(retarget(response, "#desk"), "outerHTML") if request.htmx else response


# -- typing --------------------------------------------------------------------------


@require_POST
def typed(request: LearnerWSGIRequest) -> HttpResponse:
    """Read a text as lines of the vocabulary: what matches becomes the program."""
    desk = Desk.of(request.POST, request.learner)
    read = Box.read(request.POST.get("text", ""), desk.spec)
    if read.program:
        if read.understood:
            messages.info(request, read.understood)
        return HttpResponseRedirect(desk.address(read.program), status=HTTPStatus.SEE_OTHER)
    shown = page.page(desk, desk.program) | {"typed": read}
    return render(request, PAGE, shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)
