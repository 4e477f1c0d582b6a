"""Who goes into whom, once, and that no room with rows of people is forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from course.accounts.merging import handing_over, merge
from course.accounts.models import User
from course.quiz.models import Answer, HintTaken
from course.recall.models import Memory
from tests.staging import nothing_changed, short, stored
from trainer.models import Run, Sweep
from trainer.own_tables import OwnTable

pytestmark = pytest.mark.django_db

HANDED_OVER = {Answer, HintTaken, Memory, OwnTable, Run, Sweep}
NEVER_A_GUEST_S = {LogEntry}
"""Rows that only staff have."""


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", "a-long-password")


@pytest.fixture
def guest() -> User:
    return User.objects.create_guest()


@pytest.fixture
def fails() -> Iterator[None]:
    """One of the rooms cannot hand over, after the others have."""

    def receiver(**_: Any) -> None:
        raise RuntimeError("cannot")

    handing_over.connect(receiver)
    yield
    handing_over.disconnect(receiver)


def test_every_row_that_belongs_to_a_person_is_thought_of() -> None:
    """A row that nobody hands over would be deleted with the guest."""
    owned = {
        relation.related_model
        for relation in User._meta.related_objects
        if relation.related_model is not User
    }
    assert owned == HANDED_OVER | NEVER_A_GUEST_S


def test_a_guest_goes_into_an_account_once(guest: User, alice: User) -> None:
    run = stored(short(), guest)
    assert merge(guest, alice)
    assert list(User.objects.all()) == [alice]
    run.refresh_from_db()
    assert run.owner == alice
    with nothing_changed():
        assert not merge(guest, alice)


def test_the_second_account_gets_nothing(guest: User, alice: User) -> None:
    bob = User.objects.create_user("bob", "a-long-password")
    run = stored(short(), guest)
    assert merge(guest, alice)
    with nothing_changed():
        assert not merge(guest, bob)
    run.refresh_from_db()
    assert run.owner == alice


def test_only_a_guest_goes_and_only_into_an_account(guest: User, alice: User) -> None:
    other = User.objects.create_guest()
    bob = User.objects.create_user("bob", "a-long-password")
    for one, two in ((alice, bob), (guest, other), (guest, guest), (alice, guest), (bob, bob)):
        with nothing_changed():
            assert not merge(one, two)


def test_a_guest_that_has_signed_up_is_nobody_to_merge(guest: User, alice: User) -> None:
    stale = User.objects.get(pk=guest.pk)
    User.objects.filter(pk=guest.pk).update(username="bob")
    assert stale.is_guest
    with nothing_changed():
        assert not merge(stale, alice)


def test_all_of_it_or_nothing(guest: User, alice: User, fails: None) -> None:
    stored(short(), guest)
    with nothing_changed(), pytest.raises(RuntimeError):
        merge(guest, alice)
