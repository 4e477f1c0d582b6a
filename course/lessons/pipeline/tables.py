"""Tables as the table partial writes them."""

from typing import Any

from trainer.engine.trace import Trace

ROWS = 4
"""Rows of a batch that a table shows."""

Table = dict[str, Any]


def table(
    label: str,
    columns: list[dict[str, str]],
    rows: list[list[str]],
    marks: list[set[int]] | None = None,
    stage: str = "",
) -> Table:
    """A table as the partial writes it; `marks` are the tinted cells of each row."""
    made = []
    for index, row in enumerate(rows):
        lit = marks[index] if marks else set()
        cells = [
            {"text": text, "kind": columns[at]["kind"], "mark": at in lit, "head": at == 0}
            for at, text in enumerate(row)
        ]
        made.append({"cells": cells, "stage": stage})
    return {"label": label, "columns": columns, "rows": made}


def first_rows(trace: Trace) -> range:
    """Places of the rows of batch 1 that tables show."""
    return range(min(ROWS, len(trace.tensor("first.y"))))


def row_number(trace: Trace, index: int) -> str:
    """Which row of the data set that is."""
    return str(int(trace.tensor("first.rows").flat[index]))
