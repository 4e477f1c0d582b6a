"""Sign up, sign in, sign out, and the admin site's own door."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from course.accounts import people, throttle
from course.accounts.doors import enter, next_of, see_other
from course.accounts.forms import TAKEN, SignInForm, SignUpForm
from course.accounts.merging import merge
from course.accounts.middleware import BACKEND, LearnerWSGIRequest
from course.accounts.models import User
from course.accounts.people import NameTakenError, NoLongerGuestError
from course.accounts.waiting import too_many

KEPT = "Everything that you did as a guest is yours, here and wherever you sign in."
TWICE = "This guest has an account by now. Sign in with it."
STAY = "A guest has no password to come back with. Sign up to keep what you did, or erase it."


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: LearnerWSGIRequest) -> HttpResponse:
    """Make an account; a guest keeps everything."""
    if request.learner and not request.learner.is_guest:
        return see_other("account")
    if request.method != "POST":
        return _ask_to_sign_up(request, SignUpForm())
    if wait := throttle.take(throttle.new_accounts(request)):
        return too_many(request, wait)
    form, guest = SignUpForm(request.POST), request.learner
    account = _made(guest, form) if form.is_valid() else None
    if account is None:
        return _ask_to_sign_up(request, form)
    login(request, account, backend=BACKEND)
    messages.success(request, KEPT if guest else "Your account is made.")
    return see_other(next_of(request) or settings.LOGIN_REDIRECT_URL)


def _made(guest: User | None, form: SignUpForm) -> User | None:
    """The new account; without one the form says why."""
    try:
        return people.sign_up(guest, form.save(commit=False))
    except NameTakenError:
        form.add_error("username", TAKEN)
    except NoLongerGuestError:
        form.add_error(None, TWICE)
    return None


def _ask_to_sign_up(request: LearnerWSGIRequest, form: SignUpForm) -> HttpResponse:
    return _ask(request, "accounts/sign_up.html", form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: LearnerWSGIRequest) -> HttpResponse:
    """Come back to an account; what was done as a guest of this session goes into it."""
    if request.method != "POST":
        return _ask_to_sign_in(request, SignInForm(request))
    tries = throttle.password_tries(request, request.POST.get("username", ""))
    if wait := throttle.take(tries):
        return too_many(request, wait)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return _ask_to_sign_in(request, form)
    throttle.give_back(tries)
    if enter(request, form.get_user()):
        messages.success(request, KEPT)
    return see_other(next_of(request) or settings.LOGIN_REDIRECT_URL)


def _ask_to_sign_in(request: LearnerWSGIRequest, form: SignInForm) -> HttpResponse:
    return _ask(request, "accounts/sign_in.html", form)


def _ask(request: LearnerWSGIRequest, template: str, form: SignUpForm | SignInForm) -> HttpResponse:
    context = {"form": form, "next": next_of(request)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, context, status=status)


@require_POST
def sign_out(request: LearnerWSGIRequest) -> HttpResponse:
    """Leave an account. A guest could never come back, and stays."""
    if request.learner and request.learner.is_guest:
        messages.warning(request, STAY)
        return see_other("account")
    logout(request)
    messages.success(request, "You are signed out.")
    return see_other("account")


@sensitive_post_parameters()
def admin_sign_in(request: LearnerWSGIRequest) -> HttpResponse:
    """The admin site's own page, with tries counted and guests merged as everywhere."""
    if request.method != "POST":
        return admin.site.login(request)
    tries = throttle.password_tries(request, request.POST.get("username", ""))
    if wait := throttle.take(tries):
        return too_many(request, wait)
    guest = request.learner
    response = admin.site.login(request)
    if isinstance(request.user, User) and response.status_code == HTTPStatus.FOUND:
        throttle.give_back(tries)
        if guest and guest.is_guest:
            merge(guest, request.user)
    return response
