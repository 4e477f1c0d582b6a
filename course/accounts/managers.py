"""How people come into being: guests, accounts and staff. The only place that makes a user."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from course.accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    """The two kinds of people, as filters."""

    def guests(self) -> Self:
        """People without credentials."""
        return self.filter(username__isnull=True)

    def accounts(self) -> Self:
        """People who can sign in."""
        return self.filter(username__isnull=False)


class UserManager(BaseUserManager["User"]):
    """Makes guests and accounts; finds an account by its name, whatever its case."""

    def get_queryset(self) -> UserQuerySet:
        """Make `guests()` and `accounts()` reachable from `User.objects`."""
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account with this name. Raises `User.DoesNotExist`."""
        named = self.alias(lower=Lower("username"))
        return named.get(lower=(username or "").lower())

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
        return self._create(
            self.model(username=username, is_staff=True, is_superuser=True), password
        )

    def _create(self, user: "User", password: str | None) -> "User":
        user.email = self.normalize_email(user.email)
        user.set_password(password)
        user.save(using=self._db)
        return user
