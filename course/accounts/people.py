"""What may happen to a person: come, become an account, change, go. Rules only, no page."""

from django.db import IntegrityError, transaction

from course.accounts.models import IS_GUEST, User


class NameTakenError(Exception):
    """Somebody else has this name."""


class NoLongerGuestError(Exception):
    """The guest is an account by now, or gone."""


def sign_up(guest: User | None, wanted: User) -> User:
    """Make the account that is wanted. A guest becomes it in place and keeps every row.

    Raises `NameTakenError` or `NoLongerGuestError`; then nothing has changed.
    """
    try:
        with transaction.atomic():
            if guest is None:
                wanted.save()
                return wanted
            changed = User.objects.filter(IS_GUEST, pk=guest.pk).update(
                username=wanted.username, email=wanted.email, password=wanted.password
            )
    except IntegrityError as error:
        raise NameTakenError from error
    if not changed:
        raise NoLongerGuestError
    return User.objects.get(pk=guest.pk)


def change(account: User) -> None:
    """Store another name and e-mail address. Raises `NameTakenError`."""
    try:
        with transaction.atomic():
            account.save(update_fields=["username", "email"])
    except IntegrityError as error:
        raise NameTakenError from error


def erase(person: User) -> None:
    """Delete a person and every row that is theirs."""
    with transaction.atomic():
        # Locked, so that no run or answer comes in between, where the database lets it.
        for found in User.objects.select_for_update().filter(pk=person.pk):
            found.delete()
