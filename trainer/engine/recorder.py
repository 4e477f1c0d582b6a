"""What is written down while a loop runs: losses, norms, parameters, and one step in detail.

An observer of `trainer.engine.instrument`. A recorded tensor is a copy, because PyTorch
hands out memory that the loop goes on changing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter as clock
from typing import Any

import torch
from torch import Tensor, nn

from trainer.engine.instrument import Hook, Site
from trainer.engine.pieces import Rows

TIME_BUDGET = 5.0
STEP_BUDGET = 4000
WATCH_EVERY = 0.02

Watch = Callable[[int], None]
"""Told the step reached, now and then; may raise `Stop`."""

Layout = list[tuple[str, tuple[int, ...]]]


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
    """One pass of the innermost loop body: a step. What it did not reach is None."""

    epoch: int
    batch: int
    rows: int
    loss: Tensor | None = None
    logits: Tensor | None = None
    labels: Tensor | None = None
    grad_norms: Sequence[Tensor] | None = None
    complete: bool = False


@dataclass(slots=True)
class Recorder:
    """Observes one run in `names`. `detail_step` is the step of which every tensor is kept."""

    names: dict[str, Any]
    watch: Watch | None = None
    detail_step: int = 1
    step_budget: int = STEP_BUDGET
    passes: list[Pass] = field(default_factory=list)
    parameters: list[Tensor] = field(default_factory=list)
    layout: Layout = field(default_factory=list)
    detail: dict[str, Tensor] = field(default_factory=dict)
    evaluations: dict[int, dict[str, Tensor]] = field(default_factory=dict)
    updates: int = 0
    epoch: int = 0
    batch: int = 0
    _inside: bool = False
    _model: object = None
    _tensors: list[nn.Parameter] = field(default_factory=list)
    _flat: list[Tensor] = field(default_factory=list)
    _deadline: float = field(default_factory=lambda: clock() + TIME_BUDGET)
    _next_watch: float = field(default_factory=lambda: clock() + WATCH_EVERY)

    # -- what to call where --------------------------------------------------------

    def before(self, site: Site) -> Hook:
        """Watch the budgets; ahead of an update, keep the gradients too."""
        return self._before_update if site.call == "optimizer.step" else self._before_any

    def after(self, site: Site) -> Hook:
        """Count an update, or keep what was bound."""
        if site.call == "optimizer.step":
            return self._count_update
        return partial(self._keep_bound, site.binds) if site.binds else _nothing

    def enter(self, site: Site) -> Hook:
        """Begin an epoch in the outer loop, a step in the innermost."""
        if site.innermost:
            return self._begin_only_loop if site.loop == 1 else self._begin_pass
        return self._begin_epoch

    def leave(self, site: Site) -> Hook:
        """End the step."""
        return self._end_pass if site.innermost else _nothing

    # -- passes --------------------------------------------------------------------

    def _begin_epoch(self) -> None:
        self.epoch, self.batch = self.epoch + 1, 0

    def _begin_only_loop(self) -> None:
        self.epoch = self.epoch or 1
        self._begin_pass()

    def _begin_pass(self) -> None:
        if len(self.passes) >= self.step_budget:
            raise Stop(f"The budget of {self.step_budget:,} steps is used up.")
        if not self.parameters:
            self._keep_parameters()
        self.batch += 1
        x, y = self.names.get("x"), self.names.get("y")
        rows = y.shape[0] if isinstance(y, Tensor) and y.ndim else 0
        self.passes.append(Pass(self.epoch, self.batch, rows))
        self._inside = True
        if self._in_detail and isinstance(x, Tensor) and isinstance(y, Tensor):
            dealt = torch.tensor(self.names["train"].dealt)
            self.detail |= {"rows": dealt, "x": x.clone(), "y": y.clone()}

    def _end_pass(self) -> None:
        self._keep_parameters()
        self.passes[-1].complete = True
        self._inside = False

    @property
    def _in_detail(self) -> bool:
        return len(self.passes) == self.detail_step

    # -- names that the program binds ----------------------------------------------

    def _keep_bound(self, binds: frozenset[str]) -> None:
        if self._inside:
            self._keep_in_pass(binds)
        elif self.epoch:
            values = {name: _copy(self.names[name]) for name in binds}
            scalars = {n: v for n, v in values.items() if v is not None and v.ndim == 0}
            self.evaluations.setdefault(self.epoch, {}).update(scalars)

    def _keep_in_pass(self, binds: frozenset[str]) -> None:
        now = self.passes[-1]
        if "loss" in binds:
            loss = _copy(self.names["loss"])
            now.loss = loss if loss is not None and loss.numel() == 1 else None
        if "logits" in binds:
            now.logits, now.labels = _copy(self.names["logits"]), _copy(self.names["y"])
        if self._in_detail:
            for name in binds:
                if (value := _copy(self.names[name])) is not None:
                    self.detail["scaled" if name == "x" else name] = value

    # -- parameters and gradients --------------------------------------------------

    def _count_update(self) -> None:
        self.updates += 1

    def _follow_model(self) -> None:
        """Look again at the name `model`; a program may bind it anew."""
        model = self.names.get("model")
        if model is not self._model and isinstance(model, nn.Module):
            named = list(model.named_parameters())
            self._model, self._tensors = model, [parameter for _, parameter in named]
            self._flat = [parameter.detach().view(-1) for parameter in self._tensors]
            self.layout = [(name, tuple(parameter.shape)) for name, parameter in named]

    def _keep_parameters(self) -> None:
        self._follow_model()
        if self._flat:
            self.parameters.append(torch.cat(self._flat))

    def _before_update(self) -> None:
        self._before_any()
        if self._inside:
            self._keep_gradients()

    def _keep_gradients(self) -> None:
        self._follow_model()
        grads = [each.grad for each in self._tensors]
        present = [grad for grad in grads if grad is not None]
        if present:
            self.passes[-1].grad_norms = torch._foreach_norm(present)  # noqa: SLF001 - as PyTorch's own clip_grad_norm_
        if self._in_detail and present and len(present) == len(grads):
            self.detail["gradients"] = torch.cat([grad.reshape(-1) for grad in present])

    # -- budgets -------------------------------------------------------------------

    def _before_any(self) -> None:
        if (now := clock()) > self._next_watch:
            self._look_at_the_clock(now)

    def _look_at_the_clock(self, now: float) -> None:
        self._next_watch = now + WATCH_EVERY
        if now > self._deadline:
            raise Stop(f"The time budget of {TIME_BUDGET:g} s is used up.")
        if self.watch:
            self.watch(len(self.passes))


def _nothing() -> None:
    """A place at which this observer has nothing to do."""


def _copy(value: object) -> Tensor | None:
    return value.detach().clone() if isinstance(value, Tensor) else None
