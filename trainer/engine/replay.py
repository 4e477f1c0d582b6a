"""Any step or row of a stored run, recomputed exactly.

Data, starting weights and order follow from the spec, so running the same program again
meets the same tensors; nothing that was stored of losses or norms is read.
"""

from typing import Any

import torch
from safetensors.torch import load
from torch import Tensor

from trainer.engine import measure
from trainer.engine.data import rows_of
from trainer.engine.detail import Detail
from trainer.engine.execute import names_of
from trainer.engine.layout import Layout, can_be_followed, layout_of
from trainer.engine.passes import read
from trainer.engine.pieces import MinMaxScaler
from trainer.engine.probes import spec_of
from trainer.engine.recorder import Recorder
from trainer.engine.resume import again
from trainer.engine.trace import Trace, number


class NotReached(ValueError):
    """The run has no such step or row, or stopped before it."""


def step(trace: Trace, wanted: int) -> dict[str, Any]:
    """Everything of one step (from 1): its tensors as nested lists, its figures as numbers.

    Tensors that the step did not reach are absent. Raises `NotReached`.
    """
    recorder = Recorder(
        names_of(spec_of(trace)),
        detail=Detail(wanted),
        step_budget=wanted,
        stops_behind_detail=True,
    )
    if 1 <= wanted <= len(trace.document["steps"]):
        again(trace, recorder, wanted)
    if wanted != len(recorder.passes) or wanted < 1:
        raise NotReached(f"The run has no step {wanted}.")
    last = recorder.passes[-1]
    read([last])
    history, around = recorder.history, {"before": wanted - 1, "after": wanted}
    tensors = recorder.detail.tensors | {
        name: history.at([step])[0] for name, step in around.items() if history.has(step)
    }
    return {
        "step": wanted,
        "epoch": last.epoch,
        "batch": last.batch,
        "grad_norm": None if last.grad_norm is None else number(last.grad_norm),
    } | _all_plain(tensors)


def row(trace: Trace, wanted: int) -> dict[str, Any]:
    """One held-out row (from 0) through the layers of the trained model, and after each epoch.

    Scaled with the bounds that the run fitted. Raises `NotReached`.
    """
    spec, stored = spec_of(trace), load(trace.tensors)
    _, heldout = rows_of(spec)
    if not 0 <= wanted < len(heldout) or not predicts(trace, stored):
        raise NotReached(f"The run has no prediction of row {wanted}.")
    scale = scaler_of(stored)
    raw = heldout.x[wanted : wanted + 1]
    layout = layout_of(trace.document)
    through = measure.layers(stored["parameters"][-1], layout, scale(raw))
    found = {
        "raw": raw, "scaled": scale(raw), "hidden_before": through.before_relu,
        "hidden": through.hidden, "logits": through.logits,
        "probabilities": through.logits.softmax(dim=1),
    }  # fmt: skip
    return {name: plain(tensor[0]) for name, tensor in found.items()} | {
        "row": wanted,
        "predicted": int(through.logits.argmax()),
        "label": int(heldout.y[wanted]),
        "by_epoch": _by_epoch(trace, stored, layout, scale(raw)),
    }


def scaler_of(stored: dict[str, Tensor]) -> MinMaxScaler:
    """The scaler as the run fitted it: bounds are all that it learns."""
    return MinMaxScaler().fit(torch.stack([stored["low"], stored["high"]]))


def predicts(trace: Trace, stored: dict[str, Tensor]) -> bool:
    """Whether the run kept all that it takes to lead a row through the layers of its model."""
    return can_be_followed(trace.document) and {"parameters", "low"} <= stored.keys()


def parameters_after(trace: Trace, stored: dict[str, Tensor], epoch: int) -> Tensor:
    """The parameters (P,) at an epoch's end; epoch 0 is before training.

    Raises `NotReached`, also for a model that rows cannot be led through.
    """
    ends = {0: 0} | {each["epoch"]: each["last_step"] for each in trace.document["epochs"]}
    if not predicts(trace, stored) or epoch not in ends:
        raise NotReached(f"The run has no predictions after epoch {epoch}.")
    kept = stored["kept_steps"].tolist()
    if ends[epoch] not in kept:
        raise NotReached(f"The parameters after epoch {epoch} were not kept.")
    return stored["parameters"][kept.index(ends[epoch])]


def _by_epoch(
    trace: Trace, stored: dict[str, Tensor], layout: Layout, scaled: Tensor
) -> list[dict[str, Any]]:
    kept = stored["kept_steps"].tolist()
    ends = [(0, 0)] + [(each["epoch"], each["last_step"]) for each in trace.document["epochs"]]
    rows = []
    for epoch, last_step in ends:
        if last_step in kept:
            logits = measure.layers(
                stored["parameters"][kept.index(last_step)], layout, scaled
            ).logits
            odds = plain(logits.softmax(dim=1)[0])
            rows.append({"epoch": epoch, "probabilities": odds, "predicted": int(logits.argmax())})
    return rows


def _all_plain(tensors: dict[str, Tensor]) -> dict[str, Any]:
    """Each as nested lists; looked at together, because they are seldom anything but finite."""
    floats = [each.flatten() for each in tensors.values() if each.is_floating_point()]
    if not floats or torch.cat(floats).isfinite().all():
        return {name: _lists(each) for name, each in tensors.items()}
    return {name: plain(each) for name, each in tensors.items()}


def plain(value: Tensor) -> Any:  # noqa: ANN401 - as deep as the tensor
    """A tensor as nested lists of strict JSON numbers."""
    if value.isfinite().all():
        return _lists(value)
    if value.ndim == 0:
        return number(value.item())
    return [plain(each) for each in value]


def _lists(value: Tensor) -> Any:  # noqa: ANN401 - as deep as the tensor
    """Its numbers as they are. By way of numpy, which takes a fifth of PyTorch's time for it."""
    return value.detach().numpy().tolist()
