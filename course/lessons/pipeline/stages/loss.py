"""Stage 4: logits and labels become one number."""

import math

from course import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, row_number, table
from course.lessons.pipeline.wording import count
from trainer.engine.trace import Trace
from trainer.pages import shown

NATS = "Losses are in nats: natural logarithms, not bits."
CAPTION = (
    f"One dot per row of batch 1. The line is their mean, which is the loss of the batch. {NATS}"
)
CAPTION_ANEW = f"One dot per row of batch 1. The line is their mean. {NATS}"
ANEW = (
    "A criterion makes one loss of a batch, the mean over its rows. Here the scores were made anew "
    "after that line: what stands below is what they cost now."
)

SMALL = 0.01


def tell(trace: Trace) -> Section | None:
    """None where no loss was computed."""
    if not trace.has("first.row_losses") or not trace.document["stages"][3]["out"]:
        return None
    rows, whole = len(trace.tensor("first.row_losses")), drawings.mean_is_loss(trace)
    prose = (
        "Softmax turns the scores of a row into probabilities. Of these the criterion looks at "
        "one: how much did the true class get? The loss of a row is minus the natural logarithm "
        "of that."
    )
    mean = f"The loss of the batch is the mean over its {count(rows, 'row')}." if whole else ANEW
    return Section(
        slug="loss",
        claim=f"{count(rows, 'row')} become one number" if rows > 1 else "One row, one number",
        prose=[f"{prose} {mean}"],
        figure=drawings.row_losses_wide(trace),
        tall=drawings.row_losses_tall(trace),
        caption=CAPTION if whole else CAPTION_ANEW,
        table=_rows(trace),
    )


def _rows(trace: Trace) -> Table:
    columns = [{"text": "row", "kind": "n"}, {"text": "label y", "kind": "n code"}]
    columns += [
        {"text": "probability of y", "kind": "n code"},
        {"text": "its −ln", "kind": "n code"},
    ]
    rows = []
    for index in first_rows(trace):
        loss = trace.tensor("first.row_losses").flat[index]
        label = str(int(trace.tensor("first.y").flat[index]))
        rows.append([row_number(trace, index), label, _share(math.exp(-loss)), shown(loss, 4)])
    return table("Loss of the first rows", columns, rows) | {"narrow": True}


def _share(probability: float) -> str:
    """Digits enough for its logarithm to come out as it is printed beside it."""
    if probability < SMALL:
        return f"{probability:.4e}"
    return shown(probability, 6)
