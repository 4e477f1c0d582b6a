"""G13: what it costs to have a step of a stored run back in full."""

from collections.abc import Iterator

from bench.measure import Measure, of_ratios, tell
from bench.pairs import paired
from bench.plain_loop import UNIT, train
from trainer.engine import replay
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)

GOAL = 1.3


def measures() -> Iterator[Measure]:
    """The last step, which is the dearest: all steps before it are run again."""
    trace = run(UNIT, Program.correct())
    ratios = paired(lambda _: replay.step(trace, UNIT.steps), lambda _: train())
    yield of_ratios("G13 the last step replayed, bench / P", ratios, GOAL)


if __name__ == "__main__":
    tell(measures())
