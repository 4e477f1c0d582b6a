"""G9: how long after the hard deadline somebody is answered whose runner hangs.

A runner that was stopped by a signal hangs as thoroughly as one can: it does not even hear.
"""

import os
import signal
import time
from collections.abc import Iterator

from bench.measure import Measure, tell
from trainer.engine.program import Program
from trainer.engine.recorder import TIME_BUDGET
from trainer.engine.spec import RunSpec
from trainer.executors.contract import Overdue
from trainer.executors.pool import RUN_GRACE, RunnerPool

GOAL = 0.2
DEADLINE = TIME_BUDGET + RUN_GRACE


def measures() -> Iterator[Measure]:
    """One run that hangs, and the run after it, which another runner makes."""
    pool = RunnerPool(1)
    try:
        pool.run(RunSpec(), Program.correct())
        os.kill(pool.pids()[0], signal.SIGSTOP)
        late = _seconds_until_overdue(pool) - DEADLINE
        status = pool.run(RunSpec(), Program.correct()).document["status"]
    finally:
        pool.stop()
    note = f"deadline {DEADLINE:g} s; the run after it {status}"
    yield Measure("G9 an overdue run, after its deadline", late, GOAL, "s", note)


def _seconds_until_overdue(pool: RunnerPool) -> float:
    began = time.perf_counter()
    try:
        pool.run(RunSpec(), Program.correct())
    except Overdue:
        return time.perf_counter() - began
    raise RuntimeError("A runner that hangs has answered.")


if __name__ == "__main__":
    tell(measures())
