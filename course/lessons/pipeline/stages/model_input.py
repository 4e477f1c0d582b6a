"""Stage 3: scaled rows go in, logits come out."""

import math

from course import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, row_number, table
from course.lessons.pipeline.wording import count
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import VOCABULARY
from trainer.pages import shown

NEAR_ONE = 2e-3
"""Nearer to 1 the sum of three rounded figures may be 1 as well."""


def tell(trace: Trace) -> Section | None:
    """None where the model was not reached."""
    if not (trace.has("first.logits") and trace.has("first.hidden")):
        return None
    data, scaled = trace.document["data"], "scaled " if trace.has("first.scaled") else ""
    features, classes = (
        count(data["features"], "number"),
        count(data["classes"], "class", "classes"),
    )
    size = f"{probes.probe('parameter_count', trace):,}"
    prose = (
        f"Each row of the {scaled}batch goes through the model on its own: {features} in, one "
        f"score for each of {classes} out. The {size} parameters are the same for every row."
    )
    return Section(
        slug="model-input",
        claim=f"{features} in, {count(data['classes'], 'score')} out",
        prose=[prose],
        drawing=drawings.forward_layers_wide(trace),
        drawing_tall=drawings.forward_layers_tall(trace),
        evidence=_claims(trace),
        table=_rows(trace),
    )


def _claims(trace: Trace) -> list[str]:
    """What tells logits from probabilities, counted over the batch."""
    logits = [list(row.flat) for row in trace.tensor("first.logits")]
    ones = sum(abs(math.fsum(row) - 1) < NEAR_ONE for row in logits)
    below = sum(min(row) < 0 for row in logits)
    holds = "holds" if below == 1 else "hold"
    claims = [f"{below} of {count(len(logits), 'row')} {holds} a score below 0."] if below else []
    if not ones:
        claims.append("No row sums to 1. They are logits: any sign, no fixed sum.")
    return [" ".join(claims)]


def _rows(trace: Trace) -> Table:
    classes = trace.document["data"]["classes"]
    columns = [{"text": "row", "kind": "n"}]
    columns += [{"text": f"class {index}", "kind": "n code"} for index in range(classes)]
    columns += [{"text": "sum", "kind": "n code"}, {"text": "label y", "kind": "n code"}]
    rows, marks = [], []
    for index in first_rows(trace):
        logits = list(trace.tensor("first.logits")[index].flat)
        label = str(int(trace.tensor("first.y").flat[index]))
        # Of the rounded figures, so that the sum agrees with what stands beside it.
        total = math.fsum(round(value, 3) for value in logits)
        rows.append([row_number(trace, index), *map(shown, logits), shown(total), label])
        marks.append({1 + logits.index(max(logits))})
    made = table("Logits of the first rows", columns, rows, marks, "3")
    note = "Largest of each row marked."
    if _untrained(trace):
        note += " The model has learned nothing yet."
    return made | {"note_title": "Logits", "note": note}


def _untrained(trace: Trace) -> bool:
    """Whether these logits come before the first update."""
    lines = [VOCABULARY[line["id"]] for line in trace.document["program"]]
    last = max(place for place, line in enumerate(lines) if line.label == "forward")
    return all(line.id != "step" for line in lines[:last])
