"""Tables of the lab as the table partial writes them."""

from collections.abc import Sequence
from typing import Any

Table = dict[str, Any]


def table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]], lit: int = -1) -> Table:
    """Figures in rows, the first cell of each its name; `lit` is a row that the page speaks of."""
    columns = [{"text": head, "kind": "n" if at else ""} for at, head in enumerate(heads)]
    made = [
        {"cells": [_cell(text, at) for at, text in enumerate(row)], "lit": number == lit}
        for number, row in enumerate(rows)
    ]
    return {"label": label, "columns": columns, "rows": made}


def _cell(text: str, at: int) -> dict[str, object]:
    return {"text": text, "kind": "n" if at else "", "head": at == 0}
