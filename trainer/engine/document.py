"""From a recorder to a trace: the strict JSON document and the tensors beside it."""

import hashlib
import json
import platform

import torch
from safetensors import TensorSpec, serialize
from torch import Tensor, nn

from trainer.engine import ENGINE_VERSION, measure
from trainer.engine.history import History
from trainer.engine.observations import observe_epochs
from trainer.engine.pieces import MinMaxScaler, Rows
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.spec import RunSpec
from trainer.engine.stages import stage_shapes
from trainer.engine.summary import Row, epoch_rows, scaler_of, step_rows
from trainer.engine.trace import SCHEMA, Document, Trace

MAX_TENSOR_BYTES = 4 * 2**20

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
    recorder.read()
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
        "data": _data(spec, *sets),
        "layout": [{"name": name, "shape": list(shape)} for name, shape in recorder.history.layout],
        "silent_units": _silent_units(recorder, sets[0]),
    }
    for epoch, observation in zip(epochs, observe_epochs(document), strict=True):
        epoch["observation"] = observation
    return Trace(document, packed(_tensors(recorder, epochs))).with_digest()


def packed(tensors: dict[str, Tensor]) -> bytes:
    """Tensors as safetensors: what the library's `save` makes, in less than half its time."""
    whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
    specs = {
        name: TensorSpec(
            dtype=str(tensor.dtype).removeprefix("torch."),
            shape=tensor.shape,
            data_ptr=tensor.data_ptr(),  # lives as long as `whole` does
            data_len=tensor.nbytes,
        )
        for name, tensor in whole.items()
    }
    return serialize(specs)


def _versions() -> dict[str, str]:
    return {
        "engine": ENGINE_VERSION,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def _key(spec: RunSpec, program: Program, versions: dict[str, str]) -> str:
    parts = [spec.canonical(), program.spelling(), *(versions[name] for name in sorted(versions))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _data(spec: RunSpec, train: Rows, heldout: Rows) -> Document:
    known = spec.facts
    classes = len(known.classes)
    return {
        "dataset": spec.dataset,
        "features": train.x.shape[1],
        "feature_names": [*known.features, *["label"] * ("label-leak" in spec.alterations)],
        "classes": classes,
        "class_names": list(known.classes),
        "train_rows": len(train),
        "heldout_rows": len(heldout),
        "class_counts": train.y.bincount(minlength=classes).tolist(),
        "heldout_class_counts": heldout.y.bincount(minlength=classes).tolist(),
    }


def _silent_units(recorder: Recorder, train: Rows) -> int | None:
    """Hidden units that are zero for every training row once training is over."""
    scale, history = scaler_of(recorder), recorder.history
    if history.empty or scale is None:
        return None
    return measure.silent_units(history.rows[-1], history.layout, scale(train.x))


def _tensors(recorder: Recorder, epochs: list[Row]) -> dict[str, Tensor]:
    tensors = {f"first.{name}": value for name, value in recorder.detail.tensors.items()}
    scale, history = recorder.names.get("scale"), recorder.history
    if isinstance(scale, MinMaxScaler):
        tensors |= {"low": scale.low, "high": scale.high}
    elif isinstance(scale, nn.Identity):  # bounds that leave every number as it is
        features = recorder.names["features"]
        tensors |= {"low": torch.zeros(features), "high": torch.ones(features)}
    if not history.empty:
        room = MAX_TENSOR_BYTES - _size(tensors)
        kept = _kept_steps(history, room, epochs)
        tensors["kept_steps"] = torch.tensor(kept)
        tensors["parameters"] = history.at(kept)
        carried = _carried(recorder)
        # It comes last: where not every step has room, the ends of the epochs are worth more.
        if len(kept) == len(history.rows) and _size(tensors) + _size(carried) <= MAX_TENSOR_BYTES:
            tensors |= carried
    return tensors


def _size(tensors: dict[str, Tensor]) -> int:
    return sum(tensor.nbytes for tensor in tensors.values())


def _carried(recorder: Recorder) -> dict[str, Tensor]:
    """The optimizer's state at some steps, each tensor of it (steps, ...)."""
    at = recorder.carried.at
    if not at:
        return {}
    names = next(iter(at.values()))
    stacked = {f"state.{name}": torch.stack([each[name] for each in at.values()]) for name in names}
    return {"state_steps": torch.tensor(list(at))} | stacked


def _kept_steps(history: History, room: int, epochs: list[Row]) -> list[int]:
    """Steps whose parameters are stored: all of them, or fewer where `room` bytes are too few.

    The first two and the last are always among them, the ends of the epochs as far as they go.
    """
    rows = history.rows
    steps, most = range(history.first, history.first + len(rows)), room // rows[0].nbytes
    always = {1, steps[0], steps[-1]}
    ends = [int(each["last_step"] or 0) for each in epochs]
    always |= set(ends[:: -(-len(ends) // max(most - len(always), 1)) or 1])
    stride = -(-len(steps) // max(most - len(always), 1))
    return [step for step in steps if step % stride == 0 or step in always]
