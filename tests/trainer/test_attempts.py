"""A POST for a run, from its form to what came of it."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import QueryDict
from django.utils import timezone

from course.accounts.models import User
from tests.processes import python
from tests.staging import SHORT, Raising, short, stored, without_trace
from trainer import attempts, runs
from trainer.attempts import attempt
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.forms import RunForm
from trainer.models import ABANDONED, Run

pytestmark = pytest.mark.django_db


def form(**changes: object) -> RunForm:
    """The form of a short run."""
    posted = QueryDict(mutable=True)
    posted.update({name: str(value) for name, value in (SHORT.as_dict() | changes).items()})
    return RunForm(posted)


def test_a_form_makes_a_run(alice: User) -> None:
    came = attempt(alice, form(), "n")
    assert came.status == HTTPStatus.OK
    assert came.run == Run.objects.get(nonce="n", status="finished")


def test_the_same_form_again_is_the_same_run(alice: User) -> None:
    called: list[str] = []
    first, again = (
        attempt(
            alice, form(), "n", lambda _: called.append("begun"), lambda _: called.append("ended")
        )
        for _ in range(2)
    )
    assert first.run == again.run
    assert called == ["begun", "ended"]
    assert Run.objects.count() == 1


def test_the_same_form_again_is_the_same_run_at_the_limit_too(alice: User) -> None:
    for _ in range(runs.BUCKET - 1):
        stored(short(), alice)
    first, again = (attempt(alice, form(), "n") for _ in range(2))
    assert first.run == again.run
    assert attempt(alice, form(), "m").status == HTTPStatus.TOO_MANY_REQUESTS


def test_a_form_without_a_nonce_makes_a_run_each_time(alice: User) -> None:
    assert attempt(alice, form(), "").run != attempt(alice, form(), "").run


def test_the_same_form_with_other_settings_is_no_repeat(alice: User) -> None:
    run = attempt(alice, form(), "n").run
    came = attempt(alice, form(seed=7), "n")
    assert (came.status, came.problem, came.run) == (HTTPStatus.CONFLICT, attempts.CHANGED, run)
    assert came.nonce == ""
    assert Run.objects.count() == 1


def test_a_refused_form_leaves_a_record_and_no_run(alice: User) -> None:
    came = attempt(alice, form(lr=-1), "n")
    assert came.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert came.run == Run.objects.get(status="refused", nonce="")
    assert came.nonce == "n"


def test_a_second_run_meanwhile_is_a_conflict(alice: User) -> None:
    other = without_trace(alice, "pending")
    came = attempt(alice, form(), "n")
    assert (came.status, came.run, came.nonce) == (HTTPStatus.CONFLICT, other, "n")
    assert Run.objects.count() == 1


def test_the_same_form_meanwhile_finds_the_run_under_way(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def run(*args: object, **options: object) -> object:
        seen.append(attempt(alice, form(), "n").run)
        return short()

    monkeypatch.setattr(executor(), "run", run)
    came = attempt(alice, form(), "n")
    assert seen == [came.run]
    assert Run.objects.count() == 1


def test_a_run_whose_process_is_gone_is_not_in_the_way(alice: User) -> None:
    gone = without_trace(alice, "pending")
    Run.objects.update(created=timezone.now() - 2 * ABANDONED)
    came = attempt(alice, form(), "n")
    assert came.status == HTTPStatus.OK
    gone.refresh_from_db()
    assert gone.status == "interrupted"


def test_a_run_whose_process_is_gone_is_made_by_the_same_form(alice: User) -> None:
    gone = without_trace(alice, "pending", nonce="n")
    Run.objects.update(created=timezone.now() - 2 * ABANDONED)
    came = attempt(alice, form(), "n")
    assert came.run == gone
    gone.refresh_from_db()
    assert gone.status == "finished"


def test_a_run_that_came_to_its_end_since_is_not_in_the_way(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ways = runs.begin, [IntegrityError("run_one_pending")]

    def begin(*asked: Any) -> Run:
        if ways:
            raise ways.pop()
        return real(*asked)

    monkeypatch.setattr(attempts, "begin", begin)
    assert attempt(alice, form(), "n").status == HTTPStatus.OK
    ways += [IntegrityError("run_one_pending")] * attempts.TRIES
    assert attempt(alice, form(), "m").status == HTTPStatus.TOO_MANY_REQUESTS


def test_without_a_free_runner_the_same_form_makes_that_run_later(
    alice: User, runner_raises: Raising, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner_raises(Busy(3))
    busy = attempt(alice, form(), "n")
    assert (busy.status, busy.retry_after, busy.nonce) == (HTTPStatus.SERVICE_UNAVAILABLE, 3, "n")
    waiting = Run.objects.get()
    assert waiting.status == "interrupted"
    monkeypatch.undo()
    came = attempt(alice, form(), "n")
    assert came.run == waiting
    assert Run.objects.get().status == "finished"


def test_one_nonce_makes_one_run_for_many_threads(tmp_path: Path) -> None:
    here = "trainer.executors.inprocess.InProcess"
    done = python("import tests.trainer.race", tmp_path, LOOPWISE_EXECUTOR=here)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert came["same"] == {"runs": 1, "seen": 1, "statuses": ["200"], "trained": 1}
    assert came["others"]["statuses"] in (["200"], ["200", "409"])
    assert came["others"]["runs"] == came["others"]["trained"]
    assert came["pending"] == 0
