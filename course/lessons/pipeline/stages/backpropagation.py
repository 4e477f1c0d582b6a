"""Stage 5: clear, backward and update, kept apart, for one named weight."""

import math

from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, table
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.pages import LONG, shown

LEDGER = ["zero_grad", "backward", "step"]
"""The lines of the ledger, in the order in which the ledger tells them."""

IN_ORDER = (
    "Three lines, three jobs: clear, measure, move. Only the second is backpropagation; the first "
    "makes room for it and the third uses it."
)
IN_ANY_ORDER = "`backward()` measures, `step()` moves. Only the first is backpropagation."
CLEARED = "Clear: no gradient is left over. The weight is untouched."
MEASURED = "Backward: the gradient is filled in. The weight has not moved."


def tell(trace: Trace) -> Section | None:
    """None where no parameter had a gradient at an update of step 1."""
    name = probes.probe("named_weight", trace)
    if name is None or probes.probe("weight_after", trace) is None:
        return None
    start = _five(_probe("weight_before", trace))
    follow = f"Follow one weight, `{name}`, through step 1. It begins at {start}."
    return Section(
        slug="backpropagation",
        claim="First the gradients, then the update",
        prose=[f"{IN_ORDER if _is_in_order(trace) else IN_ANY_ORDER} {follow}"],
        evidence=_moved(trace),
        table=_ledger(trace),
    )


def _ledger(trace: Trace) -> Table | None:
    """Before, gradient and after, line by line, for a loop in this order."""
    if not _is_in_order(trace):
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
        ["optimizer.step()", after, gradient, f"Update: {_move(trace)}"],
    ]
    made = table("One weight through step 1", columns, rows, [set(), {2}, {1}], "5")
    return made | {"note_title": "Ledger", "note": "One weight, step 1."}


def _is_in_order(trace: Trace) -> bool:
    return [each["id"] for each in trace.document["program"] if each["id"] in LEDGER] == LEDGER


def _move(trace: Trace) -> str:
    """Say by how much, and by what rule, where the figures agree with the rule."""
    before, after, gradient = (
        _probe(name, trace) for name in ("weight_before", "weight_after", "weight_gradient")
    )
    if before == after:
        return "it stays where it is: so small a move is lost in rounding."
    # Of the rounded figures, so that the difference agrees with what stands beside it.
    move = round(round(after, 5) - round(before, 5), 5)
    if not move:
        return "now it moves, by less than 0.00001."
    said = f"now it moves, by {_five(move) if move < 0 else '+' + _five(move)}"
    spec = probes.spec_of(trace)
    if spec.optimizer in ("sgd", "momentum") and _agree(move, -spec.lr * round(gradient, 5)):
        return f"{said}: minus the learning rate {spec.lr:g} times the gradient."
    if spec.optimizer == "adam" and math.isclose(abs(move), spec.lr, rel_tol=0.01):
        rule = f"Adam's first step is about the learning rate {spec.lr:g}, whatever the gradient"
        return f"{said}: {rule}."
    return f"{said}."


def _agree(move: float, by_rule: float) -> bool:
    """Whether two figures are as good as equal in the digits that are printed."""
    return abs(move - by_rule) <= (0.05 * abs(move) if abs(move) >= LONG else 1.5e-5)


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
