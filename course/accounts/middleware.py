"""Puts the learner on the request. Reading makes nobody; the first write makes a guest."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus

from django.contrib.auth import login
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from course.accounts import throttle
from course.accounts.models import User
from course.accounts.waiting import too_many

BACKEND = "django.contrib.auth.backends.ModelBackend"
SEEN_EVERY = timedelta(minutes=5)


class LearnerOnReadError(RuntimeError):
    """A view asked for a learner to write for while answering a request that may not write."""


class TooManyGuests(Exception):
    """More people began from one address than a class has."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Wait {wait} s.")
        self.wait = wait


class LearnerWSGIRequest(WSGIRequest):
    """A request that knows its learner.

    Django has no setting for the request's class, so the middleware sets it on the instance. A
    lazy object, as `request.user` is, would not do: `request.learner is None` must be true when
    nobody is there.
    """

    htmx: HtmxDetails

    @cached_property
    def learner(self) -> User | None:
        """The person of the session, guest or account, or None. At most one query for a user."""
        return self.user if isinstance(self.user, User) else None

    def ensure_learner(self) -> User:
        """Return the learner, made now as a guest if nobody is there yet. Only in a POST."""
        if self.method != "POST":
            raise LearnerOnReadError(f"{self.method} {self.path} asked for a learner")
        if self.learner is None:
            self.learner = _welcome(self)
        _seen(self.learner)
        return self.learner


class LearnerMiddleware:
    """Gives each request `learner` and `ensure_learner()`. Comes after the session and the user."""

    def __init__(self, get_response: Callable[[WSGIRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: WSGIRequest) -> HttpResponse:
        """Only changes the request's class: nobody is looked up before a view asks."""
        request.__class__ = LearnerWSGIRequest
        response = self.get_response(request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and request.session.modified:
            _keep_session(request, response)
        return response

    def process_exception(self, request: WSGIRequest, error: Exception) -> HttpResponse | None:
        """Send away who would be one guest too many. What was typed stays on a page of htmx."""
        if not isinstance(error, TooManyGuests):
            return None
        response = too_many(request, error.wait, "429_guests.html")
        response["HX-Reswap"] = "none"
        return response


def _keep_session(request: WSGIRequest, response: HttpResponse) -> None:
    """Store the session of a guest who is told to come back.

    Django takes any 5xx for a failure and stores no session with it. Here it says that all
    runners are busy: what was asked for is kept, and so must be the one who asked.
    """
    response.status_code = HTTPStatus.OK
    SessionMiddleware(lambda _: response).process_response(request, response)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE


def _welcome(request: WSGIRequest) -> User:
    """Make a guest and sign the session in, under a new session key.

    Django draws a new CSRF secret at a login too. The page that sent this very request, and its
    other tabs, carry tokens of the old one; a guest gains nothing by the change, so it is kept.
    """
    if wait := throttle.take(throttle.new_guests(request)):
        raise TooManyGuests(wait)
    secret = request.META.get("CSRF_COOKIE")
    guest = User.objects.create_guest()
    login(request, guest, backend=BACKEND)
    if secret is not None:
        request.META["CSRF_COOKIE"] = secret
    return guest


def _seen(learner: User) -> None:
    """Note that the person is here, at most once in five minutes."""
    now = timezone.now()
    if learner.last_seen > now - SEEN_EVERY:
        return
    stale = User.objects.filter(pk=learner.pk, last_seen__lt=now - SEEN_EVERY)
    if stale.update(last_seen=now):
        learner.last_seen = now
