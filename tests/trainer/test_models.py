"""Runs as rows: whose they are, how they stand, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from tests.staging import SHORT, short, stored, without_trace
from trainer.engine.program import Program
from trainer.ids import ID_ALPHABET, ID_LENGTH, new_id
from trainer.models import ABANDONED, Run, StoredTrace

pytestmark = pytest.mark.django_db


def aged(run: Run, age: timedelta) -> Run:
    """The run, as if it had been made that long ago."""
    Run.objects.filter(pk=run.pk).update(created=timezone.now() - age)
    run.refresh_from_db()
    return run


def test_ids_are_long_random_and_spell_no_word() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == ID_LENGTH for each in ids)
    assert set("".join(ids)) == set(ID_ALPHABET)
    assert not set("aeiouy01l") & set(ID_ALPHABET)


def test_a_learner_sees_the_own_runs_and_the_course_s(alice: User, bob: User) -> None:
    mine, course = stored(short(), alice), stored(short(), name="calm")
    stored(short(), bob)
    nobodys = stored(short())
    assert set(Run.objects.visible_to(alice)) == {mine, course}
    assert set(Run.objects.visible_to(None)) == {course}
    assert set(Run.objects.of(alice)) == {mine}
    assert set(Run.objects.of(None)) == set()
    assert nobodys not in Run.objects.visible_to(bob)


def test_it_is_listed_latest_first(alice: User) -> None:
    first, second, third = (stored(short(seed=seed), alice) for seed in range(3))
    aged(second, timedelta(hours=1))
    assert list(Run.objects.of(alice)) == [third, first, second]


def test_a_nonce_makes_one_run_of_each_learner(alice: User, bob: User) -> None:
    stored(short(), alice, nonce="n")
    stored(short(), bob, nonce="n")
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(short(), alice, nonce="n")


def test_runs_without_a_nonce_are_many(alice: User) -> None:
    assert stored(short(), alice) != stored(short(), alice)


def test_a_learner_has_one_run_under_way(alice: User, bob: User) -> None:
    without_trace(alice, "pending")
    without_trace(bob, "pending")
    with pytest.raises(IntegrityError), transaction.atomic():
        without_trace(alice, "pending")


def test_a_name_of_the_course_is_given_once() -> None:
    stored(short(), name="calm")
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(short(), name="calm")


@pytest.mark.parametrize("status", ["finished", "failed"])
def test_a_run_that_ended_by_itself_has_its_trace(alice: User, status: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        without_trace(alice, status)


@pytest.mark.parametrize(
    ("status", "age", "state"),
    [
        ("pending", timedelta(0), "pending"),
        ("pending", ABANDONED - timedelta(seconds=5), "pending"),
        ("pending", ABANDONED + timedelta(seconds=1), "interrupted"),
        ("interrupted", timedelta(0), "interrupted"),
        ("refused", timedelta(days=1), "refused"),
    ],
)
def test_it_tells_how_it_stands(alice: User, status: str, age: timedelta, state: str) -> None:
    run = aged(without_trace(alice, status), age)
    assert run.state == state
    assert not run.is_whole


def test_it_gives_back_what_was_asked_for(alice: User) -> None:
    run = Run.objects.get(pk=stored(short("forward,loss,backward:2"), alice).pk)
    assert run.run_spec() == SHORT
    assert run.run_program() == Program.parse("forward,loss,backward:2")
    assert run.is_whole


def test_it_loads_the_trace_as_it_was_made(alice: User) -> None:
    trace = short(lr=1e9, optimizer="sgd")
    run = Run.objects.get(pk=stored(trace, alice).pk)
    loaded = run.load()
    assert loaded is not None
    assert loaded.document == trace.document
    assert loaded.tensors == trace.tensors
    assert loaded.fingerprint() == trace.document["digest"]


def test_the_numbers_of_a_trace_come_without_its_tensors(alice: User) -> None:
    stored(short(), alice)
    numbers = StoredTrace.objects.defer("tensors").get().numbers
    assert numbers.document == short().document
    assert numbers.tensors == b""


def test_without_a_trace_it_says_why(alice: User) -> None:
    why = {"lr": "Must be above 0.", "seed": "Must be a whole number."}
    run = without_trace(alice, "refused", spec={"lr": "-1"}, reasons=why)
    assert run.load() is None
    assert run.reason == "Must be above 0. Must be a whole number."
    document = run.document()
    assert document["id"] == run.id
    assert document["status"] == "refused"
    assert document["error"]["message"] == run.reason
    assert document["spec"] == {"lr": "-1"}


def test_a_trace_cannot_go_while_a_run_stands_on_it(alice: User) -> None:
    stored(short(), alice)
    with pytest.raises(RestrictedError):
        StoredTrace.objects.get().delete()


def test_runs_go_with_their_owner_and_the_course_s_stay(alice: User) -> None:
    stored(short(), alice)
    course = stored(short(), name="calm")
    alice.delete()
    assert list(Run.objects.all()) == [course]


def test_its_badge_is_the_start_of_its_id(alice: User) -> None:
    run = stored(short(), alice)
    assert str(run) == f"run {run.pk[:4]}"
    assert run.get_absolute_url() == f"/runs/{run.pk}/"


def test_settings_are_told_in_one_order_whatever_the_database_makes_of_it(alice: User) -> None:
    sent = {"zebra": "1", "seed": "2", "lr": "3", "batch_size": "4", "apple": "5"}
    run = without_trace(alice, "refused", spec=sent, reasons=dict.fromkeys(sent, "No."))
    run.refresh_from_db()
    assert list(run.settings) == ["batch_size", "lr", "seed", "apple", "zebra"]
    assert list(run.refusals) == list(run.settings)


@pytest.mark.parametrize(
    "named", ["", "\0", "%00", "bcdfghjkm", "bcdfghjkm\0", "BCDFGHJKMN", "\ud800"]
)
def test_what_cannot_be_an_id_is_not_looked_for(
    named: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert not Run.objects.named(named).exists()
