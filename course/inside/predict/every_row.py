"""All held-out rows at an epoch: which class is taken for which, how sure, and lists of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from course.drawings.grid import grid
from course.drawings.numerals import count
from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.heldout import confidence, confusion
from course.heldout.confidence import BINS, Bin, binned
from course.heldout.rows import Row, unknown, when
from course.lessons.pipeline.tables import Table, table
from trainer.engine.names import Names
from trainer.pages import shown

Context = dict[str, Any]
Address = Callable[[list[tuple[str, Any]], str], str]
"""The page with these choices added to its own, at a part of it."""

PER_PAGE = 40
SMALL = 10
"""In a bin of fewer rows one more or less right changes its share by more than a tenth."""


@dataclass(frozen=True, slots=True)
class EveryRow:
    """Held-out rows at an epoch, and how to lead to some of them."""

    rows: Sequence[Row]
    epoch: int
    names: Names
    address: Address

    def taken(self) -> Context:
        """The confusion matrix, each cell with rows a link to their list."""
        counts = confusion.table_of(self.rows, len(self.names.classes))
        title = f"Which class is taken for which, {when(self.epoch)}"
        says = confusion.told(self.rows, self.names) + unknown(self.rows)
        numbers = [str(each) for each in range(len(counts))]
        links = {
            (label, named): self._cell(label, named, number)
            for label, line in enumerate(counts)
            for named, number in enumerate(line)
            if number
        }
        heads = ("predicted class", "class")
        return {
            "title": title,
            "says": says,
            "drawing": grid(Told(title, says), heads, numbers, counts, links),
            "table": _counts(title, counts, self.names),
        }

    def _cell(self, label: int, named: int, number: int) -> tuple[str, str]:
        words = f"{count(number, 'row')} of {self.names.label(label)} predicted as "
        chosen = [("label", label), ("predicted", named)]
        return self.address(chosen, "rows"), f"{words}{self.names.label(named)}"

    def sure(self) -> Context | None:
        """How sure and how often right, a bin for each tenth; None where no share is a number."""
        rows = [row for row in self.rows if row.known]
        if not rows:
            return None
        bins = binned(rows)
        title = f"How sure and how often right, {when(self.epoch)}"
        says = confidence.told(rows, bins) + unknown(self.rows) + _small(bins)
        drawn = [
            Strip(f"0.{each.tenth}", f"{each.right}/{len(each.rows)}",
                  segments=[(each.accuracy, "ink-3")], mark=each.sure)
            for each in bins
        ]  # fmt: skip
        return {
            "title": title,
            "says": says,
            "drawing": strips(Told(title, says), ("sure", "from 0 to 1", "right"), drawn),
            "table": self._bins(title, bins),
            "surest": self._surest(rows),
        }

    def _bins(self, title: str, bins: Sequence[Bin]) -> Table:
        heads = ("Largest share", "Rows", "Right", "Share right", "Mean of the largest share")
        columns = [{"text": head, "kind": "n"} for head in heads]
        cells = [
            [each.span, str(len(each.rows)), str(each.right), shown(each.accuracy),
             shown(each.sure)]
            for each in bins
        ]  # fmt: skip
        made = table(title, columns, cells)
        for row, each in zip(made["rows"], bins, strict=True):
            row["cells"][1] |= {
                "href": self.address([("tenth", each.tenth)], "rows"),
                "told": f"{count(len(each.rows), 'row')} with a largest share of {each.span}",
            }
        return made

    def _surest(self, rows: Sequence[Row]) -> Context | None:
        """The wrong row that the model was surest of."""
        wrong = [row for row in rows if not row.right]
        if not wrong:
            return None
        row = max(wrong, key=lambda each: each.sure)
        return {
            "number": row.number,
            "href": self.address([("row", row.number)], "layers"),
            "says": f"{shown(row.sure)} for {self.names.label(row.predicted)}, "
            f"and its label is {self.names.label(row.label)}",
        }

    def listed(self, query: QueryDict) -> Context | None:
        """The rows of a cell or of a bin, if one was chosen; nothing of one that is none."""
        label, named, tenth = (_digit(query.get(name, "")) for name in CHOICES)
        if tenth is not None and tenth < BINS:
            rows = [row for row in self.rows if row.known]
            found = [each.rows for each in binned(rows) if each.tenth == tenth]
            title = f"Rows with a largest share of {Bin(tenth, []).span}"
            return self._list(title, found[0] if found else [], [("tenth", tenth)], query)
        if label is None or named is None or max(label, named) >= len(self.names.classes):
            return None
        rows = [row for row in self.rows if (row.label, row.predicted) == (label, named)]
        title = f"Rows of {self.names.label(label)} predicted as {self.names.label(named)}"
        return self._list(title, rows, [("label", label), ("predicted", named)], query)

    def _list(
        self, title: str, rows: Sequence[Row], chosen: list[tuple[str, Any]], query: QueryDict
    ) -> Context:
        page = Paginator(rows, PER_PAGE).get_page(query.get("page"))
        columns = [{"text": text, "kind": kind} for text, kind in LISTED]
        cells = [
            [str(row.number), self.names.label(row.label), self.names.label(row.predicted),
             shown(row.sure if row.known else math.nan)]
            for row in page
        ]  # fmt: skip
        made = table(title, columns, cells) | {"narrow": True}
        for line, row in zip(made["rows"], page, strict=True):
            to = self.address([("row", row.number), *chosen], "layers")
            line["cells"][0] |= {"href": to, "told": f"Held-out row {row.number}"}
        return {
            "title": title,
            "says": f"{count(len(rows), 'row')}. A number leads to that row in its layers.",
            "table": made if rows else None,
            "page": page,
            "chosen": chosen,
        }


CHOICES = ("label", "predicted", "tenth")
LISTED = (("Row", "n"), ("Class", ""), ("Predicted", ""), ("Largest share", "n"))


def _small(bins: Sequence[Bin]) -> str:
    small = sum(len(each.rows) < SMALL for each in bins)
    if not small:
        return ""
    hold = "holds" if small == 1 else "hold"
    return (
        f" {small} of {count(len(bins), 'bin')} {hold} fewer than {SMALL} rows: there a single row "
        f"changes the share right by more than a tenth."
    )


def _counts(title: str, counts: Sequence[Sequence[int]], names: Names) -> Table:
    columns = [{"text": "Class", "kind": ""}]
    columns += [{"text": f"predicted {each}", "kind": "n"} for each in range(len(counts))]
    rows = [[names.label(index), *map(str, line)] for index, line in enumerate(counts)]
    return table(title, columns, rows)


def _digit(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 2 else None  # noqa: PLR2004
