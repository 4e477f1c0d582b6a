"""How the engine's tests read a trace and write a program."""

import copy
import json
import math
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Document, Trace

OPTIMIZERS = ("sgd", "momentum", "adam", "adamw", "rmsprop")
FRAME_IN = (
    "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,"
    "for_epoch,train_mode,for_batch,scale"
)


def small(**settings: Any) -> RunSpec:
    """A spec of four quick steps."""
    return RunSpec(**{"rows": 20, "batch_size": 10, "epochs": 2, "hidden": 4} | settings)


def body(*ids: str) -> Program:
    """A program with these lines in the batch and the honest frame around them."""
    return Program.parse(",".join(ids))


def strict(text: str) -> Document:
    """Read JSON that may hold no NaN and no Infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    document: Document = json.loads(text, parse_constant=refuse)
    return document


def tensors(trace: Trace) -> dict[str, Tensor]:
    return load(trace.tensors)


def parameters(trace: Trace) -> Tensor:
    """All parameters (steps + 1, P) of a run of which every step is stored."""
    stored = tensors(trace)
    assert stored["kept_steps"].tolist() == list(range(len(stored["parameters"])))
    return stored["parameters"]


def flat(model: nn.Module) -> Tensor:
    return torch.cat([each.detach().reshape(-1) for each in model.parameters()]).clone()


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Equal to the last bit, where any NaN equals any NaN and zero has a sign."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    plain = [torch.where(each.isnan(), each.new_tensor(math.nan), each)
             if each.is_floating_point() else each for each in (one, other)]  # fmt: skip
    return plain[0].numpy().tobytes() == plain[1].numpy().tobytes()


def changed(trace: Trace, **entries: Any) -> Trace:
    """A copy of the trace with entries of its document replaced."""
    return Trace(copy.deepcopy(trace.document) | entries, trace.tensors)


def without_results(trace: Trace) -> Trace:
    """A copy that has forgotten losses, norms and everything recorded of the first step."""
    forgotten = copy.deepcopy(trace.document)
    for step in forgotten["steps"]:
        step |= {"loss": None, "grad_norm": None, "update_norm": None}
    kept = {name: value for name, value in tensors(trace).items() if not name.startswith("first.")}
    return Trace(forgotten, save(kept))
