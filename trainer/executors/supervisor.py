"""Keeps a number of runners alive: starts them in the background, notices a death, replaces.

Knows nothing of jobs; it tells its pool who came and who went.
"""

import atexit
import logging
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from threading import Event, Lock, Thread

from trainer.executors.child import Child

TRY_AGAIN_AFTER = 1.0

log = logging.getLogger(__name__)


class Supervisor:
    """`came` and `went` are called from its own thread, once for each runner."""

    def __init__(
        self, size: int, came: Callable[[Child], None], went: Callable[[Child], None]
    ) -> None:
        self._size, self._came, self._went = size, came, went
        self._children: list[Child] = []
        self._lock = Lock()
        self._alone_since: float | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._keep, name="runner supervisor", daemon=True)

    def start(self) -> None:
        """Returns at once. A second call does nothing, nor does one after `stop`."""
        with self._lock:
            if self._thread.ident is None and not self._stopping.is_set():
                # multiprocessing ends and awaits what it knows of as Python exits: a runner
                # that came to replace one of those would be awaited for ever.
                atexit.register(self.stop)
                self._alone_since = time.monotonic()
                self._thread.start()

    def stop(self) -> None:
        """Kill every runner and start no more."""
        atexit.unregister(self.stop)
        with self._lock:
            self._stopping.set()
            for child in self._children:
                child.end()
        if self._thread.ident is not None:
            self._thread.join(timeout=1)

    def pids(self) -> list[int]:
        """Process ids of the runners that are alive and ready."""
        with self._lock:
            return [child.process.pid for child in self._children if child.process.pid]

    def alone_for(self) -> float:
        """Seconds without a single runner; 0 while there is one, and before the start."""
        with self._lock:
            return time.monotonic() - self._alone_since if self._alone_since else 0.0

    def _keep(self) -> None:
        while not self._stopping.is_set():
            if len(self._children) < self._size:
                self._hire()
            else:
                self._wait_for_a_death()
        for child in list(self._children):
            self._bury(child)

    def _hire(self) -> None:
        try:
            child = Child()
        except Exception:  # whatever it was, without this thread nothing would start ever again
            log.exception("A runner did not start.")
            self._stopping.wait(TRY_AGAIN_AFTER)
            return
        with self._lock:
            self._children.append(child)
            self._alone_since = None
            if self._stopping.is_set():
                child.end()
        self._came(child)

    def _wait_for_a_death(self) -> None:
        ended = wait([child.process.sentinel for child in self._children])
        for child in [each for each in self._children if each.process.sentinel in ended]:
            self._bury(child)
            if not self._stopping.is_set():
                log.warning("A runner ended with %s and is replaced.", child.process.exitcode)

    def _bury(self, child: Child) -> None:
        with self._lock:
            self._children.remove(child)
            if not self._children:
                self._alone_since = time.monotonic()
            child.end()
        child.process.join()
        self._went(child)
