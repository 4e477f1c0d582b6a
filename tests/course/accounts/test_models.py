"""What the database itself refuses about people."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from course.accounts.models import HANDLE_ALPHABET, HANDLE_LENGTH, User

pytestmark = pytest.mark.django_db


def refused(change: dict[str, object], person: User) -> str:
    """Apply the change past all Python checks; return the constraint that refuses it."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        User.objects.filter(pk=person.pk).update(**change)
    return str(error.value)


def test_a_guest_has_a_random_handle_and_no_credentials() -> None:
    first, second = User.objects.create_guest(), User.objects.create_guest()
    assert first.is_guest
    assert first.username is None
    assert first.email == ""
    assert not first.has_usable_password()
    assert len(first.handle) == HANDLE_LENGTH
    assert set(first.handle) <= set(HANDLE_ALPHABET)
    assert first.handle != second.handle
    assert str(first) == f"guest {first.handle[:4]}"


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_a_guest_gets_no_rights(right: str) -> None:
    guest = User.objects.create_guest()
    assert "guest_has_no_email_and_no_rights" in refused({right: True}, guest)


def test_a_guest_gets_no_email_address() -> None:
    guest = User.objects.create_guest()
    assert "guest_has_no_email_and_no_rights" in refused({"email": "a@example.org"}, guest)


def test_a_guest_gets_no_password() -> None:
    guest = User.objects.create_guest()
    guest.set_password("long enough to be a password")
    with pytest.raises(IntegrityError, match="guest_has_no_password"), transaction.atomic():
        guest.save()


def test_an_account_cannot_lose_its_name_and_keep_its_password() -> None:
    account = User.objects.create_user("alice", "secret")
    assert "guest_has_no_password" in refused({"username": None}, account)


def test_an_account_has_a_name() -> None:
    guest = User.objects.create_guest()
    assert "username_is_null_or_not_empty" in refused({"username": ""}, guest)


def test_names_are_unique_in_any_case() -> None:
    User.objects.create_user("Alice", "secret")
    with pytest.raises(IntegrityError, match="username_unique_in_any_case"), transaction.atomic():
        User.objects.create_user("aLICE", "secret")


def test_handles_are_unique() -> None:
    guest = User.objects.create_guest()
    with pytest.raises(IntegrityError, match="handle"), transaction.atomic():
        User(handle=guest.handle, password="!").save()


def test_the_model_explains_a_taken_name_before_the_database_refuses_it() -> None:
    User.objects.create_user("Alice", "secret")
    with pytest.raises(ValidationError, match="An account with this name exists already"):
        User(username="alice", password="x").full_clean()


@pytest.mark.parametrize("name", ["al ice", "al\u0131ce", "al/ice"])
def test_a_name_has_plain_characters(name: str) -> None:
    with pytest.raises(ValidationError, match="valid username"):
        User(username=name, password="x").full_clean()


def test_signing_in_takes_the_name_in_any_case() -> None:
    account = User.objects.create_user("Alice", "secret", email="Alice@EXAMPLE.org")
    assert account.email == "Alice@example.org"
    assert authenticate(username="aLiCe", password="secret") == account
    assert authenticate(username="alice", password="wrong") is None


def test_nobody_signs_in_as_a_guest() -> None:
    User.objects.create_guest()
    assert authenticate(username="", password="") is None
    assert authenticate(username=None, password=None) is None


def test_a_superuser_is_an_account() -> None:
    owner = User.objects.create_superuser("owner", "secret")
    assert (owner.is_guest, owner.is_staff, owner.is_superuser) == (False, True, True)
