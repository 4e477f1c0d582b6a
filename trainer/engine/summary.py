"""The numbers of a trace document: one row per step, one row per epoch."""

import math
from collections.abc import Sequence
from itertools import groupby

import torch
from torch import nn

from trainer.engine import measure
from trainer.engine.layout import reads
from trainer.engine.passes import Pass
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.recorder import Recorder
from trainer.engine.trace import number

Json = str | int | float | None
Row = dict[str, Json]

UNMEASURED: Row = dict.fromkeys(measure.EpochEnd._fields)

ROWS_AT_ONCE = 16
"""Differences of parameters are taken for so many steps at a time, to need little memory."""


def step_rows(recorder: Recorder) -> list[Row]:
    """Loss, gradient norm and update norm of each step; what was not reached is null."""
    moves = _update_norms(recorder)
    return [
        {
            "step": step,
            "epoch": each.epoch,
            "batch": each.batch,
            "rows": each.rows,
            "loss": _json(each.loss),
            "grad_norm": _json(each.grad_norm),
            "update_norm": _json(moves.get(step)),
        }
        for step, each in enumerate(recorder.passes, 1)
    ]


def _json(value: float | None) -> Json:
    return None if value is None else number(value)


def _update_norms(recorder: Recorder) -> dict[int, float]:
    """Length of what each step changed: parameters after minus before."""
    rows, norms = recorder.history.rows, []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        moved = rows[start : start + ROWS_AT_ONCE + 1].diff(dim=0)
        norms += torch.linalg.vector_norm(moved, dim=1).tolist()
    return dict(enumerate(norms, recorder.history.first + 1))


def epoch_rows(recorder: Recorder, train: Rows, heldout: Rows) -> list[Row]:
    """Running means, end-of-epoch figures and the program's own evaluation, per epoch."""
    grouped = groupby(recorder.passes, key=lambda each: each.epoch)
    passes = {epoch: list(group) for epoch, group in grouped}
    rows: list[Row] = []
    last_step = 0
    for epoch in range(1, recorder.epoch + 1):
        own = passes.get(epoch, [])
        last_step += len(own)
        dealt = sum(each.rows for each in own)
        running = {
            "running_loss": _running_loss(own, dealt),
            "running_accuracy": _running_accuracy(own, dealt),
        }
        rows.append({"epoch": epoch, "last_step": last_step} | running | UNMEASURED)
    _measure_ends(recorder, rows, train, heldout)
    for row in rows:
        values = recorder.evaluations.get(int(row["epoch"] or 0), {})
        row["evaluation"] = {name: number(value) for name, value in values.items()}  # type: ignore[assignment]
    return rows


def scaler_of(recorder: Recorder) -> measure.Scaler | None:
    """How the run scales its rows, if its model is one that can be measured; else None."""
    names, scale = recorder.names, recorder.names.get("scale")
    if not reads(recorder.history.layout, names["features"], names["classes"]):
        return None
    return scale if isinstance(scale, MinMaxScaler | nn.Identity) else None


def _measure_ends(recorder: Recorder, rows: list[Row], train: Rows, heldout: Rows) -> None:
    scale, history = scaler_of(recorder), recorder.history
    whole = [(row, step) for row in rows if history.has(step := int(row["last_step"] or 0))]
    if not whole or scale is None:
        return
    ends = [history.rows[step - history.first] for _, step in whole]
    figures = measure.epoch_ends(ends, history.layout, scale, train, heldout)
    for (row, _), figure in zip(whole, figures, strict=True):
        row.update({name: number(value) for name, value in figure._asdict().items()})


def _running_loss(passes: Sequence[Pass], dealt: int) -> Json:
    """Mean loss over the rows dealt in an epoch, taken while the weights moved."""
    known = [each.loss * each.rows for each in passes if each.loss is not None]
    return number(math.fsum(known) / dealt) if dealt and len(known) == len(passes) else None


def _running_accuracy(passes: Sequence[Pass], dealt: int) -> Json:
    """Share of the rows dealt in an epoch that were hits, taken while the weights moved."""
    known = [each.hits for each in passes if each.hits is not None]
    return sum(known) / dealt if dealt and len(known) == len(passes) else None
