"""Numbers as the figures of lessons write them, read back."""

import math
import re

from trainer.engine.trace import Document

NUMBER = r"(−?\d[\d,]*(?:\.\d+)?(?:e[+−-]?\d+)?)"
COLUMN = r"x\[(\d+)\](?: \([^()]*\))?"


def near(written: str, exact: float) -> None:
    """The value, to the digits that are written: 32 bits have about seven."""
    read = float(written.replace("−", "-").replace(",", ""))
    if "e" in written:
        digits = len(written.partition("e")[0].partition(".")[2])
        assert math.isclose(read, exact, rel_tol=0.51 * 10.0**-digits), (written, exact)
        return
    digits = len(written.partition(".")[2])
    assert abs(read - exact) <= 0.5001 * 10.0**-digits + 2e-6 * abs(exact), (written, exact)


def cells(table: Document | None) -> list[list[str]]:
    """The words of a table, row by row."""
    assert table
    return [[cell["text"] for cell in row["cells"]] for row in table["rows"]]


def column_of(name: str) -> int:
    """Which column `x[3]` or `x[3] (petal width)` is."""
    found = re.fullmatch(COLUMN, name)
    assert found, name
    return int(found[1])
