"""A program tried out: run once on few rows, and compared with the correct loop.

For exercises that ask what a program does and keep nothing but the answer. No run is stored.
"""

from dataclasses import dataclass
from functools import lru_cache

from trainer.engine.facts import facts_of
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy

SPEC = RunSpec(rows=100, batch_size=25, epochs=2)
"""Eight steps in two epochs: enough to tell a batch from the next, and an epoch too."""

RETRY_AFTER = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """The run of a program, and what is true of it."""

    trace: Trace
    facts: dict[str, bool]


def trial(program: Program, learner: str = "") -> Trial:
    """Run it. Raises what an executor raises; `Busy` too where the clock ended the run."""
    correct, trace = _correct(), _run(program, learner)
    return Trial(trace, facts_of(trace, correct))


@lru_cache(maxsize=1)
def _correct() -> Trace:
    """Made once in a process: it is the same each time."""
    return _run(Program.correct(), "")


def _run(program: Program, learner: str) -> Trace:
    trace = executor().run(SPEC, program, learner=learner)
    if trace.out_of_time:
        raise Busy(RETRY_AFTER)
    return trace
