"""A sweep of 20 default runs on a site that is really served.

How soon its first point is there, and what it does to the single run of another learner. Needs no
PyTorch.
"""

import re
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from statistics import median
from threading import Event
from time import perf_counter

from bench.measure import Measure, tell
from bench.site import HOST
from bench.visitor import Visitor, form_of

SWEEPS = "/lab/sweeps/"
NEXT = re.compile(r'action="(/lab/sweeps/[^"]+/next/)"')
HTMX = {"HX-Request": "true", "HX-Target": "so-far"}
CLICKS = 12
FIRST_WITHIN, SLOWER = 1.0, 3.0
"""Seconds; and a single run beside a sweep: it may share both cores, and wait for one point."""


class Sweeping(Visitor):
    """A learner who sweeps the learning rate over 20 values, new ones each time."""

    def begin(self, number: int) -> None:
        """Begin a sweep and find where its next point is asked for."""
        form = form_of(self.ask("GET", SWEEPS).decode(), "sweep-form")
        values = f"{0.001 + number * 1e-6} to 0.1 in 20"
        form |= {"values": values, "seeds": "1", "nonce": secrets.token_hex(16)}
        page = self.ask("POST", SWEEPS, form).decode()
        found = NEXT.search(page)
        if found is None:
            raise RuntimeError("No sweep was begun.")
        self._next, self._form = found[1], {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}

    def next_point(self) -> bool:
        """Make a point; whether another one is to come."""
        return NEXT.search(self.ask("POST", self._next, self._form, HTMX).decode()) is not None


def measures(port: int) -> Iterator[Measure]:
    """The first point, alone; then clicks of somebody else with and without a sweep going on."""
    sweeper = Sweeping(HTTPConnection(HOST, port, timeout=60))
    firsts = [_first_point(sweeper, number) for number in range(5)]
    note = f"{len(firsts)} sweeps, slowest {max(firsts):.2f}"
    yield Measure("first point of a sweep", median(firsts), FIRST_WITHIN, "s", note)
    clicker = Visitor(HTTPConnection(HOST, port, timeout=60))
    sweeper.rest()
    alone = _clicks(clicker, 1000)
    over = Event()
    with ThreadPoolExecutor() as pool:
        points = pool.submit(_sweep_until, sweeper, over)
        beside = _clicks(clicker, 2000)
        over.set()
    note = (
        f"{CLICKS} clicks each, {points.result()} points meanwhile; "
        f"alone {median(alone):.3f} s, slowest beside {max(beside):.3f} s"
    )
    ratio = median(beside) / median(alone)
    yield Measure("a single run beside a sweep / alone", ratio, SLOWER, note=note)


def _first_point(sweeper: Sweeping, number: int) -> float:
    """From asking for the sweep to its first point."""
    began = perf_counter()
    sweeper.begin(number)
    sweeper.next_point()
    return perf_counter() - began


def _clicks(visitor: Visitor, seed: int) -> list[float]:
    times = []
    for number in range(CLICKS):
        began = perf_counter()
        visitor.click(seed=seed + number)
        times.append(perf_counter() - began)
    return times


def _sweep_until(sweeper: Sweeping, over: Event) -> int:
    """Sweep after sweep; how many points were made."""
    number, points = 100, 0
    while not over.is_set():
        sweeper.begin(number)
        number += 1
        while not over.is_set():
            points += 1
            if not sweeper.next_point():
                break
    return points


if __name__ == "__main__":
    tell(measures(int(sys.argv[1])))
