"""What the pages of data sets show, as plain data for templates."""

from typing import Any

from course.accounts.models import User
from course.lab.data.deleting import would_be_lost
from course.lab.data.forms import DataSetForm
from course.lessons.pipeline.tables import Table as Shown
from course.lessons.pipeline.tables import table as shown_table
from course.lessons.pipeline.wording import count
from trainer.engine import csv_file
from trainer.engine.datasets import DataSet
from trainer.engine.table import Table
from trainer.forms import RunForm
from trainer.own_tables import OwnTable
from trainer.pages import new_nonce, raw, run_row, shown
from trainer.tables import MOST

FIRST_ROWS = 5
LATEST_RUNS = 5

TEXT = f"UTF-8 text of up to {csv_file.MAX_BYTES // 1000} KB."
NAMES = f"The first row names the columns, {csv_file.MAX_NAME} characters at most each."
ROWS = (
    f"{csv_file.MIN_ROWS} to {csv_file.MAX_ROWS:,} rows below it, with commas, semicolons or tabs "
    "between the values. No value may be missing."
)
NUMBERS = (
    f"1 to {csv_file.MAX_COLUMNS} columns of numbers, written with a point, as in 5.1, and up to "
    f"{csv_file.MAX_DIGITS} digits before it."
)
CLASS = (
    f"One column with the class: {csv_file.MIN_CLASSES} to {csv_file.MAX_CLASSES} different "
    f"values, each in {csv_file.MIN_OF_CLASS} rows or more."
)
LIMITS = (TEXT, NAMES, ROWS, NUMBERS, CLASS)


def listed(learner: User | None, form: DataSetForm) -> dict[str, Any]:
    """One's data sets and the form for another."""
    own = OwnTable.objects.of(learner)
    return {
        "form": form,
        "limits": LIMITS,
        "most": MOST,
        "tables": [{"table": each, "says": sizes(each.facts)} for each in own],
    }


def sizes(facts: DataSet) -> str:
    """A data set in numbers."""
    return ", ".join(
        (
            count(facts.rows + facts.heldout, "row"),
            count(len(facts.features), "column of numbers", "columns of numbers"),
            f"{len(facts.classes)} classes",
        )
    )


def understood(own: OwnTable) -> dict[str, Any]:
    """Everything that the page of a data set shows."""
    table, facts = Table.of(own.text), own.facts
    lost = would_be_lost(own)
    runs = own.runs.select_related("trace").defer("trace__tensors")[:LATEST_RUNS]
    return {
        "own": own,
        "says": sizes(facts),
        "split": _split(facts),
        "label": table.label,
        "classes": _classes(table),
        "columns": _columns(table, facts),
        "rows": _rows(table, facts),
        "runs": [run_row(run) for run in runs],
        "lost": lost,
        "lost_runs": count(lost.runs, "run"),
        "lost_answers": count(lost.answers, "answer"),
        "settings": RunForm.suited_to(own),
        "nonce": new_nonce(),
    }


def _split(facts: DataSet) -> str:
    return (
        f"{count(facts.rows, 'row')} are there to train on. {count(facts.heldout, 'row')}, one in "
        "four, are held out and only measured on. The data seed says which."
    )


def _classes(table: Table) -> list[dict[str, Any]]:
    """How many rows each class has: the number by which a run knows it, name, rows, share."""
    rows = len(table.rows)
    return [
        {"number": number, "name": name, "rows": rows_of_it, "share": shown(rows_of_it / rows)}
        for number, (name, rows_of_it) in enumerate(table.counts().items())
    ]


def _columns(table: Table, facts: DataSet) -> Shown:
    heads = ("Column", "Name", "Lowest", "Highest", "Different values")
    kinds = ("code", "", "n", "n", "n")
    columns = [{"text": head, "kind": kind} for head, kind in zip(heads, kinds, strict=True)]
    rows = []
    for index, name in enumerate(table.features):
        values = {row[index] for row in table.rows}
        ends = [raw(end(values), facts) for end in (min, max)]
        rows.append([f"x[{index}]", name, *ends, f"{len(values):,}"])
    return shown_table("The columns of numbers", columns, rows)


def _rows(table: Table, facts: DataSet) -> Shown:
    """The first rows, as they were understood."""
    columns = [{"text": "row", "kind": "n"}]
    columns += [
        {"text": f"x[{index}]", "name": name, "kind": "n code"}
        for index, name in enumerate(table.features)
    ]
    columns.append({"text": "y", "name": table.label, "kind": "code"})
    rows = [
        [
            str(number),
            *(raw(value, facts) for value in row[:-1]),
            f"{int(row[-1])} {facts.classes[int(row[-1])]}",
        ]
        for number, row in enumerate(table.rows[:FIRST_ROWS])
    ]
    return shown_table("The first rows", columns, rows)
