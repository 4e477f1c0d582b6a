"""Whether what was recorded of a run stayed within the finite numbers. Standard library only."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from trainer.engine.trace import Trace, as_float

OF_STEPS = {
    "loss": "the loss",
    "grad_norm": "the length of the gradients",
    "update_norm": "the length of the update",
}
OF_EPOCHS = {
    "loss": "the loss on the training rows",
    "heldout_loss": "the loss on the held-out rows",
}
OF_THE_FIRST = {"first.scaled": "the scaled rows", "first.logits": "the logits"}


@dataclass(frozen=True, slots=True)
class Sign:
    """A recorded figure that is not a finite number: in or right after which step, and which."""

    step: int
    what: str


def first_sign(trace: Trace) -> Sign | None:
    """The first of them, or None: the run stayed finite as far as it was recorded."""
    return min(_signs(trace), key=lambda sign: sign.step, default=None)


def _signs(trace: Trace) -> Iterator[Sign]:
    for name, what in OF_THE_FIRST.items():
        if trace.has(name) and not all(map(math.isfinite, trace.tensor(name).flat)):
            yield Sign(1, what)
    for each in trace.document["steps"]:
        yield from (
            Sign(each["step"], what) for name, what in OF_STEPS.items() if _gone(each[name])
        )
    for each in trace.document["epochs"]:
        step = each["last_step"] or 0
        yield from (Sign(step, what) for name, what in OF_EPOCHS.items() if _gone(each[name]))
        evaluated = each.get("evaluation", {})
        yield from (Sign(step, name) for name in evaluated if _gone(evaluated[name]))


def _gone(value: float | str | None) -> bool:
    exact = as_float(value)
    return exact is not None and not math.isfinite(exact)
