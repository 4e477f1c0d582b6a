"""Views of a whole run, recomputed: how rows were dealt, held-out rows, columns, a mistake in one.

As in `trainer.engine.replay` nothing that was stored of losses or norms is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from safetensors.torch import load

from trainer.engine import measure, replay
from trainer.engine.along import along
from trainer.engine.autopsy import autopsy
from trainer.engine.execute import names_of, observe
from trainer.engine.instrument import Hook, Site
from trainer.engine.layout import layout_of
from trainer.engine.ledger import ledger
from trainer.engine.moments import moments
from trainer.engine.pieces import MinMaxScaler
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.replay import NotReached, plain
from trainer.engine.through import through
from trainer.engine.trace import Trace, number

QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(slots=True)
class _Dealings(Recorder):
    """Notes which rows each pass was dealt."""

    dealt: list[list[int]] = field(default_factory=list)

    def enter(self, site: Site) -> Hook:
        """Begin as any recorder does, and note."""
        begin = Recorder.enter(self, site)
        if not site.innermost:
            return begin

        def note() -> None:
            begin()
            self.dealt.append(list(self.names["train"].dealt))

        return note


def dealing(trace: Trace, epoch: int) -> dict[str, Any]:
    """The rows of each batch of an epoch (from 1), in the order dealt, and the label of every row.

    Raises `NotReached`.
    """
    steps = [each["step"] for each in trace.document["steps"] if each["epoch"] == epoch]
    if not steps:
        raise NotReached(f"The run has no epoch {epoch}.")
    spec, program = spec_of(trace), Program.from_list(trace.document["program"])
    recorder = _Dealings(names_of(spec), step_budget=steps[-1])
    observe(spec, program, recorder)
    return {
        "epoch": epoch,
        "batches": recorder.dealt[steps[0] - 1 : steps[-1]],
        "labels": recorder.names["train"].y.tolist(),
    }


def heldout(trace: Trace, epoch: int) -> dict[str, Any]:
    """Every held-out row under the parameters at an epoch's end; epoch 0 is before training.

    labels, predicted: (n,); probabilities, logits: (n, classes). Raises `NotReached`.
    """
    spec, stored = spec_of(trace), load(trace.tensors)
    parameters = replay.parameters_after(trace, stored, epoch)
    rows, scale = names_of(spec)["heldout"], replay.scaler_of(stored)
    logits = measure.layers(parameters, layout_of(trace.document), scale(rows.x)).logits
    return {
        "epoch": epoch,
        "labels": rows.y.tolist(),
        "predicted": logits.argmax(dim=1).tolist(),
        "logits": plain(logits),
        "probabilities": plain(logits.softmax(dim=1)),
    }


def columns(trace: Trace, wanted: int) -> dict[str, Any]:
    """The raw training columns: quartiles of each, and every value of column `wanted` (from 0).

    outside: held-out values of each column below its lowest or above its highest training value.
    Raises `NotReached`.
    """
    names = names_of(spec_of(trace))
    x, heldout_x = names["train"].x, names["heldout"].x
    if not 0 <= wanted < x.shape[1]:
        raise NotReached(f"The data have no column {wanted}.")
    low, high = x.min(dim=0).values, x.max(dim=0).values
    outside = ((heldout_x < low) | (heldout_x > high)).sum(dim=0)
    return {
        "column": wanted,
        "values": x[:, wanted].tolist(),
        "heldout_values": heldout_x[:, wanted].tolist(),
        "quartiles": torch.quantile(x, torch.tensor(QUARTILES), dim=0).T.tolist(),
        "outside": outside.tolist(),
    }


FACTORS = (10, 100, 1000)


def outliers(trace: Trace, wanted: int) -> dict[str, Any]:
    """Column `wanted` (from 0) scaled as it is, and with a mistake in place of its largest value.

    as_it_is: every training value, scaled. spoiled: per factor the `raw` mistake, that many times
    the largest value, and `values`, what a scaler fitted with it makes of all; `row` is the
    mistake's place in them. Raises `NotReached`.
    """
    x = names_of(spec_of(trace))["train"].x
    if not 0 <= wanted < x.shape[1]:
        raise NotReached(f"The data have no column {wanted}.")
    column = x[:, wanted : wanted + 1]
    row, most = int(column.argmax()), float(column.max())
    spoiled = []
    for factor in FACTORS:
        mistaken = column.clone()
        mistaken[row] = factor * (most if most > 0 else 1.0)
        values = _fitted(mistaken)
        spoiled.append({"factor": factor, "raw": float(mistaken[row]), "values": values})
    return {
        "column": wanted,
        "row": row,
        "raw": most,
        "as_it_is": _fitted(column),
        "spoiled": spoiled,
    }


def _fitted(column: torch.Tensor) -> list[float | str]:
    """A column (n, 1) under bounds of its own."""
    return [number(value) for value in MinMaxScaler().fit(column)(column).flatten().tolist()]


REPLAYS: dict[str, Callable[[Trace, Any], dict[str, Any]]] = {
    "row": replay.row,
    "step": replay.step,
    "dealing": dealing,
    "heldout": heldout,
    "columns": columns,
    "outliers": outliers,
    "along": along,
    "moments": moments,
    "ledger": ledger,
    "through": through,
    "autopsy": autopsy,
}
"""What may be asked of a stored run, by the names that executors know."""
