"""G4: from the click to the fragment that is swapped in, over HTTP, with one learner.

Told the port of a site that is running. What it is compared with runs in this process, which
does nothing while the site works, as the site does nothing meanwhile.
"""

import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count

from bench.measure import Measure, of_ratios, tell
from bench.pairs import PAIRS, WARM_UP, Work, paired
from bench.site import HOST
from bench.visitor import Visitor
from trainer.engine.execute import run_plain
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)

CORRECT = Program.correct()
CLICKS_EACH = 25
"""Fewer than the site lets one learner make in a few minutes, with the first."""
CLICKS = PAIRS + WARM_UP
GOAL = 1.5


def measures(port: int) -> Iterator[Measure]:
    """The same run again, and a run that nobody has made before."""
    connection = HTTPConnection(HOST, port, timeout=60)
    visitors = [Visitor(connection) for _ in range(-(-2 * CLICKS // CLICKS_EACH))]
    turns = (visitors[number // CLICKS_EACH] for number in count())

    def compared(seed: int, new: int) -> list[float]:
        """`new` is 1 where each pair has a seed of its own."""
        click: Work = lambda pair: next(turns).click(seed=seed + new * pair)  # noqa: E731
        plain: Work = lambda pair: run_plain(RunSpec(seed=seed + new * pair), CORRECT)  # noqa: E731
        return paired(click, plain)

    again, first = compared(RunSpec().seed, new=0), compared(1000, new=1)
    yield of_ratios("G4 click / un-instrumented run, made before", again, GOAL)
    yield of_ratios("G4 click / un-instrumented run, never made before", first, GOAL)


if __name__ == "__main__":
    tell(measures(int(sys.argv[1])))
