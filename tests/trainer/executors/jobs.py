"""Specs, programs, waits and looks at processes that the tests of the executors share."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.executors import Executor

SOAK = os.environ.get("SOAK") == "1"

CALM = PRESETS["calm"]
MEDIUM = RunSpec(batch_size=1, rows=1000, epochs=2)
LONG = RunSpec(batch_size=1, rows=1000, epochs=2, hidden=256)
CORRECT = Program.correct()


def digest(trace: Trace) -> str:
    return str(trace.document["digest"])


def until(seen: Callable[[], object], within: float = 20) -> None:
    """Wait for something that happens elsewhere."""
    end = time.monotonic() + within
    while not seen():
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.005)


def until_running(executor: Executor, key: str) -> None:
    """Wait until the run of that key has made its first steps."""
    until(lambda: (seen := executor.progress(key)) and seen.step)


def status(pid: int, field: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def gone(pid: int) -> bool:
    """Whether a process has ended; one that only waits to be reaped has."""
    try:
        return status(pid, "State") == "Z"
    except FileNotFoundError:
        return True
