"""From a recorder to a trace: the strict JSON document and the tensors beside it."""

import hashlib
import json
import platform
from collections.abc import Sequence

import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional as F

from trainer.engine import ENGINE_VERSION, measure
from trainer.engine.observations import observe_epochs
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.recorder import Pass, Recorder
from trainer.engine.spec import RunSpec
from trainer.engine.stages import stage_shapes
from trainer.engine.trace import SCHEMA, Document, Trace, number

MAX_TENSOR_BYTES = 4_000_000

Sets = tuple[Rows, Rows]
Json = str | int | float | None


def describe(
    spec: RunSpec,
    program: Program,
    recorder: Recorder,
    status: str,
    error: dict[str, str | int] | None,
    sets: Sets,
) -> Trace:
    """The whole trace of one execution, with its key and digest."""
    versions = _versions()
    epochs = _epochs(recorder, sets)
    document: Document = {
        "schema": SCHEMA,
        "id": None,
        "key": _key(spec, program, versions),
        "digest": "",
        "status": status,
        "error": error,
        "spec": spec.as_dict(),
        "program": program.as_list(spec),
        "source": program.source(spec),
        "versions": versions,
        "stages": stage_shapes(recorder, sets[0]),
        "epochs": epochs,
        "steps": _steps(recorder),
        "updates": recorder.updates,
        "data": _data(recorder, sets),
        "layout": [{"name": name, "shape": list(shape)} for name, shape in recorder.layout],
        "silent_units": _silent_units(recorder, sets),
    }
    for epoch, observation in zip(epochs, observe_epochs(document), strict=True):
        epoch["observation"] = observation
    return Trace(document, save(_tensors(recorder, epochs))).with_digest()


def _versions() -> dict[str, str]:
    return {
        "engine": ENGINE_VERSION,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def _key(spec: RunSpec, program: Program, versions: dict[str, str]) -> str:
    parts = [spec.canonical(), program.spelling(), versions["engine"], versions["torch"], versions["cpu"]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


# -- steps ---------------------------------------------------------------------------


def _steps(recorder: Recorder) -> list[dict[str, Json]]:
    moves = _update_norms(recorder)
    return [
        {
            "step": index + 1,
            "epoch": each.epoch,
            "batch": each.batch,
            "rows": each.rows,
            "loss": _scalar(each.loss),
            "grad_norm": _scalar(each.grad_norm),
            "update_norm": moves[index] if index < len(moves) else None,
        }
        for index, each in enumerate(recorder.passes)
    ]


def _update_norms(recorder: Recorder) -> list[Json]:
    """Length of what each step changed: parameters after minus before."""
    if len(recorder.parameters) < 2:
        return []
    stacked = torch.stack(recorder.parameters)
    return [number(norm) for norm in torch.linalg.vector_norm(stacked.diff(dim=0), dim=1).tolist()]


def _scalar(value: Tensor | None) -> Json:
    return number(value.item()) if value is not None and value.numel() == 1 else None


# -- epochs --------------------------------------------------------------------------


def _epochs(recorder: Recorder, sets: Sets) -> list[dict[str, Json]]:
    scale = recorder.names.get("scale")
    rows = []
    for epoch in range(1, recorder.epoch + 1):
        passes = [each for each in recorder.passes if each.epoch == epoch]
        figures: dict[str, Json] = {"epoch": epoch, "last_step": _last_step(recorder, epoch)}
        figures |= _running(passes)
        if passes and passes[-1].complete and isinstance(scale, MinMaxScaler):
            figures |= _end_of_epoch(recorder, int(figures["last_step"] or 0), scale, sets)
        else:
            figures |= dict.fromkeys(("loss", "accuracy", "heldout_loss", "heldout_accuracy"))
        own = recorder.evaluations.get(epoch, {})
        rows.append(figures | {"evaluation": {name: _scalar(value) for name, value in own.items()}})  # type: ignore[dict-item]
    return rows


def _last_step(recorder: Recorder, epoch: int) -> int:
    return sum(each.epoch <= epoch for each in recorder.passes)


def _end_of_epoch(recorder: Recorder, step: int, scale: MinMaxScaler, sets: Sets) -> dict[str, Json]:
    model = recorder.names["model"].eval()
    flat = recorder.parameters[step]
    figures = measure.epoch_end(model, flat, recorder.layout, scale, sets)
    return {name: number(value) for name, value in figures.items()}


def _running(passes: Sequence[Pass]) -> dict[str, Json]:
    """Means over the rows of an epoch, taken while the weights moved."""
    rows = sum(each.rows for each in passes)
    losses = [each.loss.item() * each.rows for each in passes if _one_number(each.loss)]  # type: ignore[union-attr]
    hits = [hit for hit in map(_hits, passes) if hit is not None]
    whole = bool(passes) and rows > 0
    return {
        "running_loss": number(sum(losses) / rows) if whole and len(losses) == len(passes) else None,
        "running_accuracy": sum(hits) / rows if whole and len(hits) == len(passes) else None,
    }


def _one_number(value: Tensor | None) -> bool:
    return value is not None and value.numel() == 1


def _hits(each: Pass) -> int | None:
    """Rows of a pass whose largest logit was at their label, or None where that has no meaning."""
    logits, labels = each.logits, each.labels
    if logits is None or labels is None or logits.ndim != 2 or labels.shape != logits.shape[:1]:
        return None
    return int((logits.argmax(dim=1) == labels).sum().item())


# -- data and tensors ----------------------------------------------------------------


def _data(recorder: Recorder, sets: Sets) -> dict[str, Json | list[int]]:
    train, heldout = sets
    classes = int(recorder.names["classes"])
    return {
        "features": train.x.shape[1],
        "classes": classes,
        "train_rows": len(train),
        "heldout_rows": len(heldout),
        "class_counts": train.y.bincount(minlength=classes).tolist(),
        "heldout_class_counts": heldout.y.bincount(minlength=classes).tolist(),
    }


def _silent_units(recorder: Recorder, sets: Sets) -> int | None:
    """Hidden units that are zero for every training row once training is over."""
    scale = recorder.names.get("scale")
    if not recorder.parameters or not isinstance(scale, MinMaxScaler):
        return None
    last = recorder.parameters[-1]
    if not last.isfinite().all():
        return None
    hidden = measure.layers(last, recorder.layout, scale(sets[0].x)).hidden
    return int((hidden == 0).all(dim=0).sum().item())


def _tensors(recorder: Recorder, epochs: list[dict[str, Json]]) -> dict[str, Tensor]:
    tensors = {f"first.{name}": value.contiguous() for name, value in recorder.detail.items()}
    tensors |= _first_rows(recorder)
    if recorder.parameters:
        kept = _kept_steps(recorder, [int(each["last_step"] or 0) for each in epochs])
        tensors["kept_steps"] = torch.tensor(kept)
        tensors["parameters"] = torch.stack([recorder.parameters[step] for step in kept])
    scale = recorder.names.get("scale")
    if isinstance(scale, MinMaxScaler):
        tensors |= {"low": scale.low, "high": scale.high}
    return tensors


def _kept_steps(recorder: Recorder, epoch_ends: list[int]) -> list[int]:
    """Steps whose parameters are stored: all of them, or thinner where that is over 4 MB."""
    taken = len(recorder.parameters)
    room = MAX_TENSOR_BYTES // recorder.parameters[0].nbytes - len(epoch_ends) - 2
    stride = -(-taken // max(room, 1))
    always = {1, taken - 1, *epoch_ends}
    return [step for step in range(taken) if step % stride == 0 or step in always]


def _first_rows(recorder: Recorder) -> dict[str, Tensor]:
    """Loss per row and hidden activations of the first step, from what was recorded of it."""
    found: dict[str, Tensor] = {}
    logits, labels = recorder.detail.get("logits"), recorder.detail.get("y")
    if logits is not None and labels is not None:
        found["first.row_losses"] = F.cross_entropy(logits, labels, reduction="none")
        scaled = recorder.detail["scaled"]
        found["first.hidden"] = measure.layers(recorder.parameters[0], recorder.layout, scaled).hidden
    return found
