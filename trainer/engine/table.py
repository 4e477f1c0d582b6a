"""A data set of one's own: a table of numbers whose last column is the class, and its one spelling.

Standard library only. The spelling is the text that a spec carries, so whoever has the spec has
the rows, and equal tables are equal texts. It is ASCII: a line of JSON with the names, then a line
per row, numbers with commas between them and the place of the class among the names at the end.
How a file becomes a table is told in `trainer.engine.csv_file`.
"""

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trainer.engine.datasets import DATASETS, DataSet

OWN = "csv"
"""What a spec calls a data set of one's own."""

HELD_OUT = 4
"""One row in so many, rounded down, is never trained on."""

MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of numbers, the place of the class in `classes` last; `label` is what the class is of.

    features: a name for each column but the class.
    """

    features: tuple[str, ...]
    label: str
    classes: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, text: str) -> "Table":
        """Read the spelling."""
        head, *lines = text.splitlines()
        named = json.loads(head)
        return cls(
            tuple(named["features"]),
            named["label"],
            tuple(named["classes"]),
            tuple(tuple(float(number) for number in line.split(",")) for line in lines),
        )

    def text(self) -> str:
        """The one spelling of this table."""
        head = {
            "classes": self.classes,
            "decimals": self._decimals(),
            "features": self.features,
            "label": self.label,
        }
        lines = (",".join(map(spelled, row)) for row in self.rows)
        return "\n".join((json.dumps(head, separators=(",", ":")), *lines)) + "\n"

    def counts(self) -> dict[str, int]:
        """How many rows each class has, in the order of the classes."""
        found = Counter(int(row[-1]) for row in self.rows)
        return {name: found[index] for index, name in enumerate(self.classes)}

    def _decimals(self) -> int:
        """As many as it takes to write every number out, within reason."""
        numbers = {number for row in self.rows for number in row}
        return min(MOST_DECIMALS, max(map(_decimals_of, numbers), default=0))


def spelled(number: float) -> str:
    """The shortest text that is this number; whole numbers without a point."""
    return repr(number + 0.0).removesuffix(".0")


def _decimals_of(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def facts_of(dataset: str, table: str = "") -> DataSet:
    """What is known of the data set of a spec: one of the site's, or the one that it carries.

    Raises `KeyError` for one that is neither.
    """
    return _facts(table) if dataset == OWN and table else DATASETS[dataset]


def facts_of_spec(spec: dict[str, Any]) -> DataSet:
    """The same for the spec of a trace document."""
    return facts_of(spec["dataset"], spec.get("table", ""))


def _facts(text: str) -> DataSet:
    """Read off the first line, because this is asked often.

    Only the names in it are a learner's words: the rest goes into scripts and sentences.
    """
    named, rows = json.loads(text[: text.index("\n")]), text.count("\n") - 1
    heldout = rows // HELD_OUT
    columns = len(named["features"])
    return DataSet(
        title="own table",
        about=(
            f"The data are {rows:,} rows of a table that a learner brought, with "
            f"{columns} number{'' if columns == 1 else 's'} each. The class of a row is what its "
            "class column says."
        ),
        unit="as the file has them",
        decimals=named["decimals"],
        source="a file of a learner's own",
        licence="not known here",
        features=tuple(named["features"]),
        classes=tuple(named["classes"]),
        rows=rows - heldout,
        heldout=heldout,
    )
