"""Answers that belong to no room: is the site alive, can it serve, and what if something fails."""

import secrets
import sys
from http import HTTPStatus

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from course import health

Fields = list[tuple[str, str]]


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Say that this process answers."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Say whether this process can serve, and if not, why."""
    if faults := health.faults():
        told = {"status": "unavailable", "reasons": faults}
        return JsonResponse(told, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ready"})


def failed(request: HttpRequest) -> HttpResponse:
    """Answer where something was raised that nobody expected, in whichever layer."""
    match sys.exc_info()[1]:
        case OperationalError() | InterfaceError():
            return _unavailable(request)
        case DataError():  # PostgreSQL was handed what no text or number of its own can hold
            return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
        case _:
            return server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the database is locked or gone, and offer the same form once more."""
    if hasattr(request, "session"):
        request.session.modified = False  # or it would be stored, and whoever waited waits again
    response = render(
        request,
        "503_database.html",
        {"posted": request.method == "POST", "fields": _sent(request)},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    response["Retry-After"] = str(2 + secrets.randbelow(4))
    response["HX-Reswap"] = "none"  # what is typed on the page stays there
    return response


def _sent(request: HttpRequest) -> Fields:
    """What was posted, to be posted again; nothing where a part of it should not be in a page."""
    try:
        sent = request.POST.lists()
        whole = not request.FILES
    except (BadRequest, SuspiciousOperation, OSError):  # it could not be read to its end
        return []
    fields = [(name, value) for name, values in sent for value in values]
    whole = whole and not any("password" in name for name, _ in fields)
    return [field for field in fields if field[0] != "csrfmiddlewaretoken"] if whole else []
