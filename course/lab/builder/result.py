"""What came of a run, beside the same settings under the correct loop."""

from typing import Any

from course.accounts.models import User
from course.lab.builder.desk import address_of
from course.lab.builder.form import LabForm
from trainer.charts import Chart, curves
from trainer.curve import comparison_curve
from trainer.engine.program import Program
from trainer.engine.trace import Document, Trace
from trainer.figures import comparison_figure
from trainer.likeness import ended_alike, is_late, stood_still
from trainer.models import Run
from trainer.pages import (
    badge_of,
    error_of,
    headline,
    moves,
    program_lines,
    shown,
    whole_passes,
)
from trainer.pairs import found_in
from trainer.runs import Asked

Context = dict[str, Any]

THIS, CORRECT = "this loop", "correct"
COMPARED = {
    "running_loss": "Running loss (cross-entropy)",
    "heldout_accuracy": "Held-out accuracy (share of rows)",
}
FIGURES = {
    "running_loss": "Running loss, last epoch",
    "heldout_loss": "Held-out loss",
    "heldout_accuracy": "Held-out accuracy",
}


def result(learner: User | None, run: Run | None) -> Context:
    """The run of an address, with the correct loop beside it where that was run too."""
    if run is None:
        return {}
    correct = None
    if not is_correct(run) and run.trace:
        asked = Asked(run.run_spec(), Program.correct(), run.table)
        correct = found_in(Run.objects.visible_to(learner), asked)
    return told(run, correct)


def is_correct(run: Run) -> bool:
    """Whether its program is the correct loop."""
    return run.program == Program.correct().spelling()


def told(run: Run, correct: Run | None) -> Context:
    """The result of a run. correct: the run beside it, None where there is none."""
    trace, other = run.load(), correct.load() if correct else None
    shown_run: Context = {"run": run, "badge": badge_of(run), "whole": run.get_absolute_url()}
    if trace is None:
        return shown_run
    document = trace.document
    shown_run |= {
        "document": document,
        "headline": headline(run, document),
        "error": error_of(document),
        "card": failed_card(document),
        "program": program_lines(document),
        "share": share(run),
        "says": says(trace, other),
    }
    if other is None or correct is None:
        charts = curves(trace) if document["epochs"] else []
        return shown_run | {"charts": charts, "is_correct": is_correct(run)}
    return shown_run | {
        "correct": badge_of(correct),
        "charts": compared(trace, other),
        "table": table(document, other.document),
    }


def failed_card(document: Document) -> int:
    """Which line of the program the error is in, as its cards are counted; 0 without one.

    A line may take several rows of text, and an error tells its row.
    """
    row = document["error"]["line"] if document["error"] else 0
    for number, line in enumerate(document["program"] if row > 0 else (), 1):
        row -= line["source"].count("\n") + 1
        if row <= 0:
            return number
    return 0


def share(run: Run) -> str:
    """The address of its settings and lines, which everybody may open."""
    return address_of(LabForm.of({}, run.form(), run.program).given())


def compared(trace: Trace, other: Trace) -> list[Chart]:
    """Both runs over each other, by epoch."""
    labels = THIS, CORRECT
    charts = [
        {
            "title": title,
            "figure": comparison_figure(trace, other, labels, field),
            "svg": comparison_curve(trace, other, labels, field),
            "says": _ends(trace.document, other.document, field),
            "table": _by_epoch(trace.document, other.document, field, title),
        }
        for field, title in COMPARED.items()
    ]
    return [chart for chart in charts if chart["figure"]]


def _ends(mine: Document, theirs: Document, field: str) -> str:
    own, other = (_last(each, field) for each in (mine, theirs))
    return f"Solid: this loop, {own} at the end. Dashed: the correct loop, {other}."


def _by_epoch(mine: Document, theirs: Document, field: str, title: str) -> Context:
    values = [
        {each["epoch"]: shown(each[field]) for each in document["epochs"]}
        for document in (mine, theirs)
    ]
    epochs = sorted({*values[0], *values[1]})
    rows = [[str(epoch), *(each.get(epoch, "") for each in values)] for epoch in epochs]
    return _table(title, ("Epoch", "This loop", "Correct loop"), rows)


def table(mine: Document, theirs: Document) -> Context:
    """What came of both, figure by figure."""
    rows = [
        [title, *(_last(each, field) for each in (mine, theirs))]
        for field, title in FIGURES.items()
    ]
    rows.append(["Calls of step()", *(f"{each['updates']:,}" for each in (mine, theirs))])
    rows.append(
        [
            "Whole passes in which parameters moved",
            *(f"{moves(each):,} of {whole_passes(each):,}" for each in (mine, theirs)),
        ]
    )
    rows.append(["Ended", *(each["status"] for each in (mine, theirs))])
    return _table("This loop and the correct one", ("Figure", "This loop", "Correct loop"), rows)


def _last(document: Document, field: str) -> str:
    """The figure of the last epoch."""
    value = document["epochs"][-1][field] if document["epochs"] else None
    return "not measured" if value is None else shown(value)


def _table(label: str, heads: tuple[str, ...], rows: list[list[str]]) -> Context:
    kinds = ("", "n", "n")
    return {
        "label": label,
        "narrow": True,
        "columns": [{"text": h, "kind": k} for h, k in zip(heads, kinds, strict=True)],
        "rows": [
            {
                "cells": [
                    {"text": text, "kind": kind, "head": place == 0}
                    for place, (text, kind) in enumerate(zip(row, kinds, strict=True))
                ]
            }
            for row in rows
        ],
    }


def says(trace: Trace, other: Trace | None) -> list[str]:
    """What is sure of this run, in sentences; each is measured or left out."""
    said = []
    if stood_still(trace):
        said.append(_still(trace.document))
    if other is not None and trace.document["status"] == "finished":
        if ended_alike(trace, other):
            said.append("It ended with the parameters of the correct loop, bit for bit.")
        elif is_late(trace, other):
            said.append(
                "It is the correct loop, one step late: after each step it has the parameters "
                "that the correct loop had a step before, bit for bit."
            )
    return said


def _still(document: Document) -> str:
    calls = document["updates"]
    if not calls:
        return "It never moved a parameter: no line called step()."
    times = "once" if calls == 1 else f"{calls:,} times"
    return f"It never moved a parameter: step() was called {times} and changed nothing."
