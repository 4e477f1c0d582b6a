"""How the parameters of two runs compare, bit by bit, from what their traces kept of them."""

import hashlib

from trainer.engine.trace import Trace

Rows = dict[int, bytes]


def stood_still(trace: Trace) -> bool:
    """Whether there were parameters, and none of them was ever another than at the start.

    Of a step that an error cut short nobody knows: then there is no saying.
    """
    rows, norms = _rows(trace), [each["update_norm"] for each in trace.document["steps"]]
    return len(set(rows.values())) == 1 and bool(norms) and not any(each != 0 for each in norms)


def ended_alike(trace: Trace, other: Trace) -> bool:
    """Whether both took as many steps and ended with the same parameters."""
    mine, theirs = _rows(trace), _rows(other)
    return bool(mine) and max(mine) == max(theirs, default=-1) and mine[max(mine)] == _last(theirs)


def is_late(trace: Trace, other: Trace) -> bool:
    """Whether after each step one has the parameters that the other had a step before.

    Only where every step of both was kept, and the other moved at all.
    """
    mine, theirs = _rows(trace), _rows(other)
    steps = list(range(len(mine)))
    if len(mine) < 2 or list(mine) != steps or list(theirs) != steps:  # noqa: PLR2004
        return False
    moved = len(set(theirs.values())) > 1
    return moved and all(mine[step] == theirs[max(step - 1, 0)] for step in steps)


def _rows(trace: Trace) -> Rows:
    """The parameters after each step that was kept, as bytes; step 0 is before the first."""
    if not trace.has("parameters"):
        return {}
    kept = [int(step) for step in trace.tensor("kept_steps").flat]
    rows = (bytes(memoryview(row.flat)) for row in trace.tensor("parameters"))  # type: ignore[arg-type]
    return dict(zip(kept, rows, strict=True))


def _last(rows: Rows) -> bytes:
    return rows[max(rows)]


def ending(trace: Trace) -> str:
    """A name for the parameters that a run ended with, alike for like ones; "" without any."""
    rows = _rows(trace)
    return hashlib.sha256(_last(rows)).hexdigest()[:12] if rows else ""
