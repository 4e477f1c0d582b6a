"""Ways in and out that every page of people shares: who may come, and where they go next."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from course.accounts.merging import merge
from course.accounts.middleware import BACKEND, LearnerWSGIRequest
from course.accounts.models import User

NEXT = "next"

View = Callable[..., HttpResponse]


def for_accounts(view: View) -> View:
    """Let accounts in, and say which; send guests and visitors to where they can become one."""

    @wraps(view)
    def guarded(request: LearnerWSGIRequest) -> HttpResponse:
        if request.learner and not request.learner.is_guest:
            return view(request, request.learner)
        return see_other(f"{reverse('sign-in')}?{urlencode({NEXT: request.path})}")

    return guarded


def enter(request: LearnerWSGIRequest, account: User) -> bool:
    """Sign an account in, under a new session key. Whether a guest was merged into it."""
    guest = request.learner
    with transaction.atomic():
        merged = guest is not None and guest.is_guest and merge(guest, account)
        login(request, account, backend=BACKEND)
    request.learner = account
    return merged


def next_of(request: LearnerWSGIRequest) -> str:
    """Where the person wanted to go, if that is on this site; else empty."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if safe else ""


def see_other(address: str) -> HttpResponse:
    """After a POST: look there."""
    return HttpResponseRedirect(resolve_url(address), status=HTTPStatus.SEE_OTHER)
