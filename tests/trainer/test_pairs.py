"""The run beside another one: found where there is one, made where there is not."""

from dataclasses import replace

import pytest

from course.accounts.models import User
from tests.staging import SHORT, Raising, cut_short, short, stored, without_trace
from trainer import models, runs
from trainer.engine.program import Program
from trainer.executors.contract import Busy
from trainer.models import Run
from trainer.pairs import beside, found_in
from trainer.runs import Asked

pytestmark = pytest.mark.django_db

CORRECT = Asked(SHORT, Program.correct())
BROKEN = Asked(SHORT, Program.parse("zero_grad,loss,backward,step"))


def test_one_s_own_run_of_exactly_that_is_found(alice: User) -> None:
    for other in (short(seed=7), short(lr=0.5), short(epochs=1), short("forward")):
        stored(other, alice)
    mine = stored(short(), alice)
    assert beside(alice, CORRECT) == mine
    assert Run.objects.count() == 5


def test_a_failed_run_counts_because_it_always_fails(alice: User) -> None:
    mine = stored(short("zero_grad,loss,backward,step"), alice)
    assert beside(alice, BROKEN) == mine


def test_what_is_missing_is_made_for_its_owner(alice: User, bob: User) -> None:
    theirs = stored(short(), bob)
    made = beside(alice, CORRECT)
    assert made is not None
    assert (made.owner, made.status, made.nonce) == (alice, "finished", "")
    assert made.trace == theirs.trace
    assert beside(alice, CORRECT) == made


def test_settings_that_differ_in_what_is_done_to_the_rows_are_others(alice: User) -> None:
    plain = stored(short(), alice)
    altered = Asked(replace(SHORT, alterations="sorted-labels"), Program.correct())
    made = beside(alice, altered)
    assert made not in (None, plain)
    assert beside(alice, CORRECT) == plain


def test_a_run_that_was_cut_short_or_is_of_another_engine_is_made_anew(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = stored(cut_short(at=2), alice)
    made = beside(alice, CORRECT)
    assert made not in (None, stopped)
    monkeypatch.setattr(models, "ENGINE_VERSION", "another")
    assert found_in(Run.objects.of(alice), CORRECT) is None


def test_where_another_run_is_under_way_there_is_none(alice: User) -> None:
    without_trace(alice, "pending")
    assert beside(alice, CORRECT) is None
    assert Run.objects.count() == 1


def test_where_runs_are_too_many_there_is_none(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BUCKET", 0)
    assert beside(alice, CORRECT) is None


def test_where_every_runner_is_busy_there_is_none(alice: User, runner_raises: Raising) -> None:
    runner_raises(Busy(3))
    assert beside(alice, CORRECT) is None
    assert not Run.objects.filter(status="pending").exists()


def test_a_run_of_the_course_is_found_among_those_that_all_may_see(alice: User) -> None:
    course = stored(short(), name="short")
    assert found_in(Run.objects.visible_to(None), CORRECT) == course
    assert found_in(Run.objects.of(alice), CORRECT) is None
