"""G13: what it costs to have a step of a stored run back in full."""

from collections.abc import Iterator

from bench.measure import Measure, of_ratios, tell
from bench.pairs import paired
from bench.plain_loop import UNIT, train
from trainer.engine import replay
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.vocabulary import CORRECT
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)

GOAL, GOAL_FROM_CHECKPOINT = 1.3, 0.1
COUNTS = ",".join(CORRECT).replace("for_batch", "count_start,for_batch,count_batch")
"""The correct loop, counting its batches: what it hands on is more than parameters."""


def measures() -> Iterator[Measure]:
    """Any step where all before it can be slept through; the last, which is the dearest, else."""
    trace = run(UNIT, Program.correct())

    def any_step(number: int) -> None:
        replay.step(trace, 1 + 7 * number % UNIT.steps)

    ratios = paired(any_step, lambda _: train())
    yield of_ratios("G13 any step replayed, bench / P", ratios, GOAL_FROM_CHECKPOINT)
    counting = run(UNIT, Program.parse(COUNTS))
    ratios = paired(lambda _: replay.step(counting, UNIT.steps), lambda _: train())
    yield of_ratios("G13 the last step of a loop that counts, bench / P", ratios, GOAL)


if __name__ == "__main__":
    tell(measures())
