"""Runs that the page's sentences are held against: seeds, odd settings, odd loops, bad ends."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import torch
from safetensors.torch import load
from torch import Tensor

from course.lessons.pipeline.section import Section
from course.lessons.pipeline.sections import sections
from tests.staging import cut_short, trained
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Document, Trace

SEEDS = range(20)

SPECS = {
    **{f"adam, seed {seed}": RunSpec(seed=seed) for seed in SEEDS},
    **{f"sgd, seed {seed}": RunSpec(optimizer="sgd", lr=0.1, seed=seed) for seed in SEEDS},
    **{
        f"{name}, seed {seed}": RunSpec(optimizer=name, lr=lr, seed=seed)
        for name, lr in (("momentum", 0.1), ("adamw", 0.02), ("rmsprop", 0.01))
        for seed in range(3)
    },
    **PRESETS,
    "ragged by 40": RunSpec(batch_size=96),
    "ragged by 104": RunSpec(batch_size=128, optimizer="sgd", lr=0.5),
    "ragged by one": RunSpec(rows=101, batch_size=10, epochs=2),
    "one by one": RunSpec(rows=12, batch_size=1, epochs=2),
    "one batch": RunSpec(batch_size=1000, epochs=1),
    "one hidden unit": RunSpec(hidden=1),
    "many units": RunSpec(hidden=256, epochs=1),
    "frozen": RunSpec(optimizer="sgd", lr=1e-9, epochs=1),
    "many epochs": RunSpec(rows=20, batch_size=20, epochs=200, hidden=4),
    "long steps": RunSpec(optimizer="sgd", lr=30.0),
    "crawling": RunSpec(lr=1e-9),
    **{
        f"{name}, {optimizer}, seed {seed}": replace(
            PRESETS[name], seed=seed, optimizer=optimizer, lr=lr
        )
        for name in ("iris", "wine", "digits")
        for optimizer, lr in (("adam", 0.02), ("sgd", 0.1))
        for seed in range(3)
    },
    "iris, one batch": RunSpec(dataset="iris", rows=100),
    "wine, few rows": RunSpec(dataset="wine", rows=10, batch_size=3),
    "digits, few rows": RunSpec(dataset="digits", rows=12, batch_size=5, epochs=2),
    "digits, other rows": RunSpec(dataset="digits", rows=1200, data_seed=7, batch_size=96),
    "digits, diverged": RunSpec(dataset="digits", rows=1200, optimizer="sgd", lr=1e9),
    "diverged": RunSpec(optimizer="sgd", lr=1e9),
    "not finite": RunSpec(optimizer="adamw", lr=1e9),
}

LOOPS = {
    "zero-between": "forward,loss,backward,zero_grad,step",
    "step-before-backward": "zero_grad,forward,loss,step,backward",
    "step first": "step,zero_grad,forward,loss,backward",
    "clear last": "forward,loss,backward,step,zero_grad",
    "never cleared": "forward,loss,backward,step",
    "cleared twice": "zero_grad,zero_grad,forward,loss,backward,step",
    "two steps": "zero_grad,forward,loss,backward,step,step",
    "two passes in one": "zero_grad,forward,loss,backward,step,forward,loss",
    "scores made anew": "zero_grad,forward,loss,backward,step,forward",
    "scaled twice": "scale,zero_grad,forward,loss,backward,step",
    "no step": "zero_grad,forward,loss,backward",
    "no backward": "zero_grad,forward,loss,step",
    "no loss": "zero_grad,forward",
    "nothing": "train_mode:2",
    "failed at once": "loss,forward",
    "failed at backward": "zero_grad,forward,loss,backward,backward,step",
    "bad indentation": "zero_grad:3",
    "no batch": "init_seed,scaler,for_batch:0",
    "not scaled": (
        "init_seed,shuffle_seed,model,criterion,optimizer,loader,"
        "for_epoch,for_batch,zero_grad,forward,loss,backward,step"
    ),
    "no epoch": (
        "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,"
        "for_batch:0,scale:1,zero_grad:1,forward:1,loss:1,backward:1,step:1"
    ),
}

STOPPED = {"stopped at once": 0, "stopped in epoch 3": 25}

NAMES = (*SPECS, *LOOPS, *STOPPED)


@cache
def trace_of(name: str) -> Trace:
    """A run by its name."""
    if name in SPECS:
        return trained(SPECS[name], Program.correct())
    if name in LOOPS:
        return trained(RunSpec(), Program.parse(LOOPS[name]))
    return cut_short("Enough.", STOPPED[name], RunSpec())


@dataclass(frozen=True)
class Facts:
    """A run as the tests read it: with torch, by themselves."""

    document: Document
    tensors: dict[str, Tensor]

    @classmethod
    def of(cls, name: str) -> "Facts":
        return _facts(name)

    @property
    def steps(self) -> list[Document]:
        return list(self.document["steps"])

    @property
    def epochs(self) -> list[Document]:
        return list(self.document["epochs"])

    @property
    def spec(self) -> RunSpec:
        return RunSpec(**self.document["spec"])

    @property
    def lines(self) -> list[str]:
        """The ids of the batch body, the frame's own `scale` included."""
        return [line["id"] for line in self.document["program"]]

    @property
    def size(self) -> int:
        """Numbers in the model, counted in its parameters."""
        return self.tensors["parameters"].shape[1] if "parameters" in self.tensors else 0

    def after(self, step: int) -> Tensor:
        """All parameters after a step."""
        kept = self.tensors["kept_steps"].tolist()
        return self.tensors["parameters"][kept.index(step)]

    def weight(self, name: str) -> int:
        """The place of a weight written `0.weight[3, 1]` among all parameters."""
        first = self.document["layout"][0]
        assert name.startswith(f"{first['name']}[")
        unit, column = map(int, name[name.index("[") + 1 : -1].split(", "))
        return unit * int(first["shape"][1]) + column

    def moved(self) -> list[bool]:
        """Of each step that was gone through, whether any parameter was another after it."""
        kept = self.tensors["kept_steps"].tolist()
        assert kept == list(range(len(kept)))
        rows = self.tensors["parameters"]
        return [not torch.equal(a, b) for a, b in pairwise(rows)]


@cache
def _facts(name: str) -> Facts:
    trace = trace_of(name)
    return Facts(trace.document, load(trace.tensors))


@cache
def told_of(name: str) -> dict[str, Section]:
    """What the stages say of a run."""
    return sections(trace_of(name))
