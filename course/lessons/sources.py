"""One file of the course: its text, its table, and what is wrong with it, line by line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from course.lessons.toml_lines import TomlLines
from course.quiz.slips import Slip

Reason = tuple[str, int, str]
"""File, line and what is wrong there."""

_AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)")


class Source:
    """A file that may be missing, named from `base` on. What is wrong with it goes to `reasons`."""

    def __init__(self, path: Path, base: Path, reasons: list[Reason]) -> None:
        self.path = path
        self._name = str(path.relative_to(base) if path.is_relative_to(base) else path)
        self._reasons = reasons
        self._lines = TomlLines("")

    def refuse(self, line: int, reason: str) -> None:
        """Keep a reason."""
        self._reasons.append((self._name, line, reason))

    def refuse_at(self, slip: Slip) -> None:
        """Keep a reason against a value of the table that was read."""
        self.refuse(self._lines.line(slip.place, slip.line), slip.reason)

    def text(self) -> str | None:
        """The text, if the file is there and can be read."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            text = raw.decode().replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            self.refuse(raw[: error.start].count(b"\n") + 1, "is not in UTF-8.")
            return None
        if "\0" in text:
            self.refuse(text[: text.index("\0")].count("\n") + 1, "holds a null character.")
            return None
        return text

    def table(self) -> dict[str, Any] | None:
        """The file as TOML."""
        text = self.text()
        if text is None:
            return None
        self._lines = TomlLines(text)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            said = str(error)
            at = _AT_LINE.search(said)
            line = int(at[1]) if at else text.count("\n") + 1
            self.refuse(line, f"{_AT_LINE.sub('', said)}.")
            return None
