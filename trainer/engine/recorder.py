"""What is written down while a loop runs: losses, norms, parameters, and one step in detail.

An observer of `trainer.engine.instrument`. A recorded tensor is a copy, because PyTorch
hands out memory that the loop goes on changing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from trainer.engine.instrument import Site
from trainer.engine.pieces import Rows

TIME_BUDGET = 5.0
STEP_BUDGET = 4000
WATCH_EVERY = 0.02

Watch = Callable[[int], None]
"""Told the step reached, now and then; may raise `Stop`."""


class Stop(Exception):
    """The run ends here, on purpose: a budget is used up or someone cancelled it."""


class DealtRows(Rows):
    """Training rows that remember which of them were dealt last."""

    dealt: tuple[int, ...] = ()

    def __getitems__(self, indices: list[int]) -> tuple[Tensor, Tensor]:
        self.dealt = tuple(indices)
        return super().__getitems__(indices)


@dataclass(slots=True)
class Pass:
    """One pass of the innermost loop body, a step."""

    epoch: int
    batch: int
    rows: int
    loss: Tensor | None = None
    logits: Tensor | None = None
    labels: Tensor | None = None
    grad_norm: Tensor | None = None
    complete: bool = False


@dataclass(slots=True)
class Recorder:
    """Observes one run. `detail_step` is the step of which every tensor is kept."""

    names: dict[str, Any]
    watch: Watch | None = None
    detail_step: int = 1
    passes: list[Pass] = field(default_factory=list)
    parameters: list[Tensor] = field(default_factory=list)
    layout: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    detail: dict[str, Tensor] = field(default_factory=dict)
    evaluations: dict[int, dict[str, Tensor]] = field(default_factory=dict)
    updates: int = 0
    epoch: int = 0
    batch: int = 0
    line: int = 0
    _model: object = None
    _tensors: list[torch.nn.Parameter] = field(default_factory=list)
    _deadline: float = 0.0
    _next_watch: float = 0.0
    _inside: bool = False

    def __post_init__(self) -> None:
        now = time.perf_counter()
        self._deadline, self._next_watch = now + TIME_BUDGET, now + WATCH_EVERY

    # -- observer ------------------------------------------------------------------

    def before(self, site: Site) -> None:
        self.line = site.line
        if time.perf_counter() > self._next_watch:
            self._look_at_the_clock()
        if site.call == "optimizer.step" and self._inside:
            self._keep_gradients()

    def after(self, site: Site) -> None:
        if site.call == "optimizer.step":
            self.updates += 1
        if self._inside and site.binds:
            self._keep_bound(site.binds)
        elif site.binds and self.epoch:
            self._keep_evaluation(site.binds)

    def enter(self, site: Site) -> None:
        if site.innermost:
            self._begin_pass(alone=site.loop == 1)
        elif site.loop:
            self.epoch, self.batch = self.epoch + 1, 0

    def leave(self, site: Site) -> None:
        if site.innermost:
            self._end_pass()

    # -- passes --------------------------------------------------------------------

    def _begin_pass(self, *, alone: bool) -> None:
        if len(self.passes) >= STEP_BUDGET:
            raise Stop(f"The budget of {STEP_BUDGET:,} steps is used up.")
        if alone and not self.epoch:
            self.epoch = 1
        if not self.parameters:
            self._keep_parameters()
        self.batch += 1
        x, y = self.names.get("x"), self.names.get("y")
        rows = len(y) if isinstance(y, Tensor) and y.ndim else 0
        self.passes.append(Pass(self.epoch, self.batch, rows))
        self._inside = True
        if self._in_detail and isinstance(x, Tensor) and isinstance(y, Tensor):
            dealt = getattr(self.names["train"], "dealt", ())
            self.detail |= {"rows": torch.tensor(dealt), "x": x.clone(), "y": y.clone()}

    def _end_pass(self) -> None:
        self._keep_parameters()
        self.passes[-1].complete = True
        self._inside = False

    @property
    def _in_detail(self) -> bool:
        return len(self.passes) == self.detail_step

    def _keep_bound(self, binds: frozenset[str]) -> None:
        now = self.passes[-1]
        if "loss" in binds:
            now.loss = _copy(self.names["loss"])
        if "logits" in binds:
            now.logits, now.labels = _copy(self.names["logits"]), _copy(self.names.get("y"))
        if self._in_detail:
            copies = {name: _copy(self.names[name]) for name in binds}
            renamed = {("scaled" if name == "x" else name): value for name, value in copies.items()}
            self.detail |= {name: value for name, value in renamed.items() if value is not None}

    def _keep_evaluation(self, binds: frozenset[str]) -> None:
        for name in binds:
            value = _copy(self.names[name])
            if value is not None and value.ndim == 0:
                self.evaluations.setdefault(self.epoch, {})[name] = value

    # -- parameters and gradients --------------------------------------------------

    def _follow_model(self) -> list[torch.nn.Parameter]:
        model = self.names.get("model")
        if model is not self._model and isinstance(model, torch.nn.Module):
            self._model = model
            named = list(model.named_parameters())
            self._tensors = [parameter for _, parameter in named]
            self.layout = [(name, tuple(parameter.shape)) for name, parameter in named]
        return self._tensors

    def _keep_parameters(self) -> None:
        if tensors := self._follow_model():
            self.parameters.append(torch.cat([each.detach().reshape(-1) for each in tensors]))

    def _keep_gradients(self) -> None:
        grads = [each.grad for each in self._follow_model()]
        present = [grad.reshape(-1) for grad in grads if grad is not None]
        if not present:
            return
        flat = torch.cat(present)
        self.passes[-1].grad_norm = torch.linalg.vector_norm(flat)
        if self._in_detail and len(present) == len(grads):
            self.detail["gradients"] = flat

    # -- budgets -------------------------------------------------------------------

    def _look_at_the_clock(self) -> None:
        now = time.perf_counter()
        self._next_watch = now + WATCH_EVERY
        if now > self._deadline:
            raise Stop(f"The time budget of {TIME_BUDGET:g} s is used up.")
        if self.watch:
            self.watch(len(self.passes))


def _copy(value: object) -> Tensor | None:
    return value.detach().clone() if isinstance(value, Tensor) else None
