"""Stage 1: rows become shuffled batches."""

from course.lessons import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, table
from course.lessons.pipeline.wording import count
from trainer.engine.trace import Trace
from trainer.pages import shown


def tell(trace: Trace) -> Section | None:
    if not trace.has("first.x"):
        return None
    stage = trace.document["stages"][0]
    rows, batches = stage["in"]["x"][0], stage["out"]["batches"]
    first, last = stage["out"]["x"][0], stage["out"]["last_batch_rows"]
    ragged = f" The last batch of an epoch holds the {last} that are left." if last != first else ""
    dealt = [int(row) for row in trace.tensor("first.rows").flat]
    prose = [
        f"The loader shuffles the {count(rows, 'training row')} and deals them {first} at a time."
        f"{ragged} A row is {trace.document['data']['features']} raw measurements, `x`, and a class, `y`.",
        _order(dealt),
    ]
    epochs = len(trace.document["epochs"])
    return Section(
        slug="data-loading",
        claim=f"{count(rows, 'row')} become {count(batches, 'batch', 'batches')}",
        prose=[text for text in prose if text],
        given=_raw_rows(trace, dealt),
        evidence=[
            f"{count(batches, 'batch', 'batches')} make one epoch. In {count(epochs, 'epoch')} the "
            f"batch body ran {count(len(trace.document['steps']), 'time')}, "
            f"with {count(trace.document['updates'], 'update')} of the parameters."
        ],
        figure=drawings.batch_strip(trace),
        caption="Each cell is a batch, each row of cells an epoch. The first is open above.",
    )


def _order(dealt: list[int]) -> str:
    """That the order was shuffled, shown by two rows, where it was."""
    pairs = zip(dealt, dealt[1:], strict=False)
    found = next(((a, b) for a, b in pairs if a > b), None)
    return f"Row {found[0]} of the data set came before row {found[1]}." if found else ""


def _raw_rows(trace: Trace, dealt: list[int]) -> Table:
    features = trace.document["data"]["features"]
    columns = [{"text": "row", "kind": "n"}]
    columns += [{"text": f"x[{index}]", "kind": "n code"} for index in range(features)]
    columns.append({"text": "y", "kind": "n code"})
    labels = trace.tensor("first.y").flat
    rows = [
        [
            str(dealt[i]),
            *(shown(value, 1) for value in trace.tensor("first.x")[i].flat),
            str(int(labels[i])),
        ]
        for i in first_rows(trace)
    ]
    note = f"First {len(rows)} of {count(len(dealt), 'row')}, in raw units."
    return table("The first rows of batch 1", columns, rows, note_title="Batch 1", note=note)
