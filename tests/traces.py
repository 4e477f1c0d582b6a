"""Runs to draw, each made once, and traces of sizes that no data set here has."""

import math
from functools import cache
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from trainer.engine.execute import run
from trainer.engine.names import Names
from trainer.engine.program import Program
from trainer.engine.replay import row
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

SPECS = PRESETS | {
    "ragged": RunSpec(batch_size=128, hidden=5, epochs=3),
    "one by one": RunSpec(rows=10, batch_size=1, hidden=1, epochs=1),
    "whole": RunSpec(batch_size=1000, hidden=256, epochs=200),
    "diverged": RunSpec(optimizer="sgd", lr=1e9),
    "not finite": RunSpec(optimizer="adamw", lr=1e9),
}
BODIES = {
    "no step": "forward,loss,backward",
    "no forward": "loss",
    "forward only": "forward",
    "in place": "forward,step,loss,backward",
    "empty": "",
    "head of columns": "zero_grad,forward_hidden,labels_column,loss,forward_head",
    "step first": "step,zero_grad,forward,loss,backward",
    "no batch": "for_batch:1,scale:2",
}
NAMES = (*SPECS, *BODIES)


@cache
def trace_of(name: str) -> Trace:
    """A run by its name in `SPECS` or `BODIES`."""
    if name in SPECS:
        return run(SPECS[name], Program.correct())
    return run(RunSpec(epochs=2), Program.parse(BODIES[name]))


@cache
def seeds(count: int) -> list[Trace]:
    """The calm run under other seeds."""
    return [run(RunSpec(seed=seed), Program.correct()) for seed in range(count)]


@cache
def replayed(name: str, number: int = 3) -> dict[str, Any]:
    """A held-out row of a run through its trained model."""
    return row(trace_of(name), number)


def plain_names(features: int, classes: int) -> Names:
    """Columns and classes without a name of their own."""
    columns = [f"x[{index}]" for index in range(features)]
    return Names(columns, [str(index) for index in range(classes)], None)


def names_of(name: str) -> Names:
    """The names in a run of `trace_of`."""
    return Names.of(trace_of(name).document)


def fabricated(features: int, classes: int, hidden: int, rows: int, odd: float = 0.0) -> Trace:
    """Step 1 of a run that never was; `odd` stands in one cell of every tensor of floats."""
    draw = torch.Generator().manual_seed(features * classes + hidden)
    sizes = [(hidden, features), (hidden,), (classes, hidden), (classes,)]
    count = sum(map(math.prod, sizes))

    def of(*shape: int) -> Tensor:
        made = torch.randn(*shape, generator=draw)
        made.view(-1)[0] = odd
        return made

    low, high = torch.zeros(features) - 3, torch.ones(features) + 3
    raw = of(rows, features)
    tensors = {
        "first.rows": torch.randperm(1000, generator=draw)[:rows],
        "first.x": raw,
        "first.y": torch.zeros(rows, dtype=torch.int64),
        "first.scaled": (raw - low) / (high - low),
        "first.hidden": of(rows, hidden).relu(),
        "first.logits": of(rows, classes),
        "first.loss": torch.tensor(1.0),
        "first.row_losses": of(rows).abs(),
        "first.gradients": of(count),
        "kept_steps": torch.tensor([0, 1]),
        "parameters": torch.stack([of(count), of(count)]),
        "low": low,
        "high": high,
    }
    calm = trace_of("calm").document
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    called = plain_names(features, classes)
    stages = [dict(stage) for stage in calm["stages"]]
    stages[0] = {"in": {"x": [1000, features], "y": [1000]}, "out": {"batches": 10}}
    document = calm | {
        "stages": stages,
        "layout": [{"name": n, "shape": list(s)} for n, s in zip(names, sizes, strict=True)],
        "data": calm["data"]
        | {"features": features, "feature_names": list(called.features)}
        | {"classes": classes, "class_names": list(called.classes)},
        "spec": calm["spec"] | {"hidden": hidden, "batch_size": rows},
    }
    return Trace(document, save(tensors))


def fabricated_row(features: int, classes: int, hidden: int, odd: float | str) -> dict[str, Any]:
    """A replayed row of a run that never was; `odd` is the last value of every layer."""

    def layer(size: int) -> list[float | str]:
        return [*(((index * 37) % 19 - 6) / 7 for index in range(size - 1)), odd]

    probabilities = [1 / classes] * (classes - 1) + [odd]
    return {
        "row": 7,
        "raw": layer(features),
        "scaled": layer(features),
        "hidden_before": layer(hidden),
        "hidden": layer(hidden),
        "logits": layer(classes),
        "probabilities": probabilities,
        "predicted": 0,
        "label": classes - 1,
        "by_epoch": [
            {"epoch": epoch, "probabilities": probabilities, "predicted": 0} for epoch in range(3)
        ],
    }
