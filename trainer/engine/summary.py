"""The numbers of a trace document: one row per step, one row per epoch."""

import math
from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor

from trainer.engine import measure
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.recorder import Pass, Recorder
from trainer.engine.trace import number

Json = str | int | float | None
Row = dict[str, Json]

UNMEASURED: Row = dict.fromkeys(measure.EpochEnd._fields)


def step_rows(recorder: Recorder) -> list[Row]:
    """Loss, gradient norm and update norm of each step; what was not reached is null."""
    passes = recorder.passes
    losses = _numbers([each.loss for each in passes])
    norms = _numbers([grad_norm(each) for each in passes])
    moves: list[Json] = [*_update_norms(recorder), None]
    return [
        {
            "step": index + 1,
            "epoch": each.epoch,
            "batch": each.batch,
            "rows": each.rows,
            "loss": losses[index],
            "grad_norm": norms[index],
            "update_norm": moves[index],
        }
        for index, each in enumerate(passes)
    ]


def grad_norm(each: Pass) -> Tensor | None:
    """Length of all gradients together, from the length of each tensor's."""
    norms = each.grad_norms
    return None if norms is None else torch.linalg.vector_norm(torch.stack(tuple(norms)))


def scalar(value: Tensor | None) -> Json:
    """The number in a tensor of one element; None for anything else."""
    return number(value.item()) if value is not None and value.numel() == 1 else None


def _numbers(values: list[Tensor | None]) -> list[Json]:
    """Many scalars at once: reading them one by one costs more than the reading."""
    present = [value.reshape(()) for value in values if value is not None]
    read = iter(torch.stack(present).tolist() if present else [])
    return [None if value is None else number(next(read)) for value in values]


def _update_norms(recorder: Recorder) -> list[Json]:
    """Length of what each step changed: parameters after minus before."""
    if not recorder.parameters:
        return []
    moved = torch.stack(recorder.parameters).diff(dim=0)
    return [number(norm) for norm in torch.linalg.vector_norm(moved, dim=1).tolist()]


def epoch_rows(recorder: Recorder, train: Rows, heldout: Rows) -> list[Row]:
    """Running means, end-of-epoch figures and the program's own evaluation, per epoch."""
    grouped = groupby(recorder.passes, key=lambda each: each.epoch)
    passes = {epoch: list(group) for epoch, group in grouped}
    rows: list[Row] = []
    last_step = 0
    for epoch in range(1, recorder.epoch + 1):
        own = passes.get(epoch, [])
        last_step += len(own)
        running = {"running_loss": _running_loss(own), "running_accuracy": _running_accuracy(own)}
        rows.append({"epoch": epoch, "last_step": last_step} | running | UNMEASURED)
    _measure_ends(recorder, rows, train, heldout)
    for row in rows:
        values = recorder.evaluations.get(int(row["epoch"] or 0), {})
        row["evaluation"] = {name: scalar(value) for name, value in values.items()}  # type: ignore[assignment]
    return rows


def _measure_ends(recorder: Recorder, rows: list[Row], train: Rows, heldout: Rows) -> None:
    scale = recorder.names.get("scale")
    whole = [row for row in rows if row["last_step"] and _is_complete(recorder, row)]
    if not whole or not isinstance(scale, MinMaxScaler):
        return
    ends = [recorder.parameters[int(row["last_step"] or 0)] for row in whole]
    figures = measure.epoch_ends(recorder.names["model"], ends, scale, train, heldout)
    for row, figure in zip(whole, figures, strict=True):
        row.update({name: number(value) for name, value in figure._asdict().items()})


def _is_complete(recorder: Recorder, row: Row) -> bool:
    return recorder.passes[int(row["last_step"] or 0) - 1].complete


def _running_loss(passes: Sequence[Pass]) -> Json:
    """Mean loss over the rows of an epoch, taken while the weights moved."""
    rows = sum(each.rows for each in passes)
    losses = _numbers([each.loss for each in passes])
    if not rows or None in losses:
        return None
    weighted = zip(losses, passes, strict=True)
    return number(math.fsum(float(loss) * each.rows for loss, each in weighted) / rows)  # type: ignore[arg-type]


def _running_accuracy(passes: Sequence[Pass]) -> Json:
    """Share of an epoch's rows whose largest logit was at the label when they were dealt."""
    pairs = [(each.logits, each.labels) for each in passes if _comparable(each)]
    if not pairs or len(pairs) < len(passes):
        return None
    logits, labels = (torch.cat(column) for column in zip(*pairs, strict=True))
    return int((logits.argmax(dim=1) == labels).sum().item()) / len(labels)


def _comparable(each: Pass) -> bool:
    logits, labels = each.logits, each.labels
    return logits is not None and labels is not None and labels.shape == logits.shape[:-1]
