"""G2: what the engine records is what the plain loop computes, bit for bit."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import torch

from bench.measure import Measure, of_faults, tell
from bench.plain_loop import Plain, train
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import OPTIMIZERS, PRESETS, RunSpec
from trainer.engine.trace import Trace

RAGGED = RunSpec(batch_size=128, epochs=3)
"""Its last batch of an epoch is smaller than the others."""

SPECS = {
    f"{name}, {optimizer}": replace(spec, optimizer=optimizer)
    for name, spec in (PRESETS | {"ragged": RAGGED}).items()
    for optimizer in OPTIMIZERS
}


def differences(spec: RunSpec) -> list[str]:
    """What of a recorded run is not the same bits as in the plain loop."""
    return compared(train(spec), run(spec, Program.correct()))


def compared(plain: Plain, trace: Trace) -> list[str]:
    """Names of what differs between the two."""
    steps, epochs = trace.document["steps"], trace.document["epochs"]
    of_epochs = [step["epoch"] for step in steps]
    same = {
        "losses": [step["loss"] for step in steps] == plain.losses,
        "accuracies": [each["running_accuracy"] for each in epochs] == _running(plain, of_epochs),
        "parameters": _same_parameters(plain, trace),
    }
    return [name for name, is_same in same.items() if not is_same]


def _running(plain: Plain, of_epochs: list[int]) -> list[float]:
    """Share of the rows of each epoch that were right when they were dealt."""
    grouped = groupby(zip(of_epochs, plain.hits, plain.rows, strict=True), key=lambda step: step[0])
    epochs = [list(own) for _, own in grouped]
    return [sum(hits for _, hits, _ in own) / sum(rows for _, _, rows in own) for own in epochs]


def _same_parameters(plain: Plain, trace: Trace) -> bool:
    """Whether the final ones agree; numbers that are none do not."""
    mine = torch.cat([each.flatten() for each in plain.parameters]).tolist()
    last = list(trace.tensor("parameters")[-1].flat)
    return mine == last and all(map(math.isfinite, mine))


def measures() -> Iterator[Measure]:
    """One line for everything that has to be equal."""
    faults = [f"{name}: {what}" for name, spec in SPECS.items() for what in differences(spec)]
    note = f"losses, accuracies and parameters of {len(SPECS)} settings"
    yield of_faults("G2 recorded run against the plain loop", faults, note)


if __name__ == "__main__":
    tell(measures())
