"""Where a run left the finite numbers: the first step, line and tensor, and what led there.

The program runs again under an observer that looks at what each line has made and ends the run
at the first number that is not finite. What was stored tells only where to begin to look.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from trainer.engine.execute import names_of, observe
from trainer.engine.finite import first_sign
from trainer.engine.instrument import Hook, Site
from trainer.engine.probes import spec_of
from trainer.engine.program import Program
from trainer.engine.recorder import WRITE_GRADIENTS, Recorder, Stop
from trainer.engine.replay import NotReached
from trainer.engine.trace import Trace, number

MOST_BEFORE = 50
LOOKED_AT = 200
"""So many steps up to the first figure that was recorded as not finite. A number that is not
finite shows in the loss of its own step, or in the next one's."""

BY_HAND = "x = (x - low) / (high - low)"
FORWARD = ("logits = model(x)", "h = model[:-1](x)")

Json = dict[str, Any]
Made = tuple[str, Tensor]


def autopsy(trace: Trace, wanted: int) -> Json:
    """The first number that is not finite, and the `wanted` steps before it.

    found: step (0 before the first), line, source, tensor and its shape, how many of its numbers
    are nan, inf, minus_inf, `operation` and, of a forward pass, `layer`; None where there is no
    such number. lines: what each line of that step made, largest magnitude first to last. chain:
    per step the largest parameter before it and the largest logit, loss, gradient, update; norms
    in double precision, so that a length is finite where its parts are; where nothing was found,
    up to the step whose figure is not finite. Raises `NotReached`.
    """
    steps, sign = len(trace.document["steps"]), first_sign(trace)
    if not 0 <= wanted <= MOST_BEFORE:
        raise NotReached(f"At most {MOST_BEFORE} steps are told.")
    begins = sign.step - LOOKED_AT if sign else 0
    seen = _looked(trace, wanted, steps, begins)
    if sign and not seen.found and sign.step < steps:  # then it is told what led to the figure
        seen = _looked(trace, wanted, sign.step, begins)
    last = len(seen.passes)
    told = range(last - len(seen.past) + 1, last + 1)
    return {
        "found": seen.found,
        "lines": seen.lines if seen.found else [],
        "chain": [_step(seen, step, past) for step, past in zip(told, seen.past, strict=True)],
    }


def _looked(trace: Trace, wanted: int, steps: int, begins: int) -> "_Looking":
    """The run under observation up to a step, looked at from a step on."""
    spec, program = spec_of(trace), Program.from_list(trace.document["program"])
    source = trace.document["source"].splitlines()
    seen = _Looking(names_of(spec), step_budget=steps, source=source, begins=begins)
    seen.past = deque(maxlen=wanted + 1)
    observe(spec, program, seen)
    return seen


@dataclass(slots=True)
class _Looking(Recorder):
    """Looks at what each line has made, and stops at the first number that is not finite."""

    source: list[str] = field(default_factory=list)
    found: Json | None = None
    lines: list[Json] = field(default_factory=list)
    past: deque[dict[str, float]] = field(default_factory=deque)
    begins: int = 0

    def after(self, site: Site) -> Hook:
        """Record as any recorder does, then look."""
        record = Recorder.after(self, site)

        def look() -> None:
            record()
            if len(self.passes) >= self.begins:
                self._look(site)

        return look

    def enter(self, site: Site) -> Hook:
        """Begin as any recorder does; what was seen of the step before goes."""
        begin = Recorder.enter(self, site)
        if not site.innermost:
            return begin

        def fresh() -> None:
            begin()
            self.lines = []
            self.past.append({})

        return fresh

    def _look(self, site: Site) -> None:
        for name, made in self._bound(site):
            self._judge(site, name, [(name, made)], made)
        if site.call in WRITE_GRADIENTS:
            self._judge_gradients(site)
        elif site.call == "optimizer.step":
            self._judge_all(site, "parameters", [(name, each) for name, each in self._named()])

    def _bound(self, site: Site) -> Iterator[Made]:
        """Everything with a decimal point that a line has bound."""
        for name in sorted(site.binds):
            value = self.names.get(name)
            made = torch.tensor(value) if isinstance(value, float) else value
            if isinstance(made, Tensor) and made.is_floating_point() and made.numel():
                yield name, made.detach()

    def _judge_gradients(self, site: Site) -> None:
        """In the order in which backward() comes to them: the last layer first."""
        named = [(name, each.grad) for name, each in self._named() if each.grad is not None]
        flat = self._judge_all(
            site, "gradients", [(f"{name}.grad", each) for name, each in reversed(named)]
        )
        if self.past and flat is not None:
            self.past[-1]["gradient"] = flat.double().norm().item()

    def _judge_all(self, site: Site, what: str, made: list[Made]) -> Tensor | None:
        if not made:
            return None
        flat = torch.cat([each.detach().flatten() for _, each in made])
        self._judge(site, what, made, flat)
        return flat

    def _judge(self, site: Site, what: str, made: list[Made], flat: Tensor) -> None:
        """Note the largest magnitude of what a line has made, and stop where it is not finite."""
        largest = flat.abs().max().item()
        told = {"line": site.line, "source": self._text(site), "tensor": what}
        self.lines.append(told | {"largest": number(largest)})
        if what == "logits" and self._inside:
            self.past[-1]["logit"] = largest
        if not math.isfinite(largest):
            name, bad = next((n, each.detach()) for n, each in made if not each.isfinite().all())
            self.found = self._finding(site, name, bad)
            raise Stop(name)

    def _named(self) -> list[tuple[str, nn.Parameter]]:
        self._follow()
        names = (name for name, _ in self.history.live_layout)
        return list(zip(names, self.history.live, strict=True))

    def _text(self, site: Site) -> str:
        return self.source[site.line - 1].strip()

    def _finding(self, site: Site, name: str, made: Tensor) -> Json:
        layer, value = self._layer(site, made)
        last = self.passes[-1] if self.passes else None
        return {
            "step": len(self.passes),
            "epoch": last.epoch if last else 0,
            "batch": last.batch if last else 0,
            "updates": self.updates,
            "inside": self._inside,
            "line": site.line,
            "source": self._text(site),
            "tensor": name,
            "shape": list(made.shape),
            "numbers": made.numel(),
            "nan": int(made.isnan().sum()),
            "inf": int(made.isposinf().sum()),
            "minus_inf": int(made.isneginf().sum()),
            "layer": layer,
            "operation": self._operation(site, name, value),
        }

    def _layer(self, site: Site, made: Tensor) -> tuple[str | None, Tensor]:
        """The first layer that gave such a number, and what it gave."""
        model, value = self.names.get("model"), self.names.get("x")
        if self._text(site) not in FORWARD or not isinstance(model, nn.Sequential):
            return None, made
        with torch.no_grad():
            for name, layer in model.named_children():
                value = layer(value)
                if not value.isfinite().all():
                    return name, value
        return None, made

    def _operation(self, site: Site, name: str, value: Tensor) -> str:
        """What turned finite numbers into this: every line before gave finite ones."""
        text, has_nan = self._text(site), bool(value.isnan().any())
        if text == BY_HAND:
            return "0/0" if has_nan else "x/0"
        if not has_nan:
            return "overflow"
        if name == "loss":
            return "0*inf"
        return "inf-inf" if "model" in text else "mixed"


def _step(seen: _Looking, step: int, past: dict[str, float]) -> Json:
    one, history = seen.passes[step - 1], seen.history
    kept = {at: history.at([at]).double() for at in (step - 1, step) if history.has(at)}
    before, after = kept.get(step - 1), kept.get(step)
    figures = {
        "parameter": None if before is None else before.abs().max().item(),
        "logit": past.get("logit"),
        "loss": one.loss,
        "gradient": past.get("gradient"),
        "update": None if before is None or after is None else (after - before).norm().item(),
    }
    return {"step": step} | {
        name: None if value is None else number(value) for name, value in figures.items()
    }
