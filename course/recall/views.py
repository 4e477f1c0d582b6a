"""The pages of recall: one question at a time, and what there is to say to an answer."""

from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, retarget

from course.accounts.middleware import LearnerWSGIRequest
from course.quiz.models import Answer, Mode
from course.quiz.refusals import RefusedError
from course.quiz.reply import Reply, reply
from course.recall import pages

PAGE = "recall/recall.html"


@require_safe
def recall(request: LearnerWSGIRequest) -> HttpResponse:
    """What is due: the next question, and what comes when."""
    return render(request, PAGE, pages.asking(request.learner, timezone.now()))


@require_POST
def answer(request: LearnerWSGIRequest) -> HttpResponse:
    """Grade an answer, and work out when its question comes back."""
    try:
        replied = reply(request.learner, request.ensure_learner, request.POST, Mode.RECALL)
    except RefusedError as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise Http404 from refused
        return render(request, "400.html", status=refused.status)
    if replied.answer is None:
        return _asked_again(request, replied)
    there = reverse("recall-answer", args=[replied.answer.pk])
    if not request.htmx:
        return HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER)
    shown = pages.answered(_of(request, replied.answer.pk), timezone.now(), replied.card)
    return push_url(_changed(render(request, f"{PAGE}#recall", shown)), there)


@require_safe
def answered(request: LearnerWSGIRequest, pk: int) -> HttpResponse:
    """One of the learner's answers, with the reply to it."""
    return render(request, PAGE, pages.answered(_of(request, pk), timezone.now()))


def _of(request: LearnerWSGIRequest, pk: int) -> Answer:
    """An answer that this person gave here."""
    given = Answer.objects.filter(learner=request.learner, mode=Mode.RECALL)
    found: Answer = get_object_or_404(
        given.select_related("learner", "question", "version", "run", "review__memory"), pk=pk
    )
    return found


def _asked_again(request: LearnerWSGIRequest, replied: Reply) -> HttpResponse:
    """What is due as it stands now where the card's time is over, else the same card again."""
    now = timezone.now()
    if replied.card.notice:
        shown = pages.asking(request.learner, now) | {"notice": replied.card.notice}
    else:
        shown = pages.asking_again(request.learner, now, replied.card, replied.asked_about)
    template = f"{PAGE}#recall" if request.htmx else PAGE
    return _changed(replied.to(render(request, template, shown, status=replied.status)))


def _changed(response: HttpResponse) -> HttpResponse:
    """An answer changes every part of the page."""
    return retarget(response, "#recall")
