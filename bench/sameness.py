"""G10: one spec, one digest, wherever and beside whatever it runs."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.measure import Measure, of_faults, tell
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.executors import Busy
from trainer.executors.pool import RunnerPool

ROOT = Path(__file__).resolve().parent.parent
NAMES = tuple(PRESETS)
PROCESSES = 2
THREADS = 8
AT_ONCE = 200
RUNNERS = 2


def measures() -> Iterator[Measure]:
    """Against the digests of this process: others, threads, and many runs at once."""
    known = {name: _here(name) for name in NAMES}

    def differing(made: list[tuple[str, str]]) -> list[str]:
        return [name for name, digest in made if digest != known[name]]

    processes = _each(_fresh_process, PROCESSES * len(NAMES), at_once=1)
    yield of_faults("G10 digests in fresh processes", differing(processes), _said(processes))
    threads = _each(_here, THREADS * 9, at_once=THREADS)
    note = f"{_said(threads)} in {THREADS} threads"
    yield of_faults("G10 digests in threads of one process", differing(threads), note)
    many = _through_the_pool()
    note = f"{_said(many)} asked for at once, {RUNNERS} runners"
    yield of_faults("G10 digests from the runners", differing(many), note)


def _each(work: Callable[[str], str], times: int, at_once: int) -> list[tuple[str, str]]:
    """Name and digest of so many runs, the presets in turn."""
    names = [NAMES[number % len(NAMES)] for number in range(times)]
    with ThreadPoolExecutor(at_once) as threads:
        return list(zip(names, threads.map(work, names), strict=True))


def _said(made: list[tuple[str, str]]) -> str:
    return f"{len(made)} runs of {len(NAMES)} presets"


def _here(name: str) -> str:
    return str(run(PRESETS[name], Program.correct()).document["digest"])


def _fresh_process(name: str) -> str:
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, "manage.py", "train", "--preset", name, "--json"],
            env=os.environ | {"LOOPWISE_DATA": data},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    return str(json.loads(done.stdout)["digest"])


def _through_the_pool() -> list[tuple[str, str]]:
    pool = RunnerPool(RUNNERS)

    def work(name: str) -> str:
        """Who is sent away because too many wait asks again, as a page does."""
        while True:
            try:
                return str(pool.run(PRESETS[name], Program.correct()).document["digest"])
            except Busy:
                time.sleep(0.1)

    try:
        return _each(work, AT_ONCE, at_once=AT_ONCE)
    finally:
        pool.stop()


if __name__ == "__main__":
    tell(measures())
