"""The runner processes: what they are, and what happens when one is lost or late."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Event

import pytest

from tests.processes import environment, python
from tests.tables import csv_of
from tests.trainer.executors import probe
from tests.trainer.executors.jobs import (
    CALM,
    CORRECT,
    LONG,
    MEDIUM,
    digest,
    gone,
    status,
    until,
    until_running,
)
from trainer.engine.csv_file import read
from trainer.engine.spec import RunSpec
from trainer.executors import Busy, Overdue, RunnerLost
from trainer.executors import child as child_module
from trainer.executors import pool as pool_module
from trainer.executors import supervisor as supervisor_module
from trainer.executors.child import Child
from trainer.executors.inprocess import InProcess
from trainer.executors.pool import RunnerPool

MakePool = Callable[[int], RunnerPool]


def full(pool: RunnerPool, without: int = 0) -> bool:
    pids = pool.pids()
    return len(pids) == pool.size and without not in pids


# -- what they are -------------------------------------------------------------------


def test_the_web_process_stays_free_of_torch_while_it_trains(tmp_path: Path) -> None:
    said = python(
        "import sys\n"
        "from trainer.engine.program import Program\n"
        "from trainer.engine.spec import RunSpec\n"
        "from trainer.executors import executor\n"
        "trace = executor().run(RunSpec(), Program.correct())\n"
        "executor().replay('row', trace, 0)\n"
        "print(type(executor()).__name__, trace.document['status'], trace.tensor('low').shape)\n"
        "print({'torch', 'numpy'} & set(sys.modules))",
        tmp_path,
    )
    assert said.stdout.splitlines() == ["RunnerPool finished (10,)", "set()"], said.stderr
    assert said.stderr == ""


def test_a_learner_s_table_goes_to_the_runner_with_its_spec(pool: RunnerPool) -> None:
    given = {"dataset": "csv", "batch_size": 10}
    spec = RunSpec.parse(given, read(csv_of(rows=1200)).text())
    trace = pool.run(spec, CORRECT)
    assert trace.document["spec"] == spec.as_dict()
    assert digest(trace) == digest(InProcess().run(spec, CORRECT))
    assert pool.replay("row", trace, 299) == InProcess().replay("row", trace, 299)


def test_runners_are_forked_warm_from_a_server_with_a_single_thread(pool: RunnerPool) -> None:
    pool.run(CALM, CORRECT)
    here, there = get_context("forkserver").Pipe()
    with here, there:
        process = get_context("forkserver").Process(target=probe.look, args=(there,))
        process.start()
        seen = json.loads(here.recv_bytes())
        process.join()
    server = seen.pop("server")
    assert {status(pid, "PPid") for pid in pool.pids()} == {str(server)}
    assert status(server, "Threads") == "1"
    assert seen == {
        "engine": True,
        "first optimizer paid": True,
        "django set up": False,
        "django apps": False,
    }


def test_runners_have_one_thread_and_let_pages_go_first(pool: RunnerPool) -> None:
    pool.run(CALM, CORRECT)
    for pid in pool.pids():
        assert status(pid, "Threads") == "1"
        assert os.getpriority(os.PRIO_PROCESS, pid) == child_module.NICENESS


def test_starting_does_not_wait_and_a_runner_that_fails_to_start_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked, may_come = Event(), Event()

    def child() -> Child:
        if may_come.is_set():
            return Child()
        asked.set()
        may_come.wait(10)
        raise OSError("It does not come up.")

    monkeypatch.setattr(supervisor_module, "Child", child)
    monkeypatch.setattr(supervisor_module, "TRY_AGAIN_AFTER", 0.01)
    pool = RunnerPool(1)
    pool.start()
    assert asked.wait(10)
    assert pool.pids() == []
    assert pool.fault() == ""
    monkeypatch.setattr(pool_module, "BOOT_WITHIN", 0.0)
    assert pool.fault() == pool_module.NONE_COMES
    monkeypatch.undo()
    may_come.set()
    assert pool.run(CALM, CORRECT).document["status"] == "finished"
    assert "It does not come up." in caplog.text
    assert pool.fault() == ""
    pool.stop()


SLOW_MACHINE = """
from trainer.engine import execute, recorder
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
recorder.TIME_BUDGET = -1.0
from trainer.executors import preload
print(execute.run(RunSpec(), Program.correct()).document["status"])
"""


def test_a_machine_too_slow_for_the_warm_up_run_still_gets_runners(tmp_path: Path) -> None:
    said = python(SLOW_MACHINE, tmp_path)
    assert (said.stdout, said.returncode) == ("stopped\n", 0), said.stderr


# -- one is lost or late -------------------------------------------------------------


def test_a_runner_killed_in_its_sleep_is_not_noticed(make_pool: MakePool) -> None:
    pool = make_pool(2)
    usual = digest(pool.run(CALM, CORRECT))
    until(lambda: full(pool))
    for _ in range(5):
        for pid in pool.pids():
            os.kill(pid, signal.SIGKILL)
        assert digest(pool.run(CALM, CORRECT)) == usual
        until(lambda: full(pool))


def test_a_killed_runner_takes_only_its_own_run_with_it(make_pool: MakePool) -> None:
    pool = make_pool(2)
    usual = digest(pool.run(MEDIUM, CORRECT))
    until(lambda: full(pool))
    with ThreadPoolExecutor() as threads:
        runs = [threads.submit(pool.run, MEDIUM, CORRECT, key=key) for key in "ab"]
        until_running(pool, "a")
        until_running(pool, "b")
        victim = pool.pids()[0]
        os.kill(victim, signal.SIGKILL)
        lost, kept = sorted(runs, key=lambda run: run.exception() is None)
    assert isinstance(lost.exception(), RunnerLost)
    assert digest(kept.result()) == usual
    until(lambda: full(pool, without=victim))
    assert digest(pool.run(MEDIUM, CORRECT)) == usual


def test_a_program_error_of_the_engine_itself_ends_one_runner(make_pool: MakePool) -> None:
    pool = make_pool(1)
    trace = pool.run(CALM, CORRECT)
    before = pool.pids()
    with pytest.raises(RunnerLost):
        pool.replay("row", type(trace)(trace.document, b"no tensors"), 0)
    until(lambda: full(pool, without=before[0]))
    assert pool.replay("row", trace, 0)["row"] == 0


def test_an_overdue_runner_is_ended_and_replaced_alone(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool = make_pool(2)
    usual = digest(pool.run(CALM, CORRECT))
    until(lambda: full(pool))
    before = set(pool.pids())
    monkeypatch.setattr(pool_module, "RUN_GRACE", 0.5 - 5.0)
    with ThreadPoolExecutor() as threads:
        late = threads.submit(pool.run, LONG, CORRECT, key="late")
        others = [threads.submit(pool.run, CALM, CORRECT) for _ in range(4)]
        assert isinstance(late.exception(timeout=5), Overdue)
        assert {digest(run.result()) for run in others} == {usual}
    assert "Overdue" in caplog.text
    until(lambda: full(pool) and set(pool.pids()) != before)
    assert len(set(pool.pids()) & before) == 1
    assert digest(pool.run(CALM, CORRECT)) == usual


def test_a_stuck_runner_is_ended_too(make_pool: MakePool, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make_pool(1)
    trace = pool.run(CALM, CORRECT)
    monkeypatch.setattr(pool_module, "REPLAY_DEADLINE", 1.0)
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Overdue):
        pool.replay("row", trace, 0)
    assert pool.replay("row", trace, 0)["row"] == 0
    assert gone(pid)


SERVER_LOST = """
import os, signal, time
from pathlib import Path
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors.pool import RunnerPool
pool, spec, program = RunnerPool(2), RunSpec(), Program.correct()
before = pool.run(spec, program).document["digest"]
pids = pool.pids()
status = Path(f"/proc/{pids[0]}/status").read_text()
os.kill(int(status.partition("PPid:")[2].split()[0]), signal.SIGKILL)
end = time.monotonic() + 30
while (len(pool.pids()) < 2 or set(pool.pids()) & set(pids)) and time.monotonic() < end:
    time.sleep(0.01)
print(pool.run(spec, program).document["digest"] == before)
"""


def test_a_lost_fork_server_is_started_again(tmp_path: Path) -> None:
    said = python(SERVER_LOST, tmp_path)
    assert said.stdout == "True\n", said.stderr


# -- the end -------------------------------------------------------------------------


def test_stopping_ends_the_runners_and_sends_away_who_comes_later(make_pool: MakePool) -> None:
    pool = make_pool(2)
    pool.run(CALM, CORRECT)
    until(lambda: full(pool))
    pids = pool.pids()
    pool.stop()
    until(lambda: all(map(gone, pids)))
    with pytest.raises(Busy):
        pool.run(CALM, CORRECT)
    assert pool.pids() == []


def test_stopping_in_mid_run_is_a_lost_runner(make_pool: MakePool) -> None:
    pool = make_pool(1)
    with ThreadPoolExecutor() as threads:
        run = threads.submit(pool.run, LONG, CORRECT, key="here")
        until_running(pool, "here")
        waiting = threads.submit(pool.run, CALM, CORRECT, key="there")
        until(lambda: pool.progress("there"))
        pool.stop()
        assert isinstance(run.exception(), RunnerLost)
        assert isinstance(waiting.exception(), Busy)


ORPHANED = """
from threading import Thread
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors import executor
pool, program = executor(), Program.correct()
pool.run(RunSpec(), program)
long = RunSpec(batch_size=1, epochs=2, hidden=256)
Thread(target=pool.run, args=(long, program), kwargs={"key": "long"}).start()
while not ((seen := pool.progress("long")) and seen.step and len(pool.pids()) == pool.size):
    pass
print(*pool.pids(), flush=True)
"""


def test_runners_end_when_the_web_process_is_killed(tmp_path: Path) -> None:
    web = subprocess.Popen(
        [sys.executable, "-c", ORPHANED],
        env=environment(tmp_path),
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    with web:
        assert web.stdout
        pids = [int(pid) for pid in web.stdout.readline().split()]
        server = int(status(pids[0], "PPid"))
        web.kill()
    assert len(pids) == os.cpu_count()
    until(lambda: all(map(gone, [*pids, server])))
