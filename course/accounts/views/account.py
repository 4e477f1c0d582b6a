"""The account: who I am, other details, and the way out for good."""

from copy import copy
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from course.accounts import people, throttle
from course.accounts.doors import for_accounts, see_other
from course.accounts.forms import TAKEN, DetailsForm, EraseAccountForm, EraseGuestForm
from course.accounts.middleware import LearnerWSGIRequest
from course.accounts.models import User
from course.accounts.people import NameTakenError
from course.accounts.waiting import too_many

ERASED = "Everything of yours is erased."


@require_safe
def account(request: LearnerWSGIRequest) -> HttpResponse:
    """Who the site takes the visitor for, and what can be done about it."""
    return render(request, "accounts/account.html", {"person": request.learner})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_accounts
def details(request: LearnerWSGIRequest, person: User) -> HttpResponse:
    """Another name, another e-mail address."""
    # A copy: the page that comes back after an error still says who is signed in.
    if request.method != "POST":
        form = DetailsForm(person, instance=copy(person))
        return render(request, "accounts/details.html", {"form": form})
    tries = throttle.password_tries(request, str(person))
    if wait := throttle.take(tries):
        return too_many(request, wait)
    form = DetailsForm(person, request.POST, instance=copy(person))
    if "password" not in form.errors:
        throttle.give_back(tries)
    if form.is_valid() and _changed(form):
        messages.success(request, "Your details are changed.")
        return see_other("account")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "accounts/details.html", {"form": form}, status=status)


def _changed(form: DetailsForm) -> bool:
    try:
        people.change(form.instance)
    except NameTakenError:
        form.add_error("username", TAKEN)
        return False
    return True


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: LearnerWSGIRequest) -> HttpResponse:
    """Delete the person and everything of theirs, after a confirmation."""
    person = request.learner
    if person is None:
        return see_other("account")
    if person.is_staff:
        return render(request, "accounts/erase_staff.html", status=HTTPStatus.FORBIDDEN)
    form_class = EraseGuestForm if person.is_guest else EraseAccountForm
    if request.method != "POST":
        context = {"form": form_class(person), "person": person}
        return render(request, "accounts/erase.html", context)
    tries = throttle.password_tries(request, str(person))
    if wait := throttle.take(tries):
        return too_many(request, wait)
    form = form_class(person, request.POST)
    if "password" not in form.errors:
        throttle.give_back(tries)
    if not form.is_valid():
        context = {"form": form, "person": person}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "accounts/erase.html", context, status=status)
    people.erase(person)
    logout(request)
    messages.success(request, ERASED)
    return see_other("account")
