"""From a recorder to a trace: the strict JSON document and the tensors beside it."""

import hashlib
import json
import platform

import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn.functional import cross_entropy

from trainer.engine import ENGINE_VERSION, measure
from trainer.engine.observations import observe_epochs
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.spec import RunSpec
from trainer.engine.stages import stage_shapes
from trainer.engine.summary import Row, epoch_rows, step_rows
from trainer.engine.trace import SCHEMA, Document, Trace

MAX_TENSOR_BYTES = 4_000_000

Error = dict[str, str | int] | None


def describe(
    spec: RunSpec,
    program: Program,
    recorder: Recorder,
    status: str,
    error: Error,
    sets: tuple[Rows, Rows],
) -> Trace:
    """Assemble the trace of one execution. `sets`: its training rows and its held-out rows."""
    versions = _versions()
    epochs = epoch_rows(recorder, *sets)
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
        "steps": step_rows(recorder),
        "updates": recorder.updates,
        "data": _data(recorder, *sets),
        "layout": [{"name": name, "shape": list(shape)} for name, shape in recorder.layout],
        "silent_units": _silent_units(recorder, sets[0]),
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
    engine = [versions["engine"], versions["torch"], versions["cpu"]]
    parts = [spec.canonical(), program.spelling(), *engine]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _data(recorder: Recorder, train: Rows, heldout: Rows) -> Document:
    classes = int(recorder.names["classes"])
    return {
        "features": train.x.shape[1],
        "classes": classes,
        "train_rows": len(train),
        "heldout_rows": len(heldout),
        "class_counts": train.y.bincount(minlength=classes).tolist(),
        "heldout_class_counts": heldout.y.bincount(minlength=classes).tolist(),
    }


def _silent_units(recorder: Recorder, train: Rows) -> int | None:
    """Hidden units that are zero for every training row once training is over."""
    scale = recorder.names.get("scale")
    if not recorder.parameters or not isinstance(scale, MinMaxScaler):
        return None
    last = recorder.parameters[-1]
    if not last.isfinite().all():
        return None
    hidden = measure.layers(last, recorder.layout, scale(train.x)).hidden
    return int((hidden == 0).all(dim=0).sum().item())


def _tensors(recorder: Recorder, epochs: list[Row]) -> dict[str, Tensor]:
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
    """Steps whose parameters are stored: all of them, or fewer where that is over 4 MB."""
    taken = len(recorder.parameters)
    room = MAX_TENSOR_BYTES // recorder.parameters[0].nbytes - len(epoch_ends) - 2
    stride = -(-taken // max(room, 1))
    always = {1, taken - 1, *epoch_ends}
    return [step for step in range(taken) if step % stride == 0 or step in always]


def _first_rows(recorder: Recorder) -> dict[str, Tensor]:
    """Loss per row and hidden activations of the first step, from what was recorded of it."""
    logits, labels = recorder.detail.get("logits"), recorder.detail.get("y")
    if logits is None or labels is None:
        return {}
    scaled = recorder.detail["scaled"]
    return {
        "first.row_losses": cross_entropy(logits, labels, reduction="none"),
        "first.hidden": measure.layers(recorder.parameters[0], recorder.layout, scaled).hidden,
    }
