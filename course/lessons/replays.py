"""What pages ask of a stored run beyond its trace: recomputed by a runner once, then kept."""

from typing import Any

from django.core.cache import cache

from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import (
    Busy,
    Cancelled,
    NotReached,
    Overdue,
    ReplayKind,
    RunnerLost,
)

Replayed = dict[str, Any]

KEPT = 60 * 60


def replay(kind: ReplayKind, trace: Trace, wanted: int) -> Replayed | None:
    """A replay is exact, so it can be kept. None where the run has no such thing, or for now."""
    key = f"{kind}:{trace.document['digest']}:{wanted}"
    found: Replayed | None = cache.get(key)
    if found is None:
        try:
            found = executor().replay(kind, trace, wanted)
        except (Busy, Cancelled, NotReached, Overdue, RunnerLost):
            return None
        cache.set(key, found, KEPT)
    return found
