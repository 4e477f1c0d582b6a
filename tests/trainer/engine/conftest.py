"""Runs that several of the engine's tests read, made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations

import pytest

from tests.trainer.engine.reading import body, small
from trainer.engine import recorder
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

CORE = ("zero_grad", "forward", "loss", "backward", "step")

Arrangements = dict[tuple[str, ...], Trace]


@contextmanager
def patience() -> Iterator[None]:
    """Time enough for every run: how busy the machine is says nothing about the engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recorder, "TIME_BUDGET", 120.0)
        yield


@pytest.fixture(scope="package", autouse=True)
def patient() -> Iterator[None]:
    with patience():
        yield


@pytest.fixture(scope="session")
def calm() -> Trace:
    return patiently(PRESETS["calm"], Program.correct())


@pytest.fixture(scope="session")
def published() -> Trace:
    return patiently(PRESETS["published"], Program.correct())


def patiently(spec: RunSpec, program: Program) -> Trace:
    """A run of those that are made before `patient` is: a session's come before a package's."""
    with patience():
        return run(spec, program)


@pytest.fixture(scope="session")
def arrangements() -> Arrangements:
    """Every order of every choice of the five core lines, on the calm spec."""
    orders = [order for count in range(6) for order in permutations(CORE, count)]
    return {order: patiently(PRESETS["calm"], body(*order)) for order in orders}


@pytest.fixture(scope="session")
def variety(calm: Trace, published: Trace) -> dict[str, Trace]:
    """Runs that differ in kind: good, ragged, noisy, diverged, failed, stuck, cut short."""
    correct = Program.correct()
    specs = {
        "ragged": RunSpec(rows=250, batch_size=60, epochs=3),
        "one by one": RunSpec(rows=30, batch_size=1, epochs=2, optimizer="sgd"),
        "whole": RunSpec(batch_size=1000, epochs=4, optimizer="rmsprop"),
        "momentum": RunSpec(optimizer="momentum", lr=0.1, rows=300, batch_size=50),
        "adamw": RunSpec(optimizer="adamw", rows=300, batch_size=70),
        "diverged": RunSpec(optimizer="sgd", lr=1e9),
        "not finite": RunSpec(optimizer="adamw", lr=1e9),
        "crawling": RunSpec(optimizer="sgd", lr=1e-9),
    }
    runs = {name: patiently(spec, correct) for name, spec in specs.items()}
    late = body("step", "zero_grad", "forward", "loss", "backward")
    programs = {
        "late": late,
        "accumulating": body("forward", "loss", "backward", "step"),
        "never clears in time": body("forward", "loss", "backward", "zero_grad", "step"),
        "in place": body("forward", "loss", "step", "backward"),
        "no forward": body("zero_grad", "loss", "backward", "step"),
        "no loss": body("zero_grad", "forward", "backward", "step"),
        "nothing": body(),
        "odd indentation": body("zero_grad", "forward:3"),
    }
    runs |= {name: patiently(small(), program) for name, program in programs.items()}
    return runs | {"calm": calm, "published": published}
