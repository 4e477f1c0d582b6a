"""Two pieces of work timed side by side, so that what the machine does meanwhile hits both.

A pair is one call of each, and every other pair begins with the other one (ABBA). Before each
call the garbage of the last is collected, and what is there for good is left out of it, as in a
runner; collecting stays on, because allocating is part of what a piece of work costs.
"""

import gc
from collections.abc import Callable
from time import perf_counter

Work = Callable[[int], object]
"""Told the number of its pair, so that both can do the same thing to something new."""

PAIRS = 60
WARM_UP = 6


def paired(work: Work, against: Work, pairs: int = PAIRS, warm_up: int = WARM_UP) -> list[float]:
    """How many times as long `work` took as `against`, pair by pair, after a warm-up."""
    for number in range(warm_up):
        work(number)
        against(number)
    gc.collect()
    gc.freeze()
    return [_pair(work, against, number) for number in range(warm_up, warm_up + pairs)]


def _pair(work: Work, against: Work, number: int) -> float:
    if number % 2:
        over = seconds(against, number)
        return seconds(work, number) / over
    return seconds(work, number) / seconds(against, number)


def seconds(work: Work, number: int = 0) -> float:
    """Wall time of one call, with no garbage of an earlier one to clear."""
    gc.collect()
    began = perf_counter()
    work(number)
    return perf_counter() - began
