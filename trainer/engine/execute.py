"""Run a program under a spec: the one place where the loop is executed.

Its source is assembled from vocabulary lines; a learner's text never gets here.
"""

import traceback
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from trainer.engine.data import rows_of
from trainer.engine.datasets import DATASETS
from trainer.engine.document import describe
from trainer.engine.instrument import FILENAME, compile_observed, compile_plain, hooks_of
from trainer.engine.pieces import Linear, MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.recorder import DealtRows, Recorder, Stop, Watch
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

# Two threads make a run of this size many times slower, and cannot be relied on to add alike.
torch.set_num_threads(1)

Names = dict[str, Any]


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
        "features": train.x.shape[1], "classes": len(DATASETS[spec.dataset].classes),
        "batch_size": spec.batch_size, "epochs": spec.epochs, "hidden": spec.hidden,
        "lr": spec.lr, "seed": spec.seed,
    }  # fmt: skip


def run(spec: RunSpec, program: Program, watch: Watch | None = None) -> Trace:
    """Execute and record. A program that fails is a result: its error is in the trace."""
    names = names_of(spec)
    sets: tuple[Rows, Rows] = (names["train"], names["heldout"])
    recorder = Recorder(names, watch)
    outcome = observe(program.source(spec), recorder)
    return describe(spec, program, recorder, outcome.status, outcome.error, sets)


def run_plain(spec: RunSpec, program: Program) -> Names:
    """Execute the same text without any observer; the reference for tests and benchmarks."""
    names = names_of(spec)
    exec(compile_plain(program.source(spec)), names)  # noqa: S102 - of closed vocabulary lines
    return names


def observe(source: str, recorder: Recorder) -> Outcome:
    """Execute source under a recorder's eyes, in the recorder's names."""
    try:
        code, sites = compile_observed(source)
        recorder.names.update(hooks_of(recorder, sites))
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
    frames = traceback.extract_tb(error.__traceback__)
    return max((frame.lineno or 0 for frame in frames if frame.filename == FILENAME), default=0)


def _error(kind: str, message: str, line: int, recorder: Recorder) -> dict[str, str | int]:
    return {"type": kind, "message": message, "line": line, "step": len(recorder.passes)}
