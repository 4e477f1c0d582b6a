"""Making a run: what is read, what is stored before and after training, what stands in the way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from course.accounts.models import User
from tests.staging import SHORT, Raising, cut_short, short, stored, without_trace
from trainer import runs
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.executors import executor
from trainer.executors.contract import CANCELLED, Busy, Cancelled, Overdue, RunnerLost
from trainer.models import ABANDONED, Run, StoredTrace
from trainer.runs import Asked, Refused, TooMany, UnderWay, begin, find, make, read, refuse

pytestmark = pytest.mark.django_db

ASKED = Asked(SHORT, Program.correct())
OTHER = Asked(RunSpec(seed=7), Program.correct())


def nothing(run: Run) -> None:
    """What a caller without a part of its own does with a run."""


def pending(owner: User, nonce: str = "") -> Run:
    return begin(owner, ASKED, nonce, nothing)


# -- reading ---------------------------------------------------------------------------


def test_nothing_asked_for_is_the_calm_run() -> None:
    assert read({}) == Asked(PRESETS["calm"], Program.correct())
    assert read({"lr": "", "lines": " "}) == Asked(PRESETS["calm"], Program.correct())


def test_it_reads_settings_a_preset_and_lines() -> None:
    asked = read({"preset": "published", "seed": "7", "lines": "forward,loss"})
    assert asked == Asked(RunSpec(hidden=64, lr=0.09, seed=7), Program.parse("forward,loss"))


def test_it_tells_the_reasons_of_all_fields_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read({"lr": "-1", "hidden": "many", "user": "1", "lines": "__import__"})
    assert set(refused.value.reasons) == {"lr", "hidden", "user", "lines"}
    assert "__import__" in refused.value.reasons["lines"]


def test_it_keeps_what_was_refused_and_why(alice: User) -> None:
    run = refuse(alice, {"lr": "-1"}, {"lr": "Must be above 0."})
    assert run
    run.refresh_from_db()
    assert (run.status, run.spec) == ("refused", {"lr": "-1"})
    assert run.reasons == {"lr": "Must be above 0."}


def test_what_is_kept_of_a_refusal_is_little_and_fits_any_database(alice: User) -> None:
    given = {f"{number}\0{'n' * 500}": "v\0" * 500 for number in range(500)}
    run = refuse(alice, given, dict.fromkeys(given, "Not a setting. " * 50))
    assert run
    run.refresh_from_db()
    kept = f"{run.spec}{run.reasons}"
    assert len(kept) < 10_000
    assert "\\x00" not in kept
    assert run.spec
    assert run.reason


def test_of_a_flood_of_refusals_only_so_many_are_kept(alice: User, bob: User) -> None:
    for _ in range(runs.BUCKET):
        assert refuse(alice, {"lr": "-1"}, {"lr": "No."})
    assert refuse(alice, {"lr": "-1"}, {"lr": "No."}) is None
    assert refuse(bob, {"lr": "-1"}, {"lr": "No."})
    assert Run.objects.of(alice).count() == runs.BUCKET


# -- before the run ----------------------------------------------------------------------


def test_it_stores_what_was_asked_for(alice: User) -> None:
    run = Run.objects.get(pk=pending(alice, "n").pk)
    assert (run.status, run.nonce, run.owner) == ("pending", "n", alice)
    assert (run.run_spec(), run.run_program()) == (SHORT, Program.correct())


def test_what_belongs_to_a_run_is_stored_with_it_or_not_at_all(alice: User) -> None:
    def fail(run: Run) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        begin(alice, ASKED, "n", fail)
    assert not Run.objects.exists()


def test_a_learner_has_thirty_runs_in_a_while(alice: User, bob: User) -> None:
    for _ in range(runs.BUCKET):
        stored(short(), alice)
    with pytest.raises(TooMany) as limit:
        pending(alice)
    assert 0 < limit.value.retry_after <= runs.REFILL.total_seconds()
    assert pending(bob).status == "pending"


def test_runs_of_long_ago_and_refusals_are_not_counted(alice: User) -> None:
    for _ in range(runs.BUCKET):
        stored(short(), alice)
    Run.objects.update(created=timezone.now() - runs.REFILL - timedelta(seconds=1))
    for _ in range(runs.BUCKET):
        without_trace(alice, "refused")
    assert pending(alice).status == "pending"


def test_a_second_run_at_the_same_time_is_in_the_way(alice: User) -> None:
    first = pending(alice, "one")
    with pytest.raises(IntegrityError):
        pending(alice, "two")
    with pytest.raises(UnderWay) as other:
        find(alice, ASKED, "two")
    assert other.value.run == first


def test_the_same_nonce_finds_its_run_while_it_is_made_and_after(alice: User) -> None:
    run = pending(alice, "n")
    assert find(alice, ASKED, "n") == (run, False)
    make(run)
    assert find(alice, ASKED, "n") == (run, False)


def test_a_nonce_is_the_learner_s_own(alice: User, bob: User) -> None:
    pending(alice, "n")
    assert pending(bob, "n").owner == bob


def test_a_nonce_does_not_stand_for_other_settings(alice: User) -> None:
    run = stored(short(), alice, nonce="n")
    with pytest.raises(runs.Changed) as other:
        find(alice, OTHER, "n")
    assert other.value.run == run


@pytest.mark.parametrize("status", ["interrupted", "pending"])
def test_a_run_whose_making_failed_is_taken_up_again_once(alice: User, status: str) -> None:
    run = without_trace(alice, status, nonce="n", reasons={"run": "Busy."})
    Run.objects.update(created=timezone.now() - ABANDONED - timedelta(seconds=1))
    assert find(alice, ASKED, "n") == (run, True)
    assert find(alice, ASKED, "n") == (run, False)
    run.refresh_from_db()
    assert (run.status, run.state, run.reasons) == ("pending", "pending", {})


def test_nothing_is_found_once_nothing_is_in_the_way(alice: User) -> None:
    without_trace(alice, "interrupted", nonce="other")
    assert find(alice, ASKED, "n") is None
    assert find(alice, ASKED, "") is None


def test_it_is_not_taken_up_while_another_one_is_under_way(alice: User) -> None:
    without_trace(alice, "interrupted", nonce="n")
    other = pending(alice, "other")
    with pytest.raises(UnderWay) as way:
        find(alice, ASKED, "n")
    assert way.value.run == other


def test_abandoned_runs_are_given_up(alice: User, bob: User) -> None:
    lost, others = pending(alice), pending(bob)
    assert runs.give_up_abandoned(alice) == 0
    Run.objects.update(created=timezone.now() - ABANDONED - timedelta(seconds=1))
    assert runs.give_up_abandoned(alice) == 1
    lost.refresh_from_db()
    others.refresh_from_db()
    assert (lost.status, lost.reason) == ("interrupted", runs.LOST)
    assert others.status == "pending"


# -- the run -----------------------------------------------------------------------------


def test_a_run_is_trained_and_stored(alice: User) -> None:
    run = Run.objects.get(pk=make(pending(alice)).pk)
    assert run.status == "finished"
    assert run.duration_ms is not None
    loaded = run.load()
    assert loaded is not None
    assert loaded.document == short().document


def test_a_broken_program_is_a_result(alice: User) -> None:
    asked = Asked(SHORT, Program.parse("loss,forward"))
    run = Run.objects.get(pk=make(begin(alice, asked, "", nothing)).pk)
    assert run.status == "failed"
    loaded = run.load()
    assert loaded is not None
    assert loaded.document["error"]["type"] == "NameError"


def test_a_run_that_is_cancelled_on_its_way_keeps_what_it_had(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor(), "run", lambda *_, **__: cut_short(CANCELLED))
    run = make(pending(alice, "n"))
    loaded = run.load()
    assert loaded is not None
    assert (run.status, loaded.document["error"]["message"]) == ("stopped", CANCELLED)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RunnerLost(), runs.LOST),
        (Overdue(), runs.OVERDUE),
        (Cancelled(), runs.CANCELLED),
    ],
)
def test_a_run_that_was_lost_is_interrupted(
    alice: User, runner_raises: Raising, error: Exception, reason: str
) -> None:
    runner_raises(error)
    run = Run.objects.get(pk=make(pending(alice)).pk)
    assert (run.status, run.reason, run.trace) == ("interrupted", reason, None)


def test_a_run_that_found_no_runner_is_set_aside(alice: User, runner_raises: Raising) -> None:
    runner_raises(Busy(3))
    run = pending(alice)
    with pytest.raises(Busy):
        make(run)
    run.refresh_from_db()
    assert (run.status, run.reason) == ("interrupted", runs.BUSY)


def test_whoever_comes_second_changes_nothing(alice: User) -> None:
    run = pending(alice)
    late = Run.objects.get(pk=run.pk)
    make(run)
    runs._settle(late, Run.Status.INTERRUPTED, "too late")
    run.refresh_from_db()
    assert (run.status, run.reasons) == ("finished", {})


def test_what_follows_a_run_is_stored_with_it_or_not_at_all(alice: User) -> None:
    def fail(run: Run) -> None:
        raise ValueError("no")

    run = pending(alice)
    with pytest.raises(ValueError, match="no"):
        make(run, fail)
    run.refresh_from_db()
    assert (run.status, run.trace) == ("pending", None)
    assert not StoredTrace.objects.exists()


@pytest.mark.parametrize(("nonce", "key"), [("n" * 32, "n" * 32), ("guessable", "")])
def test_the_executor_is_asked_with_the_nonce_and_the_learner(
    alice: User, monkeypatch: pytest.MonkeyPatch, nonce: str, key: str
) -> None:
    asked: dict[str, object] = {}

    def run(spec: RunSpec, program: Program, **options: object) -> object:
        asked.update(options, spec=spec, program=program)
        return short()

    monkeypatch.setattr(executor(), "run", run)
    make(pending(alice, nonce))
    who = {"key": key, "learner": str(alice.pk)}
    assert asked == who | {"spec": SHORT, "program": Program.correct()}
