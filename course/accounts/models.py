"""The person who learns. Whoever owns a run or an answer is one of these.

`AbstractBaseUser` and not `AbstractUser`: a guest has no name to sign in with, and the site has
no use for first and last names, so it does not hold them.
"""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

# No vowels, so that chance spells no word; no character that is read as another.
HANDLE_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
HANDLE_LENGTH = 10

IS_GUEST = Q(username__isnull=True)


def new_handle() -> str:
    """Draw a public name that cannot be guessed (27**10, about 2 * 10**14 of them)."""
    return "".join(secrets.choice(HANDLE_ALPHABET) for _ in range(HANDLE_LENGTH))


class UserManager(BaseUserManager["User"]):
    """Makes guests and accounts, and finds an account by its name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account with this name. Raises `User.DoesNotExist`."""
        return self.alias(lower=Lower("username")).get(lower=(username or "").lower())

    def create_guest(self) -> "User":
        """Make a person who has nothing but a handle and a password that never matches."""
        guest = self.model()
        guest.set_unusable_password()
        guest.save(using=self._db)
        return guest

    def create_user(self, username: str, password: str | None = None, email: str = "") -> "User":
        """Make an account. Without a password it cannot sign in until one is set."""
        return self._create(self.model(username=username, email=email), password)

    def create_superuser(self, username: str, password: str | None = None) -> "User":
        """Make an account that may do everything in the admin site."""
        owner = self.model(username=username, is_staff=True, is_superuser=True)
        return self._create(owner, password)

    def _create(self, user: "User", password: str | None) -> "User":
        user.email = self.normalize_email(user.email)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A guest (no username, no credentials) or an account.

    Being a guest is not a flag beside the facts but the fact itself: there is no username. The
    constraints below keep everything that needs credentials away from guests.
    """

    handle = models.CharField(
        max_length=HANDLE_LENGTH,
        unique=True,
        default=new_handle,
        editable=False,
        help_text="Public and random. Says nothing about the person.",
    )
    username = models.CharField(
        max_length=64,
        unique=True,
        null=True,
        blank=True,
        default=None,
        validators=[ASCIIUsernameValidator()],
        help_text="Empty for a guest. Letters, digits and @ . + - _ only.",
    )
    email = models.EmailField(blank=True)
    is_staff = models.BooleanField(
        "staff", default=False, help_text="May sign in to the admin site."
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Take this away instead of deleting the person."
    )
    joined = models.DateTimeField(default=timezone.now, editable=False)
    last_seen = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="When the person last ran or answered something. Reading is not recorded.",
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        """What the database refuses, whichever code asks."""

        constraints = (
            models.UniqueConstraint(
                Lower("username"),
                name="username_unique_in_any_case",
                violation_error_message="An account with this name exists already.",
            ),
            models.CheckConstraint(
                condition=~Q(username=""),
                name="username_is_null_or_not_empty",
                violation_error_message="An account needs a name.",
            ),
            models.CheckConstraint(
                condition=~IS_GUEST | Q(email="", is_staff=False, is_superuser=False),
                name="guest_has_no_email_and_no_rights",
                violation_error_message="A guest has no e-mail address and is never staff.",
            ),
            models.CheckConstraint(
                condition=~IS_GUEST | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
                name="guest_has_no_password",
                violation_error_message="A guest has no password.",
            ),
        )

    def __str__(self) -> str:
        """Return the name, or for a guest the short form of the handle."""
        return self.username or f"guest {self.handle[:4]}"

    @property
    def is_guest(self) -> bool:
        """Whether the person has no credentials."""
        return self.username is None


class Throttle(models.Model):
    """How often something was tried since when. The key is a hash: it names nobody."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return the start of its key."""
        return self.key[:12]
