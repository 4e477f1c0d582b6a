"""One weight at every `optimizer.step()` of a run: the gradient, and what became of it.

The program runs once more. What the optimizer holds for the weight is read ahead of each update
and after it, and its arithmetic is spelled out by `trainer.engine.updates`.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from trainer.engine.execute import names_of, observe
from trainer.engine.instrument import Hook, Site
from trainer.engine.layout import layout_of
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.recorder import Recorder, Stop
from trainer.engine.replay import NotReached
from trainer.engine.trace import Trace, number
from trainer.engine.updates import Known, worked

STATE = {
    "momentum_buffer": "buffer", "exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v", "step": "t",
}  # fmt: skip
"""What optimizers call what they hold, and what it is called here."""

Place = tuple[str, tuple[int, ...], int]
"""Name and shape of a parameter, and where in it, counted flat."""

Call = dict[str, Any]


def ledger(trace: Trace, wanted: list[Any]) -> dict[str, Any]:
    """The weight `wanted`, [name, index, ...], at each call of `optimizer.step()`, in columns.

    step: passes begun so far; epoch, batch; held: whether the optimizer had the tensor, None where
    the model had no such; before, gradient (None where there was none), lr, after; was, is: what
    the optimizer held of it before and after; worked: `trainer.engine.updates`. Numbers that a
    call does not have are None. rule, settings: the optimizer's, None and {} where it never had
    the tensor. Raises `NotReached`.
    """
    spec, program = spec_of(trace), Program.from_list(trace.document["program"])
    updates, steps = trace.document["updates"], len(trace.document["steps"])
    recorder = _Ledger(names_of(spec), step_budget=steps)
    recorder.place, recorder.most = _place(trace, wanted), updates
    if updates:
        observe(spec, program, recorder)
    if len(recorder.calls) < updates:
        raise NotReached("The run could not be followed to its end this time.")
    return _in_columns(recorder) | {"rule": recorder.rule or None, "settings": recorder.settings}


def _place(trace: Trace, wanted: list[Any]) -> Place:
    name, *index = wanted
    shape = dict(layout_of(trace.document)).get(name)
    if shape is None or len(index) != len(shape):
        raise NotReached(f"The run has no weight {wanted}.")
    flat = 0
    for at, size in zip(index, shape, strict=True):
        if not 0 <= at < size:
            raise NotReached(f"The run has no weight {wanted}.")
        flat = flat * size + at
    return name, shape, flat


@dataclass(slots=True)
class _Ledger(Recorder):
    """Notes one weight around each call of `optimizer.step()`, as often as the run called it."""

    place: Place = ("", (), 0)
    most: int = 0
    calls: list[Call] = field(default_factory=list)
    rule: str = ""
    settings: dict[str, float] = field(default_factory=dict)
    _weight: Tensor | None = None
    _call: Call = field(default_factory=dict)

    def before(self, site: Site) -> Hook:
        """Look ahead of an update."""
        watch = Recorder.before(self, site)
        if site.call != "optimizer.step":
            return watch

        def look() -> None:
            watch()
            self._look()

        return look

    def after(self, site: Site) -> Hook:
        """Look again behind it."""
        count = Recorder.after(self, site)
        if site.call != "optimizer.step":
            return count

        def look() -> None:
            count()
            self._look_again()

        return look

    def _look(self) -> None:
        name, shape, _ = self.place
        model, optimizer = self.names.get("model"), self.names.get("optimizer")
        known = dict(model.named_parameters()) if isinstance(model, nn.Module) else {}
        weight = known.get(name)
        self._weight = weight if weight is not None and weight.shape == shape else None
        self._call = {"step": len(self.passes), "epoch": self.epoch, "batch": self.batch}
        if self._weight is None or not isinstance(optimizer, Optimizer):
            return
        self._call |= {"held": False, "before": self._at(self._weight)}
        for group in optimizer.param_groups:
            if any(each is self._weight for each in group["params"]):
                self._of_group(optimizer, group)

    def _of_group(self, optimizer: Optimizer, group: dict[str, Any]) -> None:
        assert self._weight is not None  # noqa: S101 - tells the type checker
        gradient = self._weight.grad
        self.rule, self.settings = _rule(optimizer, group), _settings(group)
        self._call |= {
            "held": True,
            "lr": float(group["lr"]),
            "gradient": None if gradient is None else self._at(gradient),
            "was": self._state(optimizer),
        }

    def _look_again(self) -> None:
        call, optimizer = self._call, self.names["optimizer"]
        if self._weight is not None:
            call["after"] = self._at(self._weight)
        if call.get("gradient") is not None:
            call["is"] = self._state(optimizer)
            before, gradient, lr = (call[name] for name in ("before", "gradient", "lr"))
            known = Known(before, gradient, lr, self.settings, call["was"], call["is"])
            call["worked"] = worked(self.rule, known)
        self.calls.append(call)
        if len(self.calls) == self.most:
            raise Stop("Every update of the run was seen.")

    def _state(self, optimizer: Optimizer) -> dict[str, float]:
        state = {} if self._weight is None else optimizer.state.get(self._weight, {})
        return {
            STATE[name]: self._at(value) if value.ndim else value.item()
            for name, value in state.items()
            if name in STATE and isinstance(value, Tensor)
        }

    def _at(self, tensor: Tensor) -> float:
        return float(tensor.detach().reshape(-1)[self.place[2]].item())


def _rule(optimizer: Optimizer, group: dict[str, Any]) -> str:
    """AdamW is an Adam to Python."""
    if isinstance(optimizer, SGD):
        return "momentum" if group["momentum"] else "sgd"
    kinds = ((AdamW, "adamw"), (Adam, "adam"), (RMSprop, "rmsprop"))
    return next(name for kind, name in kinds if isinstance(optimizer, kind))


def _settings(group: dict[str, Any]) -> dict[str, float]:
    """Those that the rules use."""
    names = ("momentum", "alpha", "eps", "weight_decay")
    found = {name: float(group[name]) for name in names if name in group}
    beta1, beta2 = group.get("betas", (None, None))
    return found if beta1 is None else found | {"beta1": float(beta1), "beta2": float(beta2)}


def _in_columns(recorder: _Ledger) -> dict[str, Any]:
    calls = recorder.calls
    plain = ("step", "epoch", "batch", "held", "before", "gradient", "lr", "after")
    columns: dict[str, Any] = {name: _column(calls, name) for name in plain}
    for name in ("was", "is", "worked"):
        told = [call.get(name, {}) for call in calls]
        keys = dict.fromkeys(key for each in told for key in each)
        columns[name] = {key: _column(told, key) for key in keys}
    return columns


def _column(rows: list[Call], name: str) -> list[Any]:
    found = (row.get(name) for row in rows)
    return [
        number(each) if isinstance(each, float) and not math.isfinite(each) else each
        for each in found
    ]
