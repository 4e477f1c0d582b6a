"""Stage 1: rows become shuffled batches."""

from itertools import pairwise

from course.lessons import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, table
from course.lessons.pipeline.wording import count
from trainer.engine.trace import Trace
from trainer.pages import shown


def tell(trace: Trace) -> Section | None:
    """None where no batch was dealt."""
    if not trace.has("first.x"):
        return None
    stage = trace.document["stages"][0]
    rows, batches = stage["in"]["x"][0], stage["out"]["batches"]
    dealt = [int(row) for row in trace.tensor("first.rows").flat]
    return Section(
        slug="data-loading",
        claim=f"{count(rows, 'row')} become {count(batches, 'batch', 'batches')}",
        prose=[_dealing(trace), _order(dealt)],
        given=_raw_rows(trace, dealt),
        evidence=[_passes(trace)],
        figure=drawings.batch_strip(trace),
        caption="Each cell is a batch, each row of cells an epoch. The first is open above.",
    )


def _dealing(trace: Trace) -> str:
    stage, data = trace.document["stages"][0], trace.document["data"]
    rows, first = stage["in"]["x"][0], stage["out"]["x"][0]
    last = stage["out"]["last_batch_rows"]
    said = (
        f"The loader shuffles the {count(rows, 'training row')} and deals them {first} at a time."
    )
    if last != first:
        said += f" The last batch of an epoch holds the {last} that are left."
    return f"{said} A row is {data['features']} raw measurements, `x`, and a class, `y`."


def _order(dealt: list[int]) -> str:
    """Say that the order was shuffled by naming two rows, where it was."""
    found = next(((a, b) for a, b in pairwise(dealt) if a > b), None)
    return f"Row {found[0]} of the data set came before row {found[1]}." if found else ""


def _passes(trace: Trace) -> str:
    document = trace.document
    batches = count(document["stages"][0]["out"]["batches"], "batch", "batches")
    epochs, steps = count(len(document["epochs"]), "epoch"), count(len(document["steps"]), "time")
    updates = count(document["updates"], "update")
    make = "makes" if batches.startswith("1 ") else "make"
    return (
        f"{batches} {make} one epoch. In {epochs} the batch body ran {steps}, with {updates} "
        "of the parameters."
    )


def _raw_rows(trace: Trace, dealt: list[int]) -> Table:
    features, x = trace.document["data"]["features"], trace.tensor("first.x")
    columns = [{"text": "row", "kind": "n"}]
    columns += [{"text": f"x[{index}]", "kind": "n code"} for index in range(features)]
    columns.append({"text": "y", "kind": "n code"})
    labels = trace.tensor("first.y").flat
    rows = [
        [str(dealt[index]), *(shown(value, 1) for value in x[index].flat), str(int(labels[index]))]
        for index in first_rows(trace)
    ]
    note = f"First {len(rows)} of {count(len(dealt), 'row')}, in raw units."
    made = table("The first rows of batch 1", columns, rows)
    return made | {"note_title": "Batch 1", "note": note}
