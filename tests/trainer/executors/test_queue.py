"""Waiting for a runner: whose turn, how long, and who is sent away."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest

from tests.trainer.executors.jobs import CALM, CORRECT, LONG, digest, until, until_running
from trainer.engine.trace import Trace
from trainer.executors import Busy, Cancelled, Progress
from trainer.executors import pool as pool_module
from trainer.executors.pool import RunnerPool

MakePool = Callable[[int], RunnerPool]
Submit = Callable[..., Future[Trace]]


@contextmanager
def occupied(pool: RunnerPool) -> Iterator[Submit]:
    """A pool of one whose runner is busy until the block ends; gives a way to queue behind it."""
    with ThreadPoolExecutor(40) as threads:
        busy = threads.submit(pool.run, LONG, CORRECT, key="occupies")
        until_running(pool, "occupies")

        def submit(key: str, learner: str = "") -> Future[Trace]:
            waiting = len(pool._turns)
            run = threads.submit(pool.run, CALM, CORRECT, key=key, learner=learner)
            until(lambda: run.done() or len(pool._turns) > waiting)
            return run

        try:
            yield submit
        finally:
            pool.cancel("occupies")
            assert busy.result().document["status"] == "stopped"


def place(pool: RunnerPool, key: str) -> int:
    seen = pool.progress(key)
    assert seen
    assert seen.state == "waiting"
    return seen.ahead


def test_learners_take_turns_at_one_runner(make_pool: MakePool) -> None:
    pool, order = make_pool(1), list[str]()

    def note(key: str, _: Future[Trace]) -> None:
        order.append(key)

    with occupied(pool) as submit:
        for key in ("a1", "a2", "a3", "b1", "c1"):
            submit(key, learner=key[0]).add_done_callback(partial(note, key))
        places = {key: place(pool, key) for key in ("a1", "b1", "c1", "a2", "a3")}
    assert places == {"a1": 0, "b1": 1, "c1": 2, "a2": 3, "a3": 4}
    assert order == ["a1", "b1", "c1", "a2", "a3"]


def test_a_replay_goes_ahead_of_runs_that_wait(make_pool: MakePool) -> None:
    pool, order = make_pool(1), list[str]()
    trace = pool.run(CALM, CORRECT)
    with ThreadPoolExecutor() as threads, occupied(pool) as submit:
        submit("run").add_done_callback(lambda _: order.append("run"))
        replay = threads.submit(pool.replay, "row", trace, 0)
        replay.add_done_callback(lambda _: order.append("replay"))
        until(lambda: place(pool, "run") == 1)
    assert order == ["replay", "run"]


def test_who_waits_is_told_its_place(make_pool: MakePool) -> None:
    pool = make_pool(1)
    with occupied(pool) as submit:
        for ahead, key in enumerate(("first", "second")):
            submit(key)
            assert pool.progress(key) == Progress("waiting", 0, CALM.steps, ahead)


def test_a_waiting_run_can_be_cancelled(make_pool: MakePool) -> None:
    pool = make_pool(1)
    with occupied(pool) as submit:
        unwanted, wanted = submit("unwanted"), submit("wanted")
        assert place(pool, "wanted") == 1
        assert pool.cancel("unwanted")
        assert isinstance(unwanted.exception(timeout=2), Cancelled)
        assert place(pool, "wanted") == 0
    assert wanted.result().document["error"] is None
    assert pool.progress("unwanted") is None


def test_who_finds_the_queue_full_is_sent_away_at_once(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = make_pool(1)
    monkeypatch.setattr(pool_module, "MAX_WAITING", 2)
    with occupied(pool) as submit:
        waiting = [submit("one"), submit("two")]
        away = submit("three").exception(timeout=1)
        assert isinstance(away, Busy)
        assert 2 <= away.retry_after <= 5
    assert [run.result().document["status"] for run in waiting] == ["finished"] * 2


def test_who_waits_too_long_is_sent_away(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = make_pool(1)
    monkeypatch.setattr(pool_module, "MAX_WAIT", 0.1)
    with occupied(pool) as submit:
        assert isinstance(submit("impatient").exception(timeout=1), Busy)
        assert pool.progress("impatient") is None
        assert len(pool._turns) == 0
    assert pool.run(CALM, CORRECT).document["status"] == "finished"


def test_a_first_job_waits_for_the_first_runner(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "MAX_WAIT", 0.001)
    assert digest(make_pool(1).run(CALM, CORRECT))
