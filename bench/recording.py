"""G1 and G3: what it costs to record a run, and to make a chart of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from bench.measure import Measure, of_ratios, tell
from bench.pairs import paired, seconds
from bench.plain_loop import UNIT, train
from trainer import figures
from trainer.engine.execute import run, run_plain
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)

CORRECT = Program.correct()
SPECS = PRESETS | {"bench at 64": replace(UNIT, hidden=64)}
MILLISECONDS = 1000


def measures() -> Iterator[Measure]:
    """Recorded against un-instrumented, at both sizes; recorded against P; with charts."""
    for name, spec in SPECS.items():
        yield of_ratios(f"G1 recorded / un-instrumented, {name}", _against_itself(spec), 1.15)
    yield of_ratios("G1 recorded bench / P", paired(lambda _: run(UNIT, CORRECT), _plain), 1.3)
    yield of_ratios("G3 recorded bench and its charts / P", paired(with_charts, _plain), 1.4)


def _against_itself(spec: RunSpec) -> list[float]:
    return paired(lambda _: run(spec, CORRECT), lambda _: run_plain(spec, CORRECT))


def _plain(_pair: int) -> None:
    train(UNIT)


def with_charts(_pair: int) -> None:
    """A recorded run of the unit and its three charts, as the page gets them."""
    trace = run(UNIT, CORRECT)
    for draw in (figures.loss_figure, figures.accuracy_figure, figures.batch_figure):
        json.dumps(draw(trace))


if __name__ == "__main__":
    unit = median(seconds(_plain) for _ in range(20)) * MILLISECONDS
    print(f"P, the plain loop, takes {unit:.3g} ms here.")
    tell(measures())
