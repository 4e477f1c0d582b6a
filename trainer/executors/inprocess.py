"""The simplest executor: trains in the caller's own thread. For commands and tests.

Imports PyTorch, so a web process must not import this module. Warmed up as a runner is,
because the first optimizers of two threads at once get in the way of each other's imports.
"""

from typing import Any

from trainer.engine import execute, replay
from trainer.engine.program import Program
from trainer.engine.recorder import Stop
from trainer.engine.spec import RunSpec
from trainer.engine.surveys import REPLAYS
from trainer.engine.trace import Trace
from trainer.executors import preload  # noqa: F401 (warms up)
from trainer.executors.contract import CANCELLED, NotReached, Progress, ReplayKind, Wanted
from trainer.executors.jobs import Job, Jobs


class InProcess:
    """Nobody waits here and nobody is sent away: as many runs at once as there are callers."""

    def __init__(self) -> None:
        self._jobs = Jobs()

    def start(self) -> None:
        """Nothing to make ready."""

    def stop(self) -> None:
        """Nothing to end."""

    def fault(self) -> str:
        """There is none: whoever asks does the job."""
        return ""

    def run(self, spec: RunSpec, program: Program, *, key: str = "", learner: str = "") -> Trace:
        """Train here and now. The learner does not matter: nobody waits."""
        job = Job(key, learner, spec.steps)

        def watch(step: int) -> None:
            job.step = step
            if job.cancelled:
                raise Stop(CANCELLED)

        with self._jobs.known(job):
            return execute.run(spec, program, watch)

    def replay(self, kind: ReplayKind, trace: Trace, wanted: Wanted) -> dict[str, Any]:
        """Replay here and now."""
        try:
            return REPLAYS[kind](trace, wanted)
        except replay.NotReached as error:
            raise NotReached(str(error)) from error

    def progress(self, key: str) -> Progress | None:
        """Running, or none."""
        job = self._jobs.get(key)
        return Progress("running", job.step, job.steps, ahead=0) if job else None

    def cancel(self, key: str) -> bool:
        """Heard at the run's next look at the clock."""
        job = self._jobs.get(key)
        if job:
            job.cancelled = True
        return job is not None
