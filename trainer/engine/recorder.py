"""What is written down while a loop runs: losses, norms, parameters, and one step in detail.

An observer of `trainer.engine.instrument`. Parameters, which the loop goes on changing, are
copied at each step; results and gradients are held by `trainer.engine.passes` until they are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter as clock
from typing import Any

import torch
from torch import Tensor

from trainer.engine.carried import Carried
from trainer.engine.detail import Detail
from trainer.engine.history import History
from trainer.engine.instrument import Hook, Site
from trainer.engine.passes import (
    HOLD_NUMBERS,
    HOLD_PASSES,
    Pass,
    fits,
    number_in,
    read,
    read_gradients,
)
from trainer.engine.pieces import Rows
from trainer.engine.trace import OUT_OF_TIME

TIME_BUDGET = 5.0
STEP_BUDGET = 4000
WATCH_EVERY = 0.02

WRITE_GRADIENTS = ("loss.backward", "nn.utils.clip_grad_norm_")
"""Calls that change gradients in place where there are any: they add to them, or scale them."""

Watch = Callable[[int], None]
"""Told the step reached, now and then; may raise `Stop`."""


class Stop(Exception):
    """The run ends here, on purpose: a budget is used up or someone cancelled it."""


class DealtRows(Rows):
    """Training rows that remember which of them were dealt last."""

    dealt: Sequence[int] = ()

    def __getitems__(self, indices: list[int]) -> tuple[Tensor, Tensor]:
        self.dealt = indices
        return super().__getitems__(indices)


@dataclass(slots=True)
class Recorder:
    """Observes one run in `names`."""

    names: dict[str, Any]
    watch: Watch | None = None
    detail: Detail = field(default_factory=lambda: Detail(step=1))
    step_budget: int = STEP_BUDGET
    because: str = ""
    stops_behind_detail: bool = False
    passes: list[Pass] = field(default_factory=list)
    history: History = field(init=False)
    carried: Carried = field(default_factory=Carried)
    evaluations: dict[int, dict[str, float]] = field(default_factory=dict)
    updates: int = 0
    epoch: int = 0
    batch: int = 0
    _inside: bool = False
    _in_detail: bool = False
    _read: int = 0
    _deadline: float = field(default_factory=lambda: clock() + TIME_BUDGET)
    _next_watch: float = field(default_factory=lambda: clock() + WATCH_EVERY)

    def __post_init__(self) -> None:
        self.history = History(self.step_budget + 1)

    # -- what to call where --------------------------------------------------------

    def before(self, site: Site) -> Hook:
        """Watch the budgets; look after the gradients ahead of what uses or changes them."""
        if site.call == "optimizer.step":
            return self._before_update
        return self._before_writing if site.call in WRITE_GRADIENTS else self._before_any

    def after(self, site: Site) -> Hook:
        """Count an update, or keep what was bound."""
        if site.call == "optimizer.step":
            return self._count_update
        if not site.binds:
            return _nothing
        if "model" in site.binds:
            return self._forget_model
        keepers = {"loss": self._keep_loss, "logits": self._keep_logits}
        keep = next((keepers[name] for name in site.binds & keepers.keys()), _nothing)
        return partial(self._keep_bound, site.binds, keep)

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
            raise Stop(f"The budget of {self.step_budget:,} steps is used up{self.because}.")
        if self.history.empty:
            self._follow()
            self.history.keep(len(self.passes))
        self.batch += 1
        y = self.names.get("y")
        rows = len(y) if isinstance(y, Tensor) else 0
        self.passes.append(Pass(self.epoch, self.batch, rows))
        self._inside = True
        self._in_detail = len(self.passes) == self.detail.step
        if self._in_detail:
            self.detail.begin(self.names)

    def sleep_through(self, passes: int) -> None:
        """Count passes of which nothing is seen."""
        first = self.batch + 1
        self.batch += passes
        self.passes += [Pass(self.epoch, each, 0) for each in range(first, self.batch + 1)]

    def _end_pass(self) -> None:
        self._follow()
        self.history.keep(len(self.passes))
        self.carried.keep(len(self.passes), self.names.get("optimizer"), self.history.live)
        if self.stops_behind_detail and self._in_detail:
            raise Stop("The step in detail is over.")
        self._inside = self._in_detail = False
        held = len(self.passes) - self._read
        numbers = held * self.passes[-1].rows * self.names["hidden"]
        if held >= HOLD_PASSES or numbers >= HOLD_NUMBERS:
            self.read()

    def _follow(self) -> None:
        """Look at the model of now; what is held of gradients is of the one before."""
        if self.history.follow(self.names.get("model")):
            self._read_gradients()

    def read(self) -> None:
        """Read what is held of the last passes; to be called once more at the end."""
        read(self.passes[self._read :])
        self._read = len(self.passes)

    # -- names that the program binds ----------------------------------------------

    def _keep_bound(self, binds: frozenset[str], keep: Hook) -> None:
        if self._inside:
            keep()
            if self._in_detail:
                self._follow()
                self.detail.bound(self.names, binds, self.history)
        elif self.epoch:
            values = {name: self._evaluated(self.names[name]) for name in binds}
            found = {name: value for name, value in values.items() if value is not None}
            self.evaluations.setdefault(self.epoch, {}).update(found)

    def _evaluated(self, value: object) -> float | None:
        """Its number; one of Python's own only behind the batches: a sum begins before them."""
        return number_in(value) if self.batch or isinstance(value, Tensor) else None

    def _keep_loss(self) -> None:
        self.passes[-1].loss = number_in(self.names["loss"])

    def _keep_logits(self) -> None:
        logits, y = self.names["logits"], self.names["y"]
        if fits(logits, y, self.names["classes"]):
            self.passes[-1].scored = logits.detach(), y

    # -- parameters and gradients --------------------------------------------------

    def _forget_model(self) -> None:
        self.history.forget()

    def _count_update(self) -> None:
        self.updates += 1

    def _before_update(self) -> None:
        self._before_any()
        if self._inside:
            self._follow()
            self._keep_gradients()

    def _keep_gradients(self) -> None:
        """Hold them as they are until something writes into them. No optimizer does."""
        live = self.history.live
        gradients = [each.grad for each in live if each.grad is not None]
        if not gradients:
            return
        self.passes[-1].gradients = gradients
        if self._in_detail and len(gradients) == len(live):
            self.detail.tensors["gradients"] = torch.cat([each.flatten() for each in gradients])

    def _before_writing(self) -> None:
        """Gradients that were not dropped are written to in place: read what is held of them."""
        self._before_any()
        if any(each.grad is not None for each in self.history.live):
            self._read_gradients()

    def _read_gradients(self) -> None:
        read_gradients(self.passes[self._read :])

    # -- budgets -------------------------------------------------------------------

    def _before_any(self) -> None:
        if (now := clock()) > self._next_watch:
            self._look_at_the_clock(now)

    def _look_at_the_clock(self, now: float) -> None:
        self._next_watch = now + WATCH_EVERY
        if now > self._deadline:
            raise Stop(f"{OUT_OF_TIME} of {TIME_BUDGET:g} s is used up.")
        if self.watch:
            self.watch(len(self.passes))


def _nothing() -> None:
    """A place at which this observer has nothing to do."""
