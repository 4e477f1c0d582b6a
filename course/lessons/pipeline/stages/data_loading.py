"""Stage 1: rows become shuffled batches."""

from itertools import pairwise

from course import drawings
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.tables import Table, first_rows, table
from course.lessons.pipeline.wording import count
from trainer.engine.names import Names
from trainer.engine.table import facts_of_spec
from trainer.engine.trace import Trace
from trainer.pages import moves, raw, source_of, whole_passes


def tell(trace: Trace) -> Section | None:
    """None where no batch was dealt."""
    if not trace.has("first.x"):
        return None
    rows, batches = trace.document["data"]["train_rows"], batches_of(trace)
    dealt = [int(row) for row in trace.tensor("first.rows").flat]
    return Section(
        slug="data-loading",
        claim=f"{count(rows, 'row')} become {count(batches, 'batch', 'batches')}",
        prose=[_data(trace), _dealing(trace), _order(dealt)],
        given=_raw_rows(trace, dealt),
        evidence=[_passes(trace)],
        figure=drawings.batch_strip(trace),
        caption="Each cell is a batch, each row of cells an epoch. The first is open above.",
    )


def batches_of(trace: Trace) -> int:
    """Batches in a whole epoch, which a run that ended early did not see."""
    return -(-int(trace.document["data"]["train_rows"]) // len(trace.tensor("first.x")))


def _data(trace: Trace) -> str:
    """What data these are, and what the classes stand for where they stand for something."""
    names = Names.of(trace.document)
    classes = [names.of_class(index) for index in range(len(names.classes))]
    said = facts_of_spec(trace.document["spec"]).about
    if not all(classes):
        return said
    others = (f", {index} {name}" for index, name in enumerate(classes[1:], 1))
    return f"{said} In `y`, 0 means {classes[0]}{''.join(others)}."


def _dealing(trace: Trace) -> str:
    data, first = trace.document["data"], len(trace.tensor("first.x"))
    rows = data["train_rows"]
    left = rows % first
    said = (
        f"The loader shuffles the {count(rows, 'training row')} and deals them {first} at a time."
    )
    if left:
        those = "one that is" if left == 1 else f"{left} that are"
        said += f" The last batch of an epoch holds the {those} left."
    return f"{said} A row is {data['features']} raw numbers, `x`, and a class, `y`."


def _order(dealt: list[int]) -> str:
    """Say that the order was shuffled by naming two rows, where it was."""
    found = next(((a, b) for a, b in pairwise(dealt) if a > b), None)
    return f"Training row {found[0]} came before training row {found[1]}." if found else ""


def _passes(trace: Trace) -> str:
    document, batches = trace.document, batches_of(trace)
    epochs, steps = count(len(document["epochs"]), "epoch"), count(len(document["steps"]), "time")
    make = "makes" if batches == 1 else "make"
    said = f"{count(batches, 'batch', 'batches')} {make} one epoch. In {epochs} the batch body ran"
    calls, moved = document["updates"], moves(document)
    if calls == moved:
        return f"{said} {steps}, with {count(calls, 'update')} of the parameters."
    whole = whole_passes(document)
    these = "these passes" if whole == len(document["steps"]) else f"the {whole:,} whole passes"
    return (
        f"{said} {steps}, with {count(calls, 'call')} of `optimizer.step()`; parameters moved in "
        f"{moved:,} of {these}."
    )


def _raw_rows(trace: Trace, dealt: list[int]) -> Table:
    names, x = Names.of(trace.document), trace.tensor("first.x")
    columns = [{"text": "row", "kind": "n"}]
    columns += [
        {"text": f"x[{index}]", "name": names.feature(index), "kind": "n code"}
        for index in range(len(names.features))
    ]
    columns.append({"text": "y", "kind": "n code"})
    labels = trace.tensor("first.y").flat
    known = facts_of_spec(trace.document["spec"])
    rows = [
        [
            str(dealt[index]),
            *(raw(value, known) for value in x[index].flat),
            f"{int(labels[index])} {names.of_class(int(labels[index]))}".strip(),
        ]
        for index in first_rows(trace)
    ]
    note = f"First {len(rows)} of {count(len(dealt), 'row')}, {known.unit}. {source_of(known)}"
    made = table("The first rows of batch 1", columns, rows)
    return made | {"note_title": "Batch 1", "note": note}
