"""One step of a run, after one of its lines."""

from http import HTTPStatus

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from course.accounts.middleware import LearnerWSGIRequest
from course.inside.steps.addresses import LAST, Address
from course.inside.steps.page import Wanted, page, waiting
from course.inside.steps.step import Step
from course.replays import replay
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.ways import steps_of

PAGE = "inside/step.html"
RETRY_AFTER = "3"
MAX_DIGITS, LONGEST = 6, 80


@require_safe
def step(request: LearnerWSGIRequest, run_id: str, step: str) -> HttpResponse:
    """A state of the run. What the slider asks for has an address of its own."""
    runs = Run.objects.visible_to(request.learner).select_related("trace")
    run: Run = get_object_or_404(runs.named(run_id))
    trace = run.load()
    if trace is None or not steps_of(run, trace.document):
        raise Http404
    number = _number(step, _last(trace))
    if "step" in request.GET:
        chosen = _number(request.GET.get("step", ""), _last(trace))
        asked = Address(run.id, chosen, at=request.GET.get("at", ""), tensor=_tensor(request.GET))
        return redirect(str(asked))
    replayed = replay("moments", trace, number)
    if replayed is None:
        shown = render(
            request, PAGE, waiting(run, trace, number), status=HTTPStatus.SERVICE_UNAVAILABLE
        )
        shown["Retry-After"] = RETRY_AFTER
        return shown
    told = Step(replayed)
    wanted = Wanted(number, _line(request.GET, told), _tensor(request.GET))
    return render(request, PAGE, page(run, trace, told, wanted))


def _busy(request: LearnerWSGIRequest, context: dict[str, object]) -> HttpResponse:
    response = render(request, PAGE, context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = RETRY_AFTER
    return response


def _last(trace: Trace) -> int:
    """The last step; a program that reached none has its lines under the first."""
    return max(1, len(trace.document["steps"]))


def _number(text: str, last: int) -> int:
    """A number from 1 to the last. Raises `Http404`."""
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Http404
    if not 1 <= int(text) <= last:
        raise Http404
    return int(text)


def _line(query: QueryDict, told: Step) -> int:
    """Which of the step's lines is wanted. Raises `Http404` for one that it does not have."""
    if query.get("line") == LAST:
        return told.lines
    if "line" in query:
        return _number(query.get("line", ""), told.lines)
    at = query.get("at", "")
    known = at.isascii() and at.isdigit() and len(at) <= MAX_DIGITS
    return told.place_of(int(at)) if known else told.default()


def _tensor(query: QueryDict) -> str:
    return query.get("tensor", "")[:LONGEST]
