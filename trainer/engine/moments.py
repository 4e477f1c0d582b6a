"""A step line by line: after each line that it executed, what holds and what is another.

One replay tells all lines of a step, so that going from line to line asks for nothing more.
"""

from typing import Any

import torch

from trainer.engine.execute import names_of
from trainer.engine.pool import Pool
from trainer.engine.probes import spec_of
from trainer.engine.replay import NotReached
from trainer.engine.resume import again
from trainer.engine.state import Seen, State
from trainer.engine.summary import step_rows
from trainer.engine.trace import Document, Trace, number
from trainer.engine.witness import Moment, Witness


def moments(trace: Trace, wanted: int) -> dict[str, Any]:
    """All lines of a step (from 1), of a run without steps all its lines. Raises `NotReached`.

    start: what held before them, by path. moments: `line`, what it `set`, what is `gone`, and
    what it bound `again` to the same. values: tensors, each once. graphs, flows: of `loss`, with
    the place of their moment. row: the step's own figures, null where it was cut short.
    """
    document = trace.document
    last = max(1, len(document["steps"]))
    if not 1 <= wanted <= last:
        raise NotReached(f"The run has no step {wanted}.")
    names = names_of(spec_of(trace))
    witness = Witness(names, step_budget=wanted, wanted=wanted, last=last)
    outcome = again(trace, witness, _first(document, wanted))
    failed = document["status"] == "failed" and wanted == last
    if failed and (witness.moments or witness.pending):
        witness.tell_last(document["error"]["line"])
    whole = outcome.status != "stopped" or witness.over
    shown = _shown(witness, document, wanted)
    if not shown or (not whole and len(shown) == len(witness.moments)):
        raise NotReached(f"The run has no line of step {wanted}.")
    cut = len(shown) < len(witness.moments)
    del witness.moments[len(shown) :]
    return _described(witness, wanted, failed=failed, cut=cut)


def _first(document: Document, wanted: int) -> int:
    """The step to look from: names of the epoch before are still there in all of this one."""
    steps = document["steps"]
    epoch = steps[wanted - 1]["epoch"] if steps else 1
    before = (each["step"] for each in steps if each["epoch"] < epoch)
    return max(before, default=max(1, wanted - 1))


def _shown(witness: Witness, document: Document, wanted: int) -> list[Moment]:
    """The lines that the run itself came to: one that was stopped did not get to all of them."""
    error = document["error"]
    if document["status"] != "stopped" or error["step"] not in (wanted, wanted - 1):
        return witness.moments
    for at, moment in enumerate(witness.moments):
        here = moment.passes == error["step"] and moment.site.line == error["line"]
        if here and not moment.site.innermost:
            return witness.moments[:at]
    return witness.moments


def _described(witness: Witness, wanted: int, *, failed: bool, cut: bool) -> dict[str, Any]:
    pool, known = Pool(), dict(witness.start)
    start = _entries(witness.start, pool, {})
    told = []
    for moment in witness.moments:
        told.append(
            {
                "line": moment.site.line,
                "inside": moment.inside,
                "recording": moment.recording,
                "set": _entries(moment.changed, pool, known),
                "gone": moment.gone,
                "again": sorted(moment.site.binds & known.keys() - moment.changed.keys()),
            }
        )
        known |= moment.changed
    return {
        "step": wanted,
        "failed": failed,
        "start": start,
        "moments": told,
        "values": pool.values,
        **_graphs(witness),
        "row": None if cut else _row(witness, wanted),
        "rows": list(witness.names["train"].dealt),
        "left_out": witness.left_out,
    }


def _entries(state: State, pool: Pool, known: State) -> dict[str, Any]:
    return {path: _entry(seen, known.get(path), pool) for path, seen in state.items()}


def _entry(seen: Seen, before: Seen | None, pool: Pool) -> dict[str, Any]:
    """One thing. moved: the length of what a line changed of its numbers, where that can be."""
    if seen.copy is None:
        return {"group": seen.group, "kind": seen.kind, "text": seen.text}
    return {
        "group": seen.group,
        "value": pool.place(seen),
        "requires_grad": seen.requires_grad,
        "grad_fn": seen.grad_fn,
        "moved": _moved(seen, before),
    }


def _moved(seen: Seen, before: Seen | None) -> float | str | None:
    if before is None or before.copy is None or seen.copy is None:
        return None
    if before.shape != seen.shape or not seen.copy.is_floating_point():
        return None
    return number(torch.linalg.vector_norm((seen.copy - before.copy).double()).item())


def _graphs(witness: Witness) -> dict[str, Any]:
    """Those of the lines that are told."""
    named, end = witness.named(), len(witness.moments)
    return {
        "graphs": [
            {"moment": each.moment, **(each.graph.as_dict(named) if each.graph else {})}
            for each in witness.graphs
            if each.moment < end
        ],
        "flows": [
            {"moment": each.moment, "graph": each.graph, "visits": each.flow.as_list()}
            for each in witness.flows
            if each.moment < end
        ],
    }


def _row(witness: Witness, wanted: int) -> dict[str, Any] | None:
    """Loss and norms, as the run itself writes them down."""
    witness.read()
    rows = step_rows(witness)
    return rows[wanted - 1] if len(rows) >= wanted else None
