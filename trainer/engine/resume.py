"""Running a stored run again up to a step: from a checkpoint where that comes to the same.

A checkpoint is what the run kept of a step's end: its parameters, and what its optimizer carried.
Before that the program sleeps: the order of the rows is drawn as it was in the run, and none is
dealt.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler

from trainer.engine.carried import restore
from trainer.engine.execute import Outcome, observe
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import DRAWS, VOCABULARY

HANDS_ON = frozenset({
    "add_loss", "add_loss_rows", "add_loss_tensor", "count_batch", "count_rows", "if_fourth",
})  # fmt: skip
"""Lines of a batch that leave something to the next one, or look at what was left."""
TOUCHES_MODEL = frozenset(
    name for name, line in VOCABULARY.items() if line.template.startswith("model")
)
USES_GRADIENTS = ("backward", "backward_retain", "clip", "step")
AROUND = frozenset({
    "train_mode", "eval_mode", "no_grad",
    "heldout_logits", "heldout_raw", "heldout_loss", "heldout_hits", "heldout_accuracy",
})  # fmt: skip
"""Lines around the batches on which no step depends, where nothing is drawn."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of `step`: parameters (P,), and the optimizer's state by the names of its tensors."""

    step: int
    parameters: Tensor
    state: dict[str, Tensor]


def again(trace: Trace, recorder: Recorder, first: int) -> Outcome:
    """Run under a recorder, which sees step `first` and all that follow; how the program ended.

    Gradients that step `first - 1` left behind are missing until it clears them. The recorder
    counts every step; of those that were slept through it has no figures.
    """
    spec, program = spec_of(trace), Program.from_list(trace.document["program"])
    found = _checkpoint(trace, first - 1) if hands_on_nothing(program) else None
    return observe(spec, program, recorder, _Asleep(recorder, found) if found else None)


def hands_on_nothing(program: Program) -> bool:
    """Whether a step leaves to the next nothing but parameters and the optimizer's state."""
    lines, ids = program.lines, [each.line.id for each in program.lines]
    if (ids.count("for_epoch"), ids.count("for_batch")) != (1, 1) or program.has(DRAWS | HANDS_ON):
        return False
    epoch, batch = ids.index("for_epoch"), ids.index("for_batch")
    inner = lines[batch].level + 1
    body = list(takewhile(lambda each: each.level >= inner, lines[batch + 1 :]))
    around = (*lines[epoch + 1 : batch], *lines[batch + 1 + len(body) :])
    return (
        (lines[epoch].level, lines[batch].level) == (0, 1)
        and all(each.line.section == "setup" for each in lines[:epoch])
        and _holds_the_model(ids[:epoch])
        and all(each.line.section == "batch" for each in body)
        and all(each.line.id in AROUND for each in around)
        and _clears_first([each.line.id for each in body])
    )


def _holds_the_model(setup: list[str]) -> bool:
    """Whether the optimizer is made behind all that is done to the model, so it clears it all."""
    made = [each for each in setup if each == "optimizer" or each in TOUCHES_MODEL]
    return made[-1:] == ["optimizer"]


def _clears_first(body: list[str]) -> bool:
    """Whether gradients of the batch before are dropped ahead of all that would meet them."""
    uses = [name for name in body if name in ("zero_grad", *USES_GRADIENTS)]
    return uses[:1] in ([], ["zero_grad"])


def pass_over_order(loader: DataLoader[object]) -> None:
    """Draw from a loader's generator what dealing all its batches draws, and deal none."""
    generator, sampler = loader.generator, loader.sampler
    torch.empty((), dtype=torch.int64).random_(generator=generator)  # a seed for its workers
    if isinstance(sampler, RandomSampler):
        for _ in range(2):  # the order, and another one that it takes no rows of
            torch.randperm(len(sampler), generator=generator)


def deal_from(loader: DataLoader[Any], first: int) -> Iterator[Any]:
    """The batches of an epoch from `first` (from 0) on, drawing what dealing them all draws."""
    torch.empty((), dtype=torch.int64).random_(generator=loader.generator)
    for indices in islice(loader.batch_sampler or (), first, None):
        yield loader.collate_fn(loader.dataset.__getitems__(indices))  # type: ignore[attr-defined]


def _checkpoint(trace: Trace, latest: int) -> Checkpoint | None:
    """The last one that the run kept, up to step `latest`; None where that saves nothing."""
    if not trace.has("parameters"):
        return None
    stateless = trace.document["spec"]["optimizer"] == "sgd"
    kept = list(trace.tensor("kept_steps").flat)
    carried = kept if stateless else _carried_steps(trace)
    usable = set(kept).intersection(carried)
    step = max((each for each in usable if 0 < each <= latest), default=None)
    if step is None:
        return None
    states = [] if stateless else [name for name in trace.names() if name.startswith("state.")]
    row = carried.index(step)
    state = {name.removeprefix("state."): _row(trace, name, row) for name in states}
    return Checkpoint(int(step), _row(trace, "parameters", kept.index(step)), state)


def _carried_steps(trace: Trace) -> list[float]:
    return list(trace.tensor("state_steps").flat) if trace.has("state_steps") else []


def _row(trace: Trace, name: str, index: int) -> Tensor:
    """One entry of a recorded tensor of floats."""
    return torch.frombuffer(array("f", trace.tensor(name)[index].flat), dtype=torch.float32)


@dataclass(slots=True)
class _Asleep:
    """Sleeps through all steps up to a checkpoint, and goes on from there."""

    recorder: Recorder
    checkpoint: Checkpoint
    woken: bool = False

    def in_epoch(self) -> bool:
        """Whether all steps of this epoch are slept through. Its order is drawn nevertheless."""
        loader = self.recorder.names["loader"]
        rounds = len(loader)
        if len(self.recorder.passes) + rounds > self.checkpoint.step:
            return False
        self.recorder.sleep_through(rounds)
        pass_over_order(loader)
        return True

    def awake(self, rounds: Iterable[object]) -> Iterable[object]:
        """What the loader deals behind the checkpoint."""
        if self.woken:
            return rounds
        self.woken = True
        self._wake()
        slept = self.checkpoint.step - len(self.recorder.passes)
        self.recorder.sleep_through(slept)
        return deal_from(self.recorder.names["loader"], slept)

    def _wake(self) -> None:
        model, optimizer = self.recorder.names["model"], self.recorder.names["optimizer"]
        live: list[nn.Parameter] = list(model.parameters())
        parts = torch.split(self.checkpoint.parameters, [each.numel() for each in live])
        with torch.no_grad():
            for each, part in zip(live, parts, strict=True):
                each.copy_(part.view(each.shape))
        restore(optimizer, live, self.checkpoint.state)
