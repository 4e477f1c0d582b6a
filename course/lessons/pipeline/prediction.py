"""The prediction trace of the page: one held-out row through the trained model."""

import math
from typing import Any

from course import drawings
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import capital
from course.replays import Replayed, replay
from trainer.engine import probes
from trainer.engine.names import Names
from trainer.engine.trace import Trace, as_float
from trainer.pages import shown


def prediction(trace: Trace, row: int) -> dict[str, Any] | None:
    """The row in its layers, or None where this run has no trained model or no runner is free."""
    last = trace.document["data"]["heldout_rows"] - 1
    row = min(row, last)
    replayed = replay("row", trace, row) if trace.has("parameters") else None
    if replayed is None:
        return None
    names = Names.of(trace.document)
    return {
        "row": row,
        "last": last,
        "previous": row - 1 if row > 0 else None,
        "next": row + 1 if row < last else None,
        "wide": drawings.prediction_wide(replayed, names),
        "tall": drawings.prediction_tall(replayed, names),
        "says": _says(trace, replayed, names),
        "table": _every_value(replayed, names),
        "history": drawings.prediction_history(replayed, names),
        "history_says": _history_says(trace, replayed),
        "history_table": _by_epoch(replayed, names),
    }


def _says(trace: Trace, replayed: Replayed, names: Names) -> str:
    """The outcome for this row, and how far such a confidence can be trusted."""
    predicted, label = replayed["predicted"], replayed["label"]
    sure = as_float(replayed["probabilities"][predicted])
    if sure is None or not math.isfinite(sure):
        return "The scores of this row are no numbers any more, so no class is ahead of another."
    verdict = (
        "which is its label" if predicted == label else f"but its label is {names.label(label)}"
    )
    winner = capital(names.label(predicted))
    said = f"{winner} gets the largest share, {shown(sure)}, {verdict}."
    hits, rows = (probes.probe(name, trace) for name in ("heldout_hits", "heldout_rows"))
    if hits is None:
        return said
    accuracy = shown(_of(trace, "heldout_accuracy"))
    return f"{said} Over all {rows} held-out rows the model is right on {hits}, {accuracy}."


def _of(trace: Trace, name: str) -> float | None:
    value = probes.probe(name, trace)
    return value if isinstance(value, float) else None


def _every_value(replayed: Replayed, names: Names) -> Table:
    columns = [{"text": text, "kind": kind} for text, kind in VALUE_COLUMNS]
    rows = [list(row) for row in drawings.prediction_rows(replayed, names)]
    return table("Every value of this row", columns, rows)


VALUE_COLUMNS = (("Layer", ""), ("Name", "code"), ("Value", "n code"))


def _history_says(trace: Trace, replayed: Replayed) -> str:
    """When the prediction became the label for good, and how many epochs' ends that is said of."""
    stored, ends = len(replayed["by_epoch"]) - 1, len(trace.document["epochs"])
    said = _way(replayed)
    whole = trace.document["status"] == "finished"
    return (
        f"{said} Stored are {stored} of {ends} epochs' ends." if whole and stored < ends else said
    )


def _way(replayed: Replayed) -> str:
    label = replayed["label"]
    right = [each["predicted"] == label and _known(each) for each in replayed["by_epoch"]]
    epochs = [each["epoch"] for each in replayed["by_epoch"]]
    if len(right) == 1:
        words = "would have" if right[0] else "would not have"
        return f"Before training it {words} been predicted right. No epoch came to its end."
    if not any(right):
        return "At no epoch's end would this row have been predicted right."
    if all(right):
        return "It would have been predicted right at every epoch's end, even before training."
    since = next(i for i in range(len(right)) if all(right[i:])) if right[-1] else None
    if since is None:
        return (
            f"It would have been right at {sum(right)} of {len(right)} points, and not at the end."
        )
    return f"It would have been predicted right from the end of epoch {epochs[since]} on."


def _known(each: Replayed) -> bool:
    return all(math.isfinite(float(value)) for value in each["probabilities"])


def _by_epoch(replayed: Replayed, names: Names) -> Table:
    columns = [{"text": "Epoch", "kind": "n"}]
    columns += [
        {"text": f"class {index}", "name": names.of_class(index), "kind": "n code"}
        for index in range(len(replayed["probabilities"]))
    ]
    columns.append({"text": "predicted", "kind": ""})
    rows = [list(row) for row in drawings.prediction_history_rows(replayed)]
    return table("Probabilities after each epoch", columns, rows)
