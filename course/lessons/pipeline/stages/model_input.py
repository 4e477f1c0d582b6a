"""Stage 3: scaled rows go in, logits come out."""

import math

from course.lessons import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, row_number, table
from course.lessons.pipeline.wording import count
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.pages import shown


def tell(trace: Trace) -> Section | None:
    if not (trace.has("first.logits") and trace.has("first.hidden")):
        return None
    data = trace.document["data"]
    parameters = probes.probe("parameter_count", trace)
    return Section(
        slug="model-input",
        claim=f"{count(data['features'], 'number')} in, {count(data['classes'], 'score')} out",
        prose=[
            f"Each row of the scaled batch goes through the model on its own: {data['features']} numbers "
            f"in, one score for each of {data['classes']} classes out. The {parameters:,} parameters "
            "are the same for every row."
        ],
        drawing=drawings.forward_layers_wide(trace),
        drawing_tall=drawings.forward_layers_tall(trace),
        evidence=_logit_claims(trace),
        table=_logit_rows(trace),
    )


def _logit_claims(trace: Trace) -> list[str]:
    logits = [list(row.flat) for row in trace.tensor("first.logits")]
    ones = sum(abs(math.fsum(row) - 1) < 1e-4 for row in logits)  # noqa: PLR2004
    below = sum(min(row) < 0 for row in logits)
    claims = [f"{below} of {count(len(logits), 'row')} hold a score below 0."] if below else []
    if not ones:
        claims.append("No row sums to 1. They are logits: any sign, no fixed sum.")
    return [" ".join(claims)] if claims else []


def _logit_rows(trace: Trace) -> Table:
    classes = trace.document["data"]["classes"]
    columns = [{"text": "row", "kind": "n"}]
    columns += [{"text": f"class {index}", "kind": "n code"} for index in range(classes)]
    columns += [{"text": "sum", "kind": "n code"}, {"text": "label y", "kind": "n code"}]
    rows, marks = [], []
    for index in first_rows(trace):
        logits = list(trace.tensor("first.logits")[index].flat)
        label = str(int(trace.tensor("first.y").flat[index]))
        total = math.fsum(round(value, 3) for value in logits)
        rows.append([row_number(trace, index), *map(shown, logits), shown(total), label])
        marks.append({1 + logits.index(max(logits))})
    note = "Largest of each row marked. Before the first update they say little."
    return table("Logits of the first rows", columns, rows, marks, "3", "Logits", note)
