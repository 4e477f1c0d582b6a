"""Gives each request an id and the log a line of it. Knows no page and no person."""

import logging
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from course.logs import current_request

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
SECRET = ("key", "token", "uid", "code")
"""Parts of an address that open something."""
POLLED = "/healthz"

log = logging.getLogger(__name__)


class RequestLog:
    """Takes the id of the proxy in front, or makes one; the response carries it. Comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then say how it went: never who asked, nor what was asked for behind the `?`."""
        given = request.headers.get(HEADER, "")
        name = given if SANE.fullmatch(given) else secrets.token_hex(8)
        token, began = current_request.set(name), perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = name
            _tell(request, response, round((perf_counter() - began) * 1000))
        finally:
            current_request.reset(token)
        return response


def _tell(request: HttpRequest, response: HttpResponse, ms: int) -> None:
    path, status = _path(request), response.status_code
    polled = path.startswith(POLLED) and status == HTTPStatus.OK
    log.log(
        logging.DEBUG if polled else logging.INFO,
        "%s %s %d",
        request.method,
        path,
        status,
        extra={"method": request.method, "path": path, "status": status, "ms": ms},
    )


def _path(request: HttpRequest) -> str:
    """The path, with names in the place of its secrets."""
    path, match = request.path, request.resolver_match
    parts = match.kwargs if match else {}
    for name in SECRET:
        if name in parts:
            path = path.replace(str(parts[name]), f"<{name}>")
    return path
