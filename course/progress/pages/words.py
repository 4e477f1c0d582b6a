"""Numbers and tables as the pages of one's progress write them."""

from collections.abc import Sequence
from typing import Any

DASH = "\N{EN DASH}"
SPACE = "\N{NO-BREAK SPACE}"


def amount(value: float) -> str:
    """Points or answers: whole, or with up to two decimals where one earned a part."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def of(reached: float, whole: float) -> str:
    """So much of so much."""
    return f"{amount(reached)} of {amount(whole)}"


def percent(share: float) -> str:
    """A share of 1 in whole percent."""
    return f"{100 * share:.0f}{SPACE}%"


def listed(words: Sequence[str]) -> str:
    """`Loss`, `Loss and Preprocessing`, `Loss, Preprocessing and Data loading`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def table(
    label: str, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """A table for its partial. heads: words and the kind of the column; first cells head rows."""
    kinds = [kind for _, kind in heads]
    return {
        "label": label,
        "narrow": True,
        "columns": [{"text": text, "kind": kind} for text, kind in heads],
        "rows": [{"cells": _cells(row, kinds)} for row in rows],
    }


def _cells(row: Sequence[str], kinds: Sequence[str]) -> list[dict[str, Any]]:
    cells = zip(row, kinds, strict=True)
    return [{"text": text, "kind": kind, "head": at == 0} for at, (text, kind) in enumerate(cells)]
