"""A runner process as its pool holds it: started from the fork server, asked over one pipe.

The one place that imports PyTorch lazily, and only in the runner's own process.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

from trainer.executors.contract import CANCELLED, Cancelled, Overdue, RunnerLost
from trainer.executors.jobs import Job
from trainer.executors.wire import Message, message, receive, send

NICENESS = 5
READY_WITHIN = 30.0

_ROOT = Path(__file__).parents[2]
_PRELOAD = ["__main__", "trainer.executors.preload", "trainer.executors.runner"]

_context = multiprocessing.get_context("forkserver")


class NotBegun(Exception):
    """The runner was gone before it took the job, so another may take it."""


class Child:
    """One runner. Starting it blocks until it is ready; `work` is for one caller at a time."""

    def __init__(self) -> None:
        """Raises `OSError`, `EOFError` or `Overdue` when it does not come up."""
        self.usable = False
        self._sending = Lock()
        self._pipe, theirs = _context.Pipe()
        self.process = _context.Process(target=_enter, args=(theirs,), name="runner", daemon=True)
        with theirs, _project_on_path():
            forkserver.ensure_running()
            self.process.start()
        self.budget = float(self._next(time.monotonic() + READY_WITHIN).text(0))
        self.usable = True

    def work(self, job: Job, request: Message, seconds: float) -> Message:
        """Hand over a job and wait for its result. Whatever goes wrong, `usable` tells of it.

        Raises `Cancelled`, `NotBegun`, `RunnerLost` or `Overdue`.
        """
        self._hand_over(job, request)
        self.usable = False
        result = self._result(job, time.monotonic() + seconds)
        self.usable = True
        return result

    def cancel(self, job: Job) -> None:
        """Tell the runner, which looks up now and then; it ignores a job that it has done."""
        with self._sending, suppress(OSError):
            send(self._pipe, message("cancel", job.number))

    def end(self) -> None:
        """Kill the process. Once more does no harm."""
        self.usable = False
        self.process.kill()

    def close(self) -> None:
        """Let go of the pipe."""
        self._pipe.close()

    def _hand_over(self, job: Job, request: Message) -> None:
        with self._sending:
            if job.cancelled:
                raise Cancelled(CANCELLED)
            try:
                send(self._pipe, request)
            except OSError as error:
                self.usable = False
                raise NotBegun from error

    def _result(self, job: Job, deadline: float) -> Message:
        began = False
        while True:
            try:
                said = self._next(deadline)
            except (EOFError, OSError) as error:
                if began:
                    raise RunnerLost("The runner ended in mid-job.") from error
                raise NotBegun from error
            if said.kind == "began":
                began = True
            elif said.kind == "progress":
                job.step = int(said.text(0))
            else:
                return said

    def _next(self, deadline: float) -> Message:
        if not self._pipe.poll(max(0.0, deadline - time.monotonic())):
            raise Overdue("The runner took too long.")
        return receive(self._pipe)


@contextmanager
def _project_on_path() -> Iterator[None]:
    """The fork server of Python 3.11 looks for what it preloads in a fresh sys.path.

    It passes over in silence what it does not find; runners would import PyTorch one by one.
    """
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), before)))
    _context.set_forkserver_preload(_PRELOAD)
    try:
        yield
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _enter(pipe: Connection) -> None:
    """The first call in a runner: pages go before runs, and ^C is the web process's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    from trainer.executors import preload, runner  # noqa: F401, PLC0415

    runner.serve(pipe)
