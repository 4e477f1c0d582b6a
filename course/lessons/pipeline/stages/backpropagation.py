"""Stage 5: clear, backward and update, kept apart, for one named weight."""

import math

from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, table
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.pages import shown


def tell(trace: Trace) -> Section | None:
    name = probes.probe("named_weight", trace)
    if name is None or probes.probe("weight_after", trace) is None:
        return None
    before = shown_weight(probes.probe("weight_before", trace))
    return Section(
        slug="backpropagation",
        claim="First the gradients, then the update",
        prose=[
            "Three lines, three jobs: clear, measure, move. Only the second of them is backpropagation; "
            f"the first makes room for it and the third uses it. Follow one weight, `{name}`, through "
            f"step 1. It begins at {before}."
        ],
        evidence=_ledger_claims(trace),
        table=_ledger(trace),
    )


def _ledger(trace: Trace) -> Table | None:
    if [line["id"] for line in trace.document["program"] if line["id"] in LEDGER] != list(LEDGER):
        return None
    before, gradient, after = (
        shown_weight(probes.probe(name, trace))
        for name in ("weight_before", "weight_gradient", "weight_after")
    )
    weight = str(probes.probe("named_weight", trace))
    columns = [{"text": "After this line", "kind": ""}, {"text": weight, "kind": "n code"}]
    columns += [
        {"text": "its gradient", "kind": "n code"},
        {"text": "What happened", "kind": "serif"},
    ]
    rows = [
        [
            "optimizer.zero_grad()",
            before,
            "None",
            "Clear: no gradient is left over. The weight is untouched.",
        ],
        [
            "loss.backward()",
            before,
            gradient,
            "Backward: the gradient is filled in. The weight has not moved.",
        ],
        ["optimizer.step()", after, gradient, f"Update: now it moves. {_move(trace)}"],
    ]
    made = table(
        "One weight through step 1", columns, rows, [set(), {2}, {1}], "5", "Ledger", "Step 1."
    )
    for row in made["rows"]:
        row["cells"][0]["kind"] = "code nowrap"
    return made


LEDGER = ("zero_grad", "backward", "step")


def _move(trace: Trace) -> str:
    """By how much, and what rule that was, where the numbers agree with the rule."""
    before, after, gradient = (
        float(probes.probe(name, trace) or 0.0)
        for name in ("weight_before", "weight_after", "weight_gradient")
    )
    spec = probes.spec_of(trace)
    move = after - before
    said = f"By {shown_weight(move, sign=True)}"
    if spec.optimizer in ("sgd", "momentum") and math.isclose(
        move, -spec.lr * gradient, rel_tol=1e-3
    ):
        return f"{said}: minus the learning rate {spec.lr:g} times the gradient."
    if spec.optimizer == "adam" and math.isclose(abs(move), spec.lr, rel_tol=0.01):
        return f"{said}: Adam's first step is about the learning rate {spec.lr:g}, whatever the gradient."
    return f"{said}."


def _ledger_claims(trace: Trace) -> list[str]:
    """How many parameters the first update moved."""
    start, end = probes.parameters_after(trace, 0), probes.parameters_after(trace, 1)
    if start is None or end is None:
        return []
    moved = sum(a != b for a, b in zip(start.flat, end.flat, strict=True))
    return [f"The first update moved {moved:,} of {len(start):,} parameters."]


def shown_weight(value: object, *, sign: bool = False) -> str:
    """Five decimals, so that sums on the page come out."""
    text = shown(float(value), 5) if isinstance(value, int | float) else "None"
    return f"+{text}" if sign and isinstance(value, float) and value > 0 else text
