"""Passwords: another one, or a new one by mail."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from course.accounts import throttle
from course.accounts.doors import for_accounts, see_other
from course.accounts.forms import ChangePasswordForm, NewPasswordForm
from course.accounts.mail import ForgottenForm
from course.accounts.middleware import LearnerWSGIRequest
from course.accounts.models import User
from course.accounts.waiting import too_many


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_accounts
def change(request: LearnerWSGIRequest, account: User) -> HttpResponse:
    """Another password; every other session of the account ends."""
    if request.method != "POST":
        return render(request, "accounts/password.html", {"form": ChangePasswordForm(account)})
    tries = throttle.password_tries(request, str(account))
    if wait := throttle.take(tries):
        return too_many(request, wait)
    form = ChangePasswordForm(account, request.POST)
    if "old_password" not in form.errors:
        throttle.give_back(tries)
    if not form.is_valid():
        return _again(request, "accounts/password.html", {"form": form})
    form.save()
    update_session_auth_hash(request, account)
    messages.success(request, "Your password is changed. Other devices have to sign in again.")
    return see_other("account")


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: LearnerWSGIRequest) -> HttpResponse:
    """Ask for a mail. The answer does not tell whether there is such an account."""
    if request.method != "POST":
        return render(request, "accounts/forgotten.html", {"form": ForgottenForm()})
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return _again(request, "accounts/forgotten.html", {"form": form})
    if wait := throttle.take(throttle.mails(request, form.cleaned_data["email"])):
        return too_many(request, wait)
    form.post(request)
    return see_other("password-mail-sent")


@require_safe
def mail_sent(request: LearnerWSGIRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "accounts/mail_sent.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: LearnerWSGIRequest, uid: str, token: str) -> HttpResponse:
    """Take a new password from whoever has the link of a mail. Looking at it writes nothing."""
    account = _owner_of_link(uid, token)
    if account is None:
        return render(request, "accounts/link_over.html", status=HTTPStatus.NOT_FOUND)
    form = NewPasswordForm(account, request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "name": account.username}
    if not form.is_bound:
        return render(request, "accounts/renew.html", context)
    if not form.is_valid():
        return _again(request, "accounts/renew.html", context)
    form.save()
    messages.success(request, "Your new password is set. Sign in with it.")
    return see_other("sign-in")


@sensitive_variables("token")
def _owner_of_link(uid: str, token: str) -> User | None:
    """The account that a link was made for, while it is good: once, and for some days."""
    try:
        account = User.objects.get(pk=urlsafe_base64_decode(uid).decode(), is_active=True)
    except (TypeError, ValueError, OverflowError, ValidationError, User.DoesNotExist):
        return None
    return account if default_token_generator.check_token(account, token) else None


def _again(request: LearnerWSGIRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
