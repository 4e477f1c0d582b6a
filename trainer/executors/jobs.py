"""Jobs that have a key: how far they are, and who asked them to stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock


@dataclass(slots=True, eq=False)
class Job:
    """One thing to do for one caller. light: goes ahead of others (a replay takes milliseconds).

    turn is set when there is no more waiting: a runner is its own, or it was called off.
    """

    key: str = ""
    learner: str = ""
    steps: int = 0
    light: bool = False
    step: int = 0
    cancelled: bool = False
    number: int = field(default_factory=count(1).__next__)
    turn: Event = field(default_factory=Event)


class Jobs:
    """The jobs under way by their key. A job without a key is nobody's to ask for."""

    def __init__(self) -> None:
        self._by_key: dict[str, Job] = {}
        self._lock = Lock()

    @contextmanager
    def known(self, job: Job) -> Iterator[Job]:
        """Keep a job under its key for as long as the block runs."""
        if not job.key:
            yield job
            return
        with self._lock:
            self._by_key[job.key] = job
        try:
            yield job
        finally:
            self._forget(job)

    def get(self, key: str) -> Job | None:
        """The latest job of that key that is still under way."""
        with self._lock:
            return self._by_key.get(key)

    def _forget(self, job: Job) -> None:
        """A later job of the same key stays."""
        with self._lock:
            if self._by_key.get(job.key) is job:
                del self._by_key[job.key]
