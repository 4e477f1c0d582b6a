"""Stage 5: clear, backward and update, kept apart, for one named weight."""

import math

from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, table
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.pages import shown

LEDGER = ("zero_grad", "backward", "step")
"""The lines of the ledger, in the order in which the ledger tells them."""

CLEARED = "Clear: no gradient is left over. The weight is untouched."
MEASURED = "Backward: the gradient is filled in. The weight has not moved."


def tell(trace: Trace) -> Section | None:
    """None where no parameter had a gradient at an update of step 1."""
    name = probes.probe("named_weight", trace)
    if name is None or probes.probe("weight_after", trace) is None:
        return None
    prose = (
        "Three lines, three jobs: clear, measure, move. Only the second is backpropagation; the "
        f"first makes room for it and the third uses it. Follow one weight, `{name}`, through "
        f"step 1. It begins at {_five(_probe('weight_before', trace))}."
    )
    return Section(
        slug="backpropagation",
        claim="First the gradients, then the update",
        prose=[prose],
        evidence=_moved(trace),
        table=_ledger(trace),
    )


def _ledger(trace: Trace) -> Table | None:
    """Before, gradient and after, line by line, for a loop in this order."""
    lines = [line["id"] for line in trace.document["program"] if line["id"] in LEDGER]
    if lines != list(LEDGER):
        return None
    before, gradient, after = (
        _five(_probe(name, trace)) for name in ("weight_before", "weight_gradient", "weight_after")
    )
    weight = str(probes.probe("named_weight", trace))
    columns = [
        {"text": "After this line", "kind": "code nowrap"},
        {"text": weight, "kind": "n code"},
    ]
    columns += [
        {"text": "its gradient", "kind": "n code"},
        {"text": "What happened", "kind": "serif"},
    ]
    rows = [
        ["optimizer.zero_grad()", before, "None", CLEARED],
        ["loss.backward()", before, gradient, MEASURED],
        ["optimizer.step()", after, gradient, f"Update: now it moves, {_move(trace)}"],
    ]
    made = table("One weight through step 1", columns, rows, [set(), {2}, {1}], "5")
    return made | {"note_title": "Ledger", "note": "One weight, step 1."}


def _move(trace: Trace) -> str:
    """Say by how much, and by what rule, where the numbers agree with the rule."""
    spec, gradient = probes.spec_of(trace), _probe("weight_gradient", trace)
    before, after = (_probe(name, trace) for name in ("weight_before", "weight_after"))
    move = after - before
    # Of the rounded figures, so that the difference agrees with what stands beside it.
    printed = _five(round(after, 5) - round(before, 5))
    said = f"by {printed if move < 0 else '+' + printed}"
    if spec.optimizer in ("sgd", "momentum") and math.isclose(
        move, -spec.lr * gradient, rel_tol=1e-3
    ):
        return f"{said}: minus the learning rate {spec.lr:g} times the gradient."
    if spec.optimizer == "adam" and math.isclose(abs(move), spec.lr, rel_tol=0.01):
        rule = f"Adam's first step is about the learning rate {spec.lr:g}, whatever the gradient"
        return f"{said}: {rule}."
    return f"{said}."


def _moved(trace: Trace) -> list[str]:
    """How many parameters the first update moved."""
    start, end = probes.parameters_after(trace, 0), probes.parameters_after(trace, 1)
    if start is None or end is None:
        return []
    moved = sum(a != b for a, b in zip(start.flat, end.flat, strict=True))
    return [f"The first update moved {moved:,} of {len(start):,} parameters."]


def _probe(name: str, trace: Trace) -> float:
    return float(probes.probe(name, trace) or 0.0)


def _five(value: float) -> str:
    """Five decimals: small moves must show."""
    return shown(value, 5)
