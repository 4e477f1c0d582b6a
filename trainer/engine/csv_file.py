"""From the bytes of a CSV file to a table, or to the reasons why they are none.

Standard library only. Any bytes give one or the other. Rows are counted as spreadsheets count
them: the line of names is row 1.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from trainer.engine.table import Table

MAX_BYTES = 200_000
MIN_ROWS, MAX_ROWS = 30, 1_500
MAX_COLUMNS = 64
"""Of numbers: the class comes on top."""
MIN_CLASSES, MAX_CLASSES = 2, 10
MIN_OF_CLASS = 5
MAX_NAME = 40
MAX_DIGITS = 15
"""Of a number, before its point."""
MOST_REASONS = 10

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}

_NUMBER = re.compile(
    r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?", re.ASCII
)
_WITH_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+", re.ASCII)
_PAGE = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml)\b", re.IGNORECASE)
_NO_NUMBERS = {"nan", "inf", "infinity", "na", "n/a", "null", "none", "?"}
_SHOWN = 20

Rows = list[tuple[int, list[str]]]
"""Cells without the blanks around them, and the number of their row."""


class NoTable(ValueError):
    """Why a file is no table: the first reasons, a sentence each, and how many more there are."""

    def __init__(self, reasons: Iterable[str]) -> None:
        found = iter(reasons)
        self.reasons = list(islice(found, MOST_REASONS))
        self.more = sum(1 for _ in found)
        super().__init__(" ".join(self.reasons))


def read(raw: bytes, label: str = "") -> Table:
    """The table of a file; `label` names its class column, the last one if it is left out.

    Raises `NoTable`.
    """
    head, rows = _cells(_text(raw))
    _refuse(_name_reasons(head))
    if label and label not in head:
        raise NoTable([f"No column is called {_quoted(label)}."])
    place = head.index(label) if label else len(head) - 1
    _refuse(chain(_size_reasons(len(rows)), _cell_reasons(head, rows, place)))
    kinds = Counter(cells[place] for _, cells in rows)
    _refuse(_class_reasons(head[place], kinds))
    return _table(head, rows, place, _in_order(kinds))


def _refuse(reasons: Iterable[str]) -> None:
    """Raise `NoTable` if there is any reason."""
    refused = NoTable(reasons)
    if refused.reasons:
        raise refused


def _table(head: list[str], rows: Rows, place: int, classes: list[str]) -> Table:
    places = {name: float(index) for index, name in enumerate(classes)}
    others = [index for index in range(len(head)) if index != place]
    return Table(
        features=tuple(head[index] for index in others),
        label=head[place],
        classes=tuple(classes),
        rows=tuple(
            (*(float(cells[index]) + 0.0 for index in others), places[cells[place]])
            for _, cells in rows
        ),
    )


def _in_order(names: Counter[str]) -> list[str]:
    """By their numbers where all of them are numbers, else by the alphabet."""
    if all(_NUMBER.fullmatch(name) for name in names):
        return sorted(names, key=lambda name: (float(name), name))
    return sorted(names)


# -- text ------------------------------------------------------------------------------------


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise NoTable([f"The file is too large: {MAX_BYTES // 1000} KB is the limit."])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise NoTable([f"Row {row} is not UTF-8 text. Save the file as CSV in UTF-8."]) from None
    if not text.strip():
        raise NoTable(["There is nothing in it."])
    if _PAGE.match(text):
        raise NoTable(["This looks like a web page or XML, not like a table."])
    return text


def _cells(text: str) -> tuple[list[str], Rows]:
    """The names and the rows below them, without rows that are blank."""
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                rows.append((number, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise NoTable([f"Row {len(rows) + 1} or one after it cannot be read: {error}."]) from None
    if not rows:
        raise NoTable(["There is nothing in it."])
    (_, head), *rest = rows
    return head, rest


def _separator(text: str) -> str:
    """Whichever stands most often in the first line, outside quotes; commas before others."""
    line = re.sub(r'"[^"]*"', "", text.lstrip().splitlines()[0])
    return max(SEPARATORS, key=line.count)


# -- reasons ---------------------------------------------------------------------------------


def _name_reasons(head: list[str]) -> Iterator[str]:
    """What is wrong with the line of names."""
    if len(head) == 1:
        yield (
            "The first row names one column only. There have to be a column of numbers and a "
            f"class at least, with {', '.join(SEPARATORS.values())} between them."
        )
    if len(head) > MAX_COLUMNS + 1:
        yield f"There are {len(head):,} columns: {MAX_COLUMNS} and a class are the limit."
        return
    if len(head) > 1 and all(_NUMBER.fullmatch(name) for name in head):
        yield "The first row holds numbers only. It has to name the columns."
    for number, name in enumerate(head, 1):
        if why := _wrong_name(name):
            yield f"Name {number} in the first row {why}."
    for name, times in Counter(head).items():
        if name and times > 1:
            yield f"{times} columns are called {_quoted(name)}. Each needs a name of its own."


def _wrong_name(name: str) -> str:
    """Why this can be no name of a column or class, or nothing."""
    if not name:
        return "is empty"
    if len(name) > MAX_NAME:
        return f"is longer than {MAX_NAME} characters"
    if any(unicodedata.category(each) in UNSEEN for each in name) or "`" in name:
        return "holds a character that cannot be shown: a line break, a control character or `"
    return ""


UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that are not seen, or that turn a line around."""


def _size_reasons(rows: int) -> Iterator[str]:
    if not MIN_ROWS <= rows <= MAX_ROWS:
        yield (
            f"There {'is 1 row' if rows == 1 else f'are {rows:,} rows'} below the names: "
            f"{MIN_ROWS} to {MAX_ROWS:,} are possible."
        )


def _cell_reasons(head: list[str], rows: Rows, place: int) -> Iterator[str]:
    """What is wrong with single rows and values."""
    for number, cells in rows:
        if len(cells) != len(head):
            values = f"{len(cells)} value{'' if len(cells) == 1 else 's'}"
            yield f"Row {number} has {values}, the header has {len(head)}."
            continue
        for index, cell in enumerate(cells):
            why = _wrong_name(cell) if index == place else _wrong_number(cell)
            if why:
                yield f"Row {number}, column {head[index]}: {_quoted(cell)} {why}."


def _wrong_number(cell: str) -> str:
    """Why this is no number to train on, or nothing."""
    if _NUMBER.fullmatch(cell):
        if abs(float(cell)) < 10**MAX_DIGITS:
            return ""
        return f"is too large: {MAX_DIGITS} digits before the point are the limit"
    if not cell:
        return "is no number: the value is missing"
    if _WITH_COMMA.fullmatch(cell):
        return "is no number here: write it with a point"
    if cell.lower().lstrip("+-") in _NO_NUMBERS:
        return "is no number: leave out rows that lack a value"
    return "is no number"


def _class_reasons(label: str, kinds: Counter[str]) -> Iterator[str]:
    if not MIN_CLASSES <= len(kinds) <= MAX_CLASSES:
        yield (
            f"Column {label}, the class, has {len(kinds):,} different "
            f"value{'' if len(kinds) == 1 else 's'}: {MIN_CLASSES} to {MAX_CLASSES} are possible. "
            "Is the class another column?"
        )
        return
    for name, times in kinds.items():
        if times < MIN_OF_CLASS:
            yield (
                f"Class {_quoted(name)} stands in {times} row{'' if times == 1 else 's'}: "
                f"each class needs {MIN_OF_CLASS}."
            )


def _quoted(text: str) -> str:
    """What stands in the file, cut to a length that can be read."""
    seen = "".join("?" if unicodedata.category(each) in UNSEEN else each for each in text)
    return f"'{seen}'" if len(seen) <= _SHOWN else f"'{seen[:_SHOWN]}…'"
