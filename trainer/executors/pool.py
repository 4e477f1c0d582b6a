"""Trains in runner processes behind a bounded, fair queue: the executor of a web process.

PyTorch is never imported here. A caller waits in its own thread: first for its turn, then
at the pipe of the runner that is its own until the job is done.
"""

import json
import logging
import os
import secrets
from threading import Event, Lock
from typing import Any

from django.conf import settings

from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors.child import Child, NotBegun
from trainer.executors.contract import (
    CANCELLED,
    Busy,
    Cancelled,
    NotReached,
    Overdue,
    Progress,
    ReplayKind,
    RunnerLost,
    Wanted,
)
from trainer.executors.jobs import Job, Jobs
from trainer.executors.supervisor import Supervisor
from trainer.executors.turns import Turns
from trainer.executors.wire import Message, message

MAX_WAITING = 40
MAX_WAIT = 6.0
BOOT_WITHIN = 30.0
RUN_GRACE = 1.5
"""Seconds after the engine's own time budget at which a run is ended by force."""
REPLAY_DEADLINE = 1.5

NONE_COMES = "None is there, and none comes up."

log = logging.getLogger(__name__)


class RunnerPool:
    """As many runners as cores, or as the setting LOOPWISE_RUNNERS says."""

    def __init__(self, size: int | None = None) -> None:
        wanted = size or getattr(settings, "LOOPWISE_RUNNERS", None)
        self.size: int = wanted or os.cpu_count() or 1
        self._supervisor = Supervisor(self.size, self._came, self._went)
        self._jobs = Jobs()
        self._lock = Lock()  # of what follows
        self._turns = Turns()
        self._free: list[Child] = []
        self._held: dict[Job, Child] = {}
        self._booted = Event()
        self._stopped = False

    def start(self) -> None:
        """Returns at once: the runners come up in the background."""
        self._supervisor.start()

    def stop(self) -> None:
        """Send away who waits and end every runner. There is no way back."""
        with self._lock:
            self._stopped = True
            while job := self._turns.take():
                job.turn.set()
        self._booted.set()
        self._supervisor.stop()

    def fault(self) -> str:
        """Runners that come up are as good as runners; after so long, none will."""
        return NONE_COMES if self._supervisor.alone_for() > BOOT_WITHIN else ""

    def pids(self) -> list[int]:
        """Process ids of the runners, for whoever operates the site."""
        return self._supervisor.pids()

    def run(self, spec: RunSpec, program: Program, *, key: str = "", learner: str = "") -> Trace:
        """Wait for a turn, then for the trace."""
        job = Job(key, learner, spec.steps)
        with self._jobs.known(job):
            request = message("run", job.number, spec.canonical(), program.spelling())
            result = self._do(job, request)
        return Trace.read(*result.parts)

    def replay(self, kind: ReplayKind, trace: Trace, wanted: Wanted) -> dict[str, Any]:
        """Go ahead of waiting runs, and wait for the answer."""
        job = Job(light=True)
        result = self._do(
            job, message(kind, job.number, trace.text(), trace.tensors, json.dumps(wanted))
        )
        if result.kind == "absent":
            raise NotReached(result.text(0))
        found: dict[str, Any] = json.loads(result.parts[0])
        return found

    def progress(self, key: str) -> Progress | None:
        """Place in the queue, or step reached."""
        job = self._jobs.get(key)
        if job is None:
            return None
        if job.turn.is_set():
            return Progress("running", job.step, job.steps, ahead=0)
        with self._lock:
            return Progress("waiting", 0, job.steps, self._turns.ahead(job))

    def cancel(self, key: str) -> bool:
        """Drop it from the queue, or tell its runner."""
        job = self._jobs.get(key)
        if job is None:
            return False
        with self._lock:
            job.cancelled = True
            if self._turns.discard(job):
                job.turn.set()
            child = self._held.get(job)
        if child:
            child.cancel(job)
        return True

    # -- jobs ------------------------------------------------------------------------

    def _do(self, job: Job, request: Message) -> Message:
        """Have a runner do it. One that died in its sleep is passed over for the next."""
        for _ in range(self.size + 1):
            child = self._wait_for_turn(job)
            seconds = child.budget + RUN_GRACE if request.kind == "run" else REPLAY_DEADLINE
            try:
                return child.work(job, request, seconds)
            except NotBegun:
                job.light = True
                job.turn.clear()
            except (Overdue, RunnerLost) as error:
                what = type(error).__name__
                log.warning("%s: runner %s, a %s", what, child.process.pid, request.kind)
                raise
            finally:
                self._release(job, child)
        raise RunnerLost("No runner lived long enough to begin.")

    def _wait_for_turn(self, job: Job) -> Child:
        self.start()
        with self._lock:
            if self._stopped or len(self._turns) >= MAX_WAITING:
                raise _busy()
            self._turns.add(job)
            self._deal()
        self._booted.wait(BOOT_WITHIN)
        job.turn.wait(MAX_WAIT)
        with self._lock:
            if job in self._held:
                return self._held[job]
            self._turns.discard(job)
        raise Cancelled(CANCELLED) if job.cancelled else _busy()

    def _release(self, job: Job, child: Child) -> None:
        with self._lock:
            del self._held[job]
            if child.usable:
                self._free.append(child)
                self._deal()
                return
        child.end()
        child.close()

    def _deal(self) -> None:
        """Give free runners to those whose turn it is. The caller holds the lock."""
        while self._free and (job := self._turns.take()):
            self._held[job] = self._free.pop()
            job.turn.set()

    # -- runners, told by the supervisor ---------------------------------------------

    def _came(self, child: Child) -> None:
        with self._lock:
            self._free.append(child)
            self._deal()
        self._booted.set()

    def _went(self, child: Child) -> None:
        with self._lock:
            if child in self._free:
                self._free.remove(child)
                child.close()


def _busy() -> Busy:
    return Busy(2 + secrets.randbelow(4))
