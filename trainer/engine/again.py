"""A stored run, run again as far as a step, under any observer: the one way back into it."""

from collections.abc import Callable
from typing import TypeVar

from trainer.engine.execute import Names, Outcome, names_of, observe
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.trace import Trace

Watching = TypeVar("Watching", bound=Recorder)


def run_again(trace: Trace, make: Callable[[Names], Watching]) -> tuple[Watching, Outcome]:
    """The recorder that `make` gives for the run's names, and how the program ended under it.

    How far it goes is the recorder's `step_budget`.
    """
    spec, program = spec_of(trace), Program.from_list(trace.document["program"])
    recorder = make(names_of(spec))
    return recorder, observe(spec, program, recorder)
