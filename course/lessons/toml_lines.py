"""On which line of a TOML file a value stands, which the standard library's reader does not say.

Reads the lines of a file that is valid TOML, and looks at no value: headers, keys, and where a
text over several lines ends. What it does not know, such as a table within a line, is looked for
one level up.
"""

import re
from collections import Counter
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""The keys that lead to a value; in an array of tables the index of the table, from 0."""

_HEADER = re.compile(r"\s*(\[\[?)([\w\s.\"'-]+)\]")
_KEY = re.compile(r"""\s*(["']?)([\w-]+)\1\s*=\s*(.*)""")
_LONG = ('"""', "'''")


class TomlLines:
    """The lines of one file, from 1."""

    def __init__(self, source: str) -> None:
        self._rows = source.split("\n")
        self._found: dict[Place, range] = {(): range(1, 2)}
        self._counts = Counter[Place]()
        table: Place = ()
        number = 1
        while number <= len(self._rows):
            row = self._rows[number - 1]
            end = number + 1
            if key := _KEY.match(row):
                long = list(self._long(number, key[3]))
                end += max(0, len(long) - 1)
                self._found[(*table, key[2])] = range(number + _blank(long), end)
            elif header := _HEADER.match(row):
                table = self._table(header[2], array=header[1] == "[[")
                self._found[table] = range(number, end)
            number = end

    def line(self, place: Place, of_text: int = 1) -> int:
        """The line of a value, or of one of the lines of its text."""
        while place not in self._found:
            place, of_text = place[:-1], 1
        found = self._found[place]
        return found[min(of_text, len(found)) - 1]

    def _table(self, header: str, *, array: bool) -> Place:
        names = [name.strip().strip("\"'") for name in header.split(".")]
        place: Place = ()
        for name in names[:-1]:
            place = self._latest((*place, name))
        place = (*place, names[-1])
        self._counts[place] += array
        return self._latest(place)

    def _latest(self, place: Place) -> Place:
        """The last table of an array, or the table itself."""
        count = self._counts[place]
        return (*place, count - 1) if count else place

    def _long(self, number: int, rest: str) -> Iterator[str]:
        """The rows of a text that may go over several; none if the value is of another kind."""
        if not rest.startswith(_LONG):
            return
        mark, rest = rest[:3], rest[3:]
        for row in (rest, *self._rows[number:]):
            yield row
            if mark in (re.sub(r"\\.", "", row) if mark == '"""' else row):
                return


def _blank(rows: list[str]) -> int:
    """How many rows come before the first that says something."""
    return next((count for count, row in enumerate(rows) if row.strip()), 0)
