"""Forms of people. Fields are asked for as password managers know them."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    SetPasswordForm,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from course.accounts.models import User

NAME_HELP = "Letters, digits and @ . + - _ only. Upper and lower case are the same."
WHAT_IT_TAKES = "Eight characters or more, not only digits, and none that everybody uses."
EMAIL_HELP = "Only to send a new password if the old one is forgotten."
TAKEN = "This name is taken."
NOT_YOURS = "This is not your password."


class _Named(forms.ModelForm[User]):
    """A name that nobody else has, and an address for mail."""

    class Meta:
        """What a person may say about themselves."""

        model = User
        fields = ("username", "email")
        labels = {"username": "Name", "email": "E-mail (may be left out)"}
        help_texts = {"username": NAME_HELP, "email": EMAIL_HELP}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def clean_username(self) -> str:
        """Ask for a name, and refuse one that is taken in any case of its letters."""
        name: str = self.cleaned_data["username"] or ""
        if not name:
            raise ValidationError("An account needs a name.")
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(TAKEN)
        return name

    def clean_email(self) -> str:
        """Write the domain in lower case."""
        return User.objects.normalize_email(self.cleaned_data["email"])


class SignUpForm(_Named, BaseUserCreationForm):  # type: ignore[type-arg]
    """A new account. `instance` is the account that is wanted, not saved."""

    field_order = ("username", "password1", "password2", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = True
        first, second = self.fields["password1"], self.fields["password2"]
        first.help_text, second.help_text = WHAT_IT_TAKES, ""
        second.label = "Password, once more"


class SignInForm(AuthenticationForm):
    """Name and password. What is wrong with which of them is not told."""

    error_messages = {
        "invalid_login": "Name and password do not belong together. Mind upper and lower case "
        "in the password.",
        "inactive": "Name and password do not belong together.",
    }

    def __init__(self, request: HttpRequest, data: Any = None) -> None:  # noqa: ANN401
        super().__init__(request, data)
        self.fields["username"].label = "Name"


class _Proven(forms.Form):
    """Asks for the password of who is signed in: a computer left alone is not its owner."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    account: User

    def clean_password(self) -> str:
        """Compare."""
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise ValidationError(NOT_YOURS)
        return password


class DetailsForm(_Proven, _Named):
    """Another name or e-mail address. `account` stays as it is; `instance` is what is wanted."""

    field_order = ("username", "email", "password")

    def __init__(self, account: User, *args: Any, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)
        self.fields["username"].required = True


class EraseAccountForm(_Proven):
    """The name, typed, and the password."""

    name = forms.CharField(label="Your name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("name", "password")

    def __init__(self, account: User, *args: Any) -> None:
        self.account = account
        super().__init__(*args)

    def clean_name(self) -> str:
        """Compare, in any case of its letters."""
        name: str = self.cleaned_data["name"]
        if name.lower() != (self.account.username or "").lower():
            raise ValidationError("Type your own name, to be sure that this is meant.")
        return name


class EraseGuestForm(forms.Form):
    """One word of confirmation: a guest has nothing to prove it with."""

    sure = forms.BooleanField(label="Yes, erase it all")

    def __init__(self, guest: User, *args: Any) -> None:  # noqa: ARG002 (made like the other)
        super().__init__(*args)


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A password for who came with the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_what_it_takes(self)


class ChangePasswordForm(PasswordChangeForm):
    """Another password for who knows the old one."""

    error_messages = PasswordChangeForm.error_messages | {"password_incorrect": NOT_YOURS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Your password now"
        _say_what_it_takes(self)


def _say_what_it_takes(form: forms.Form) -> None:
    form.fields["new_password1"].help_text = WHAT_IT_TAKES
    form.fields["new_password2"].label = "New password, once more"
