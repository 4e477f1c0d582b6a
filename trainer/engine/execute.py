"""Run a program under a spec: the one place where the loop is executed.

Its source is assembled from vocabulary lines; a learner's text never gets here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from traceback import walk_tb
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from trainer.engine.data import rows_of
from trainer.engine.document import describe
from trainer.engine.instrument import FILENAME, Sleep, compile_observed, compile_plain, hooks_of
from trainer.engine.pieces import Linear, MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.recorder import STEP_BUDGET, DealtRows, Recorder, Stop, Watch
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import DRAWS, KEEPS_GRAPHS

# Two threads make a run of this size many times slower, and cannot be relied on to add alike.
torch.set_num_threads(1)

Names = dict[str, Any]

GRAPH_BUDGET = 32 * 2**20
"""Bytes of activations that the graphs of a run's steps may keep in memory."""

_shared_generator = Lock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended: a status of the trace document, and the error, if any."""

    status: str
    error: dict[str, str | int] | None = None


def names_of(spec: RunSpec) -> Names:
    """Everything that the lines of a program may name before they bind names themselves."""
    train, heldout = rows_of(spec)
    return {
        "torch": torch, "nn": nn, "DataLoader": DataLoader,
        "Linear": Linear, "MinMaxScaler": MinMaxScaler,
        "train": DealtRows(train.x, train.y), "heldout": heldout,
        "features": train.x.shape[1], "classes": len(spec.facts.classes),
        "batch_size": spec.batch_size, "epochs": spec.epochs, "hidden": spec.hidden,
        "lr": spec.lr, "seed": spec.seed,
    }  # fmt: skip


def run(spec: RunSpec, program: Program, watch: Watch | None = None) -> Trace:
    """Execute and record. A program that fails is a result: its error is in the trace."""
    names = names_of(spec)
    sets: tuple[Rows, Rows] = (names["train"], names["heldout"])
    recorder = Recorder(names, watch, step_budget=steps_allowed(spec, program))
    if recorder.step_budget < STEP_BUDGET:
        recorder.because = ": each of them keeps its graph in memory"
    outcome = observe(spec, program, recorder)
    return describe(spec, program, recorder, outcome.status, outcome.error, sets)


def run_plain(spec: RunSpec, program: Program) -> Names:
    """Execute the same text without any observer; the reference for tests and benchmarks."""
    names = names_of(spec)
    with _randomness(spec, program):
        exec(compile_plain(program.source(spec)), names)  # noqa: S102 - closed vocabulary lines
    return names


def steps_allowed(spec: RunSpec, program: Program) -> int:
    """Steps that a run may take: fewer where each leaves its graph in memory."""
    if not program.has(KEEPS_GRAPHS):
        return STEP_BUDGET
    train, _ = rows_of(spec)
    classes = len(spec.facts.classes)
    numbers = spec.batch_size * (train.x.shape[1] + 2 * spec.hidden + 3 * classes)
    return min(STEP_BUDGET, max(1, GRAPH_BUDGET // (4 * numbers)))


@contextmanager
def _randomness(spec: RunSpec, program: Program) -> Iterator[None]:
    """Seed the generator that all of PyTorch shares, for a program that draws from it.

    One such run at a time, and what the generator was before is put back. All others are left
    alone: their lines draw from generators of their own.
    """
    if not program.has(DRAWS):
        yield
        return
    with _shared_generator, torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        yield


def observe(
    spec: RunSpec, program: Program, recorder: Recorder, sleep: Sleep | None = None
) -> Outcome:
    """Execute a program under a recorder's eyes, in the recorder's names.

    With `sleep` it passes over the steps that this tells it to.
    """
    try:
        code, sites = compile_observed(program.source(spec), sleeps=sleep is not None)
        recorder.names.update(hooks_of(recorder, sites, sleep))
        with _randomness(spec, program):
            exec(code, recorder.names)  # noqa: S102 - of closed vocabulary lines
    except Stop as stop:
        return Outcome("stopped", _error("Stopped", str(stop), _line_of(stop), recorder))
    except SyntaxError as error:
        return Outcome(
            "failed", _error(type(error).__name__, error.msg, error.lineno or 0, recorder)
        )
    except Exception as error:  # noqa: BLE001 - whatever a program does wrong is content
        return Outcome(
            "failed", _error(type(error).__name__, str(error), _line_of(error), recorder)
        )
    return Outcome("finished")


def _line_of(error: Exception) -> int:
    """The innermost line of the program itself in the error's traceback."""
    frames = walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == FILENAME]
    return max(lines, default=0)


def _error(kind: str, message: str, line: int, recorder: Recorder) -> dict[str, str | int]:
    return {"type": kind, "message": message, "line": line, "step": len(recorder.passes)}
