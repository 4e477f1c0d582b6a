"""The curves of both runs of an experiment over each other."""

from typing import Any

from trainer import figures
from trainer.curve import comparison_curve
from trainer.engine.trace import Document, Trace, as_float
from trainer.pages import shown

LABELS = ("this run", "beside it")
MEASURED = {
    "running_loss": "Running loss, as the program computed it",
    "heldout_accuracy": "Held-out accuracy, measured by the course after each epoch",
}


def curves(run: Trace, beside: Trace) -> list[dict[str, Any]]:
    """Loss and accuracy by epoch; a measure that one of the two lacks is left out."""
    return [
        {
            "title": title,
            "figure": figure,
            "svg": comparison_curve(run, beside, LABELS, field),
            "says": f"Solid: this run. Dashed: the run beside it. {_ends(run, beside, field)}",
            "table": _table(title, run, beside, field),
        }
        for field, title in MEASURED.items()
        if (figure := figures.comparison_figure(run, beside, LABELS, field))
    ]


def _ends(run: Trace, beside: Trace, field: str) -> str:
    (_, ours), (_, theirs) = (_last(each.document, field) for each in (run, beside))
    return f"They end at {ours} and {theirs}."


def _last(document: Document, field: str) -> tuple[int, str]:
    known = [each for each in document["epochs"] if as_float(each[field]) is not None]
    return known[-1]["epoch"], shown(known[-1][field])


def _table(title: str, run: Trace, beside: Trace, field: str) -> dict[str, Any]:
    """The numbers of a chart, one row per epoch of the longer run."""
    columns = [
        {each["epoch"]: each[field] for each in trace.document["epochs"]} for trace in (run, beside)
    ]
    rows = [
        {
            "cells": [
                {"text": str(epoch), "kind": "n", "head": True},
                *({"text": shown(column.get(epoch)), "kind": "n"} for column in columns),
            ]
        }
        for epoch in sorted({*columns[0], *columns[1]})
    ]
    heads = ("Epoch", "This run", "Beside it")
    return {
        "label": title,
        "columns": [{"text": head, "kind": "n"} for head in heads],
        "rows": rows,
        "narrow": True,
    }
