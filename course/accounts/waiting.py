"""What those are told who have to wait."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MINUTE = 60


def too_many(request: HttpRequest, wait: int, page: str = "429.html") -> HttpResponse:
    """Tell how long to wait."""
    minutes = -(-wait // MINUTE)
    context = {"wait": f"{minutes} minute{'s' * (minutes != 1)}"}
    response = render(request, page, context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    return response
