"""What every executor promises: a spec and a program go in, a trace comes out.

Views and commands know this and nothing of what is behind it. Must not import PyTorch.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

CANCELLED = "Cancelled on request."
"""The message of the trace of a run that was cancelled while it ran."""


ReplayKind = Literal[
    "row",
    "step",
    "dealing",
    "heldout",
    "columns",
    "outliers",
    "along",
    "moments",
    "ledger",
    "through",
    "autopsy",
]

Wanted = int | list[Any]
"""Which of them: a number, or several things that strict JSON can say."""


class Busy(Exception):
    """No runner came free in time, or too many wait already."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Every runner is busy. Try again in {retry_after} s.")
        self.retry_after = retry_after
        """Seconds; spread, so that those who were sent away do not all return at once."""


class RunnerLost(Exception):
    """The process that ran the job ended in mid-job. Nothing of the run is left."""


class Overdue(Exception):
    """The job outlived the hard deadline and its process was ended."""


class Cancelled(Exception):
    """The job was cancelled before it began."""


class NotReached(LookupError):
    """The run has no such row or step."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. ahead: jobs that take their turn before it; 0 once it runs."""

    state: Literal["waiting", "running"]
    step: int
    steps: int
    ahead: int


class Executor(Protocol):
    """Trains and replays. Every method may be called from any thread."""

    def start(self) -> None:
        """Make ready in the background; returns at once. A job before that starts it too."""

    def stop(self) -> None:
        """End whatever `start` began; jobs under way are lost."""

    def fault(self) -> str:
        """Why no job would be done, now and in a moment; "" when one would."""

    def run(self, spec: RunSpec, program: Program, *, key: str = "", learner: str = "") -> Trace:
        """Execute and wait for the trace; a program that fails has its error in there.

        key: name for `progress` and `cancel`, unguessable; learner: whose turn this takes.
        Raises `Busy`, `Cancelled`, `Overdue` or `RunnerLost`.
        """

    def replay(self, kind: ReplayKind, trace: Trace, wanted: Wanted) -> dict[str, Any]:
        """Something of a stored run recomputed, as the function of that name tells.

        Those of `trainer.engine.replay` and `trainer.engine.surveys`. Raises as `run`, or
        `NotReached`.
        """

    def progress(self, key: str) -> Progress | None:
        """How far the run of that key is; None when there is none, or no more."""

    def cancel(self, key: str) -> bool:
        """Ask the run of that key to end early; False when there is none.

        One that waits raises `Cancelled` to its caller; one that runs ends at its next look
        at the clock with a partial trace, status "stopped".
        """
