"""G11: how much is kept of a run, and how long it takes to put it away and have it back."""

import json
from collections.abc import Iterator

from safetensors.torch import load

from bench.measure import Measure, of_ratios, tell
from bench.pairs import paired
from bench.plain_loop import train
from trainer import figures
from trainer.engine.document import packed
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)

KB = 1000


def measures() -> Iterator[Measure]:
    """Sizes of two runs, the time for one of them, the size of a chart."""
    sgd, adam = _run(PRESETS["bench"]), _run(PRESETS["calm"])
    yield _size("G11 stored run with SGD", sgd, 105)
    yield _size("G11 stored run with Adam", adam, 130)
    yield of_ratios("G11 save and load / P", _save_and_load(adam), 0.02)
    drawn = {
        draw.__name__: len(json.dumps(draw(adam)).encode())
        for draw in (figures.loss_figure, figures.accuracy_figure, figures.batch_figure)
    }
    largest = max(drawn, key=lambda name: drawn[name])
    yield Measure("G11 chart as JSON, the largest", drawn[largest] / KB, 4, "KB", note=largest)


def _run(spec: RunSpec) -> Trace:
    return run(spec, Program.correct())


def _size(name: str, trace: Trace, goal: int) -> Measure:
    document, tensors = len(trace.text().encode()) / KB, len(trace.tensors) / KB
    note = f"document {document:.1f}, tensors {tensors:.1f}"
    return Measure(name, document + tensors, goal, unit="KB", note=note)


def _save_and_load(trace: Trace) -> list[float]:
    """Both halves to what the database takes, and back as the web process reads them."""
    recorded = load(trace.tensors)

    def work(_pair: int) -> None:
        text, tensors = trace.text(), packed(recorded)
        Trace.read(text, tensors).tensor("parameters")

    return paired(work, lambda _: train())


if __name__ == "__main__":
    tell(measures())
