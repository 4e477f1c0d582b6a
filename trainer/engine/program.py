"""The loop as a program: lines of a closed vocabulary, placed at a level.

A program becomes source text here and nowhere else; a learner supplies ids and
levels, never text. Standard library only.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import CORRECT, FRAME_AFTER, FRAME_BEFORE, VOCABULARY, Line

MAX_LINES = 60
MAX_LEVEL = 6
INDENT = "    "

_ITEM = re.compile(r"([a-z_]{1,40})(?::([0-9]))?", re.ASCII)


class ProgramError(ValueError):
    """A refused list of lines; the message names the item."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A vocabulary line at an indentation level."""

    line: Line
    level: int

    def text(self, spec: RunSpec) -> str:
        """Source of this line, indented; may span several text lines."""
        rows = self.line.source(spec).split("\n")
        return "\n".join(INDENT * self.level + row for row in rows)


@dataclass(frozen=True, slots=True)
class Program:
    """Placed lines, from construction to evaluation, in the order in which they stand."""

    lines: tuple[Placed, ...]

    @classmethod
    def correct(cls) -> "Program":
        """The whole honest loop."""
        return cls(tuple(_default(name) for name in CORRECT))

    @classmethod
    def parse(cls, text: str) -> "Program":
        """Read `id,id:level,...`: a batch body, or with `for_batch` in it a whole program.

        A batch body stands in the frame of the correct loop. Raises `ProgramError`.
        """
        items = [item.strip() for item in text.split(",") if item.strip()]
        whole = any(item.partition(":")[0] == "for_batch" for item in items)
        before, after = ((), ()) if whole else (FRAME_BEFORE, FRAME_AFTER)
        room = MAX_LINES - len(before) - len(after)
        if len(items) > room:
            kind = "program" if whole else "batch"
            raise ProgramError(f"{len(items)} lines are too many; a {kind} has room for {room}.")
        placed = tuple(_read_item(item, number) for number, item in enumerate(items, 1))
        return cls((*map(_default, before), *placed, *map(_default, after)))

    @classmethod
    def from_list(cls, stored: list[dict[str, str | int]]) -> "Program":
        """The program of a trace document."""
        return cls(tuple(Placed(VOCABULARY[str(e["id"])], int(e["level"])) for e in stored))

    def has(self, ids: Collection[str]) -> bool:
        """Whether one of these lines is in it."""
        return any(each.line.id in ids for each in self.lines)

    def source(self, spec: RunSpec) -> str:
        """The text that runs, and the text that the learner reads."""
        return "\n".join(each.text(spec) for each in self.lines) + "\n"

    def as_list(self, spec: RunSpec) -> list[dict[str, str | int]]:
        """The trace document's `program`."""
        return [
            {"id": each.line.id, "level": each.level, "source": each.line.source(spec)}
            for each in self.lines
        ]

    def spelling(self) -> str:
        """The program as `parse` reads it: every id with its level."""
        return ",".join(f"{each.line.id}:{each.level}" for each in self.lines)


def _default(name: str) -> Placed:
    line = VOCABULARY[name]
    return Placed(line, line.level)


def _read_item(item: str, number: int) -> Placed:
    match = _ITEM.fullmatch(item)
    if not match or match[1] not in VOCABULARY:
        raise ProgramError(f"Line {number}, {item[:40]!r}, is not in the vocabulary.")
    line = VOCABULARY[match[1]]
    level = line.level if match[2] is None else int(match[2])
    if level > MAX_LEVEL:
        raise ProgramError(
            f"Line {number}, {item!r}, is indented too far; {MAX_LEVEL} is the most."
        )
    return Placed(line, level)
