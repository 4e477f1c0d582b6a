"""What pages ask of a stored run beyond its trace: recomputed by a runner once, then kept."""

import hashlib
import json
from typing import Any

from django.core.cache import cache

from trainer.engine.table import OWN
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import (
    Busy,
    Cancelled,
    NotReached,
    Overdue,
    ReplayKind,
    RunnerLost,
    Wanted,
)

Replayed = dict[str, Any]

KEPT = 60 * 60


def replay(kind: ReplayKind, trace: Trace, wanted: Wanted) -> Replayed | None:
    """A replay is exact, so it can be kept. None where the run has no such thing, or for now.

    One of a learner's own rows is not kept: they may be deleted at any time, and then are gone.
    """
    if trace.document["spec"]["dataset"] == OWN:
        return _asked(kind, trace, wanted)
    asked = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:16]
    key = f"{kind}:{trace.document['digest']}:{asked}"
    found: Replayed | None = cache.get(key)
    if found is None and (found := _asked(kind, trace, wanted)) is not None:
        cache.set(key, found, KEPT)
    return found


def _asked(kind: ReplayKind, trace: Trace, wanted: Wanted) -> Replayed | None:
    try:
        return executor().replay(kind, trace, wanted)
    except (Busy, Cancelled, NotReached, Overdue, RunnerLost):
        return None
