"""Pages of data sets of one's own: bring one, look at it, delete it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from course.accounts.middleware import LearnerWSGIRequest
from course.lab.data.deleting import delete
from course.lab.data.forms import DataSetForm
from course.lab.data.pages import listed, understood
from course.lessons.pipeline.wording import count
from trainer.engine.csv_file import MAX_BYTES
from trainer.own_tables import OwnTable
from trainer.tables import MOST, TooManyTables, add

LIST, ONE = "lab/data_sets.html", "lab/data_set.html"

MAX_BODY = 1_000_000
"""Bytes of a POST: a table as a file or as text, with room for what forms put around it."""

TOO_LARGE = f"The file is too large and was not read: {MAX_BYTES // 1000} KB is the limit."
FULL = f"You have {MOST} data sets, and that is the limit. Delete one to bring another."
ALREADY = "You have this data set already: every row is the same."
NOT_KEPT = "Nothing of it was kept. What is wrong stands below, beside its field."
SURE = "Tick this first."


# Exempt only until the size is known: whoever looks for the token reads the whole body before.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def data_sets(request: LearnerWSGIRequest) -> HttpResponse:
    """List one's data sets; a POST brings another."""
    if _size(request) > MAX_BODY:
        return _list(request, DataSetForm(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
    response: HttpResponse = _data_sets(request)
    return response


def _size(request: LearnerWSGIRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0


@csrf_protect
def _data_sets(request: LearnerWSGIRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request, DataSetForm())
    form = DataSetForm(request.POST, request.FILES)
    if not form.is_valid() or form.table is None:
        return _list(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, NOT_KEPT)
    try:
        own, is_new = add(request.ensure_learner(), form.called, form.table)
    except TooManyTables:
        return _list(request, form, HTTPStatus.CONFLICT, FULL)
    if not is_new:
        messages.info(request, ALREADY)
    return _see_other(reverse("data-set", args=[own.pk]))


def _list(
    request: LearnerWSGIRequest, form: DataSetForm, status: int = HTTPStatus.OK, problem: str = ""
) -> HttpResponse:
    context = listed(request.learner, form) | {"problem": problem}
    return render(request, LIST, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def data_set(request: LearnerWSGIRequest, table_id: str) -> HttpResponse:
    """What was understood of a data set; a POST deletes it."""
    own = get_object_or_404(OwnTable.objects.of(request.learner).named(table_id))
    if request.method != "POST":
        return render(request, ONE, understood(own))
    if "sure" not in request.POST:
        context = understood(own) | {"problem": SURE}
        return render(request, ONE, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    lost = delete(own)
    with_it = f" and {count(lost.runs, 'run')} with it" if lost.runs else ""
    messages.success(request, f"{own.name} is deleted{with_it}.")
    return _see_other(reverse("data-sets"))


def _see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
