"""Runs that change their owner keep what they are, and the rules of the new owner's hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from course.accounts.models import User
from tests.staging import short, stored, without_trace
from trainer.models import Run
from trainer.owners import TWO_UNDER_WAY, hand_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> User:
    return User.objects.create_guest()


def rows() -> list[dict[str, object]]:
    """Every run, without whose it is."""
    kept = [field.attname for field in Run._meta.fields if field.attname != "owner_id"]
    return list(Run.objects.order_by("id").values(*kept))


def test_every_run_changes_hands_and_nothing_else_of_it(old: User, alice: User, bob: User) -> None:
    for owner in (old, alice, bob):
        for trace in (short(), short("loss,forward")):
            stored(trace, owner)
        without_trace(owner, "refused")
    stored(short(), name="calm")
    before = rows()
    hand_over(old, alice)
    assert rows() == before
    owners = [Run.objects.filter(owner=each).count() for each in (old, alice, bob, None)]
    assert owners == [0, 6, 3, 1]


def test_a_run_under_way_goes_on(old: User, alice: User) -> None:
    run = without_trace(old, "pending")
    hand_over(old, alice)
    run.refresh_from_db()
    assert (run.owner, run.status) == (alice, "pending")


def test_of_two_under_way_the_old_owner_s_gives_way(old: User, alice: User) -> None:
    theirs, mine = without_trace(old, "pending"), without_trace(alice, "pending")
    hand_over(old, alice)
    for run in (theirs, mine):
        run.refresh_from_db()
    assert (theirs.owner, theirs.status, theirs.reason) == (alice, "interrupted", TWO_UNDER_WAY)
    assert (mine.owner, mine.status) == (alice, "pending")


def test_a_run_whose_process_is_gone_is_not_under_way(old: User, alice: User) -> None:
    theirs, mine = without_trace(old, "pending"), without_trace(alice, "pending")
    Run.objects.filter(pk=mine.pk).update(created=timezone.now() - timedelta(hours=1))
    hand_over(old, alice)
    theirs.refresh_from_db()
    assert theirs.status == "pending"


def test_of_two_runs_of_one_form_both_stay(old: User, alice: User) -> None:
    theirs = [stored(short(), old, nonce=nonce) for nonce in ("same", "other", "")]
    mine = [stored(short(), alice, nonce=nonce) for nonce in ("same", "")]
    hand_over(old, alice)
    assert set(Run.objects.filter(owner=alice)) == {*theirs, *mine}
    assert Run.objects.get(nonce="same") == mine[0]
    assert Run.objects.get(nonce="other") == theirs[1]
