"""Sweeps: one ticket, points made once, and in nobody's way."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from course.accounts.models import User
from tests.processes import python
from tests.staging import SHORT, Raising, browser, short, stored, trained, without_trace
from trainer import runs
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors import executor
from trainer.executors.contract import Busy, RunnerLost
from trainer.models import ABANDONED, Run, Sweep
from trainer.owners import hand_over
from trainer.runs import Asked, TooMany
from trainer.sweeps import Plan, begin_sweep, cancel, next_point

pytestmark = pytest.mark.django_db

ASKED = Asked(SHORT, Program.correct())
PLAN = Plan(ASKED, "lr", [0.01, 0.1], [1, 2])


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))


def made(sweep: Sweep) -> list[RunSpec]:
    return [run.run_spec() for run in sweep.points.order_by("place")]


def finished(sweep: Sweep) -> Sweep:
    for _ in range(sweep.size):
        sweep.refresh_from_db()
        next_point(sweep)
    sweep.refresh_from_db()
    return sweep


def test_points_are_made_one_by_one_every_value_before_the_next_seed(alice: User) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    assert next_point(sweep)
    assert made(sweep) == [replace(SHORT, lr=0.01, seed=1)]
    finished(sweep)
    assert [(spec.lr, spec.seed) for spec in made(sweep)] == [
        (0.01, 1), (0.1, 1), (0.01, 2), (0.1, 2),
    ]  # fmt: skip
    assert sweep.status == "finished"
    assert next_point(sweep) is None
    assert all(run.owner == alice and run.is_whole for run in sweep.points.all())


def test_the_same_form_begins_one_sweep(alice: User, bob: User) -> None:
    first, again = (begin_sweep(alice, PLAN, "n") for _ in range(2))
    assert first == again
    assert begin_sweep(bob, PLAN, "n") != first
    assert begin_sweep(alice, PLAN, "") != begin_sweep(alice, PLAN, "")


def test_a_sweep_is_one_ticket_and_its_points_are_none(alice: User) -> None:
    finished(begin_sweep(alice, PLAN, "n"))
    assert runs.tickets(alice) == 1
    for _ in range(runs.BUCKET - 1):
        stored(short(), alice)
    with pytest.raises(TooMany):
        begin_sweep(alice, PLAN, "m")
    assert begin_sweep(alice, PLAN, "n")  # it is there already
    with pytest.raises(TooMany):
        runs.begin(alice, ASKED, "", lambda _: None)


def test_points_and_a_single_run_are_in_nobody_s_way(alice: User) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    without_trace(alice, "pending")
    assert next_point(sweep)
    without_trace(alice, "pending", sweep=sweep, place=3)
    assert next_point(sweep) is None  # one of its points is under way
    Run.objects.alone().delete()
    assert runs.begin(alice, ASKED, "", lambda _: None)


def test_one_point_of_a_learner_is_under_way_at_a_time(alice: User) -> None:
    one, other = (begin_sweep(alice, PLAN, nonce) for nonce in "ab")
    without_trace(alice, "pending", sweep=one, place=0)
    assert next_point(other) is None
    assert other.points.count() == 0


def test_the_database_keeps_a_point_from_being_made_twice(alice: User) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    next_point(sweep)
    for fields in ({"sweep": sweep, "place": 0}, {"place": 1}, {"sweep": sweep}):
        with pytest.raises(IntegrityError), transaction.atomic():
            without_trace(alice, "interrupted", **fields)


def test_a_cancelled_sweep_makes_no_more_points_and_keeps_its_own(alice: User) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    next_point(sweep)
    cancel(sweep)
    sweep.refresh_from_db()
    assert (sweep.status, next_point(sweep), sweep.points.count()) == ("cancelled", None, 1)
    done = finished(begin_sweep(alice, PLAN, "m"))
    cancel(done)
    done.refresh_from_db()
    assert done.status == "finished"


def test_without_a_free_runner_a_point_is_as_if_never_begun(
    alice: User, runner_raises: Raising
) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    runner_raises(Busy(3))
    with pytest.raises(Busy):
        next_point(sweep)
    assert not Run.objects.exists()


def test_a_point_that_was_lost_stays_with_its_reason_and_the_next_one_comes(
    alice: User, runner_raises: Raising
) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    runner_raises(RunnerLost())
    finished(sweep)
    assert sweep.status == "finished"
    assert {run.reason for run in sweep.points.all()} == {runs.LOST}


def test_a_point_whose_process_is_gone_is_made_again(alice: User) -> None:
    sweep = begin_sweep(alice, PLAN, "n")
    gone = without_trace(alice, "pending", sweep=sweep, place=0)
    assert next_point(sweep) is None
    Run.objects.filter(pk=gone.pk).update(created=timezone.now() - ABANDONED - timedelta(seconds=1))
    point = next_point(sweep)
    assert point
    assert (point.place, point.is_whole) == (0, True)


def test_a_broken_program_is_swept_like_any_other(alice: User) -> None:
    plan = replace(PLAN, asked=Asked(SHORT, Program.parse("loss,forward")))
    sweep = finished(begin_sweep(alice, plan, "n"))
    assert {run.status for run in sweep.points.all()} == {"failed"}


def test_the_list_of_runs_tells_a_sweep_once(alice: User) -> None:
    sweep = finished(begin_sweep(alice, PLAN, "n"))
    run = stored(short(), alice)
    page = browser(alice).get("/runs/").content.decode()
    assert page.count(sweep.get_absolute_url()) == 1
    assert f"sweep {sweep.badge}, 4 runs" in page
    assert run.badge in page
    assert not any(each.get_absolute_url() in page for each in sweep.points.all())


def test_pages_of_the_course_tell_one_s_latest_run_and_no_point(alice: User) -> None:
    run = stored(short(), alice)
    finished(begin_sweep(alice, PLAN, "n"))
    assert list(Run.objects.of(alice).alone()) == [run]
    assert run.get_absolute_url() in browser(alice).get("/pipeline/").content.decode()


def test_a_sweep_changes_hands_with_its_points(alice: User) -> None:
    guest = User.objects.create_guest()
    theirs, mine = begin_sweep(guest, PLAN, "n"), begin_sweep(alice, PLAN, "n")
    next_point(theirs)
    without_trace(guest, "pending", sweep=theirs, place=1)
    without_trace(alice, "pending", sweep=mine, place=0)
    hand_over(guest, alice)
    theirs.refresh_from_db()
    assert (theirs.owner, theirs.nonce) == (alice, "")
    assert {run.owner for run in Run.objects.all()} == {alice}
    Run.objects.filter(status="pending").delete()
    assert finished(theirs).status == "finished"


def test_whoever_goes_takes_their_sweeps_along(alice: User) -> None:
    finished(begin_sweep(alice, PLAN, "n"))
    alice.delete()
    assert not Sweep.objects.exists()
    assert not Run.objects.exists()


def test_many_that_ask_at_once_make_each_point_once(tmp_path: Path) -> None:
    here = "trainer.executors.inprocess.InProcess"
    done = python("import tests.trainer.sweep_race", tmp_path, LOOPWISE_EXECUTOR=here)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert came["trained"] == came["points"] == came["size"]
    assert came["places"] == list(range(came["size"]))
    assert (came["begun"], came["status"]) == (1, "finished")


def test_a_sweep_keeps_nobody_waiting_for_more_than_the_point_under_way(tmp_path: Path) -> None:
    """With real runners, one of them: a single run of somebody else is next, at every moment."""
    done = python("import tests.trainer.sweep_beside", tmp_path, LOOPWISE_RUNNERS="1")
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert came["points"] >= 1
    assert came["singles"] == 6
    assert came["most_ahead"] <= 1
    assert came["most_between"] <= 2
