"""The pages of the lessons: read one, answer its questions."""

from dataclasses import replace
from http import HTTPStatus

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import retarget

from course.accounts.middleware import LearnerWSGIRequest
from course.lessons.lesson.context import Wanted, address, page
from course.lessons.listing import listed
from course.lessons.models import Lesson
from course.lessons.told import told_run
from course.quiz.refusals import RefusedError
from course.quiz.reply import Reply, reply

PAGE = "course/lesson.html"
MAX_CHOICES, MAX_CHOSEN, MAX_SLUG = 12, 40, 50
OF_THE_PAGE = ("run", "open", "again")
"""Names in the address that no figure has."""


@require_safe
def lessons(request: LearnerWSGIRequest) -> HttpResponse:
    """All lessons, in their order."""
    return render(request, "course/lessons.html", {"lessons": listed()})


@require_safe
def lesson(request: LearnerWSGIRequest, slug: str) -> HttpResponse:
    """One lesson, told by a run."""
    wanted = _wanted(request.GET)
    found = _found(slug)
    run = told_run(request.learner, wanted.run)
    return render(request, PAGE, page(found, request.learner, run, wanted))


@require_POST
def answer(request: LearnerWSGIRequest, slug: str) -> HttpResponse:
    """Grade an answer and show what there is to say to it."""
    found, wanted = _found(slug), replace(_wanted(request.GET), again="")
    run = told_run(request.learner, wanted.run)
    try:
        replied = reply(request.learner, request.ensure_learner, request.POST)
    except RefusedError as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise Http404 from refused
        return render(request, "400.html", status=refused.status)
    if not request.htmx and replied.answer:
        there = f"{address(found, wanted)}#{replied.card.id}"
        return HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER)
    # The card names its run: a newer one may have been made since, in another tab.
    shown = page(found, request.learner, replied.run or run, wanted, replied.card)
    if request.htmx:
        return _changed(request, shown, replied)
    return replied.to(render(request, PAGE, shown, status=replied.status))


def _changed(request: LearnerWSGIRequest, shown: dict[str, object], replied: Reply) -> HttpResponse:
    """The part of the page that an answer changes: its section, or the closing questions."""
    sections: list[dict[str, object]] = shown["sections"]  # type: ignore[assignment]
    for section in sections:
        cards = [part["card"] for part in section["parts"] if "card" in part]  # type: ignore[attr-defined]
        if replied.card.slug in [card.slug for card in cards]:
            shown |= {"section": section}
            response = render(request, f"{PAGE}#section", shown, status=replied.status)
            return replied.to(retarget(response, f"#{section['slug']}"))
    response = render(request, f"{PAGE}#quiz", shown, status=replied.status)
    return replied.to(retarget(response, "#quiz"))


def _found(slug: str) -> Lesson:
    """A lesson that has a page of this kind; the pipeline has its own."""
    lesson: Lesson = get_object_or_404(Lesson, slug=slug, archived=False, mark__gt="")
    return lesson


def _wanted(query: QueryDict) -> Wanted:
    names = [name for name in query if name not in OF_THE_PAGE][:MAX_CHOICES]
    chosen = {name[:MAX_CHOSEN]: query.get(name, "")[:MAX_CHOSEN] for name in names}
    opened, again = frozenset(query.getlist("open")), query.get("again", "")[:MAX_SLUG]
    return Wanted(query.get("run", ""), opened, again, chosen)
