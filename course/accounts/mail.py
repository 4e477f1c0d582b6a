"""The mail that leads to a new password."""

from threading import Thread
from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest

THREAD = "mail"


class ForgottenForm(PasswordResetForm):
    """An address that may belong to an account, or to nobody: the answer is the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"

    def post(self, request: HttpRequest) -> None:
        """Send the link to each account of that address."""
        self.save(
            request=request,
            use_https=request.is_secure(),
            subject_template_name="accounts/mail/subject.txt",
            email_template_name="accounts/mail/body.txt",
        )

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send it beside the answer: a mail takes time, and time would tell who has an account.

        What goes wrong is written to the log by Django.
        """
        Thread(target=super().send_mail, args=args, kwargs=kwargs, name=THREAD).start()
