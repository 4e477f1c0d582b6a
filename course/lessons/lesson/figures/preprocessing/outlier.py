"""One mistake in a column, and what bounds fitted with it make of all other values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from course.drawings.numerals import decimal, finite, real
from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures.preprocessing.histogram import column_control
from course.lessons.pipeline.tables import Table, table
from course.replays import replay
from trainer.engine.names import Names

LOW = 0.1

MISTAKES = {
    "10": "10 times too large",
    "100": "100 times too large",
    "1000": "1,000 times too large",
}


@dataclass(frozen=True, slots=True)
class Scaled:
    """A column under bounds of its own: its largest raw value, and the others, scaled."""

    raw: float
    others: list[float]

    @classmethod
    def of(cls, raw: float, values: Sequence[float | str], row: int) -> "Scaled":
        """All values but the one of a row, of which the finite ones."""
        every = [real(value) for value in values]
        return cls(raw, finite(every[:row] + every[row + 1 :]))

    @property
    def below(self) -> int:
        """How many of the others are pressed into the lowest tenth."""
        return sum(value < LOW for value in self.others)

    @property
    def top(self) -> float:
        """The largest of the others; nan where the column could not be scaled."""
        return max(self.others, default=math.nan)


def outlier(given: Shown) -> Figure | None:
    """Every training value as a stroke, scaled without the mistake and with it."""
    column = column_control(given)
    mistake = given.one_of("mistake", "Its largest value is", MISTAKES)
    found = replay("outliers", given.trace, column.number)
    if found is None:
        return None
    before, spoiled = _before(found), _spoiled(found)
    after = spoiled[mistake.value]
    name = Names.of(given.trace.document).column(column.number)
    says = _says(name, before, after)
    title = f"{name} with one value that is {MISTAKES[mistake.value]}"
    drawn = [_strip("as is", before), _strip(f"×{mistake.value}", after)]
    heads = ("", "scaled, 0 to 1", f"below {LOW}")
    return Figure(
        title=title,
        says=says,
        drawing=strips(Told(title, says), heads, drawn),
        table=_table(before, spoiled),
        controls=(column, mistake),
    )


def _before(found: dict[str, Any]) -> Scaled:
    return Scaled.of(found["raw"], found["as_it_is"], found["row"])


def _spoiled(found: dict[str, Any]) -> dict[str, Scaled]:
    return {
        str(each["factor"]): Scaled.of(each["raw"], each["values"], found["row"])
        for each in found["spoiled"]
    }


def _strip(name: str, scaled: Scaled) -> Strip:
    """The value at the upper end is a stroke as well."""
    places = [*scaled.others, 1.0] if scaled.others else []
    return Strip(name, f"{scaled.below:,}", strokes=places, class_="s2-line")


def _says(name: str, before: Scaled, after: Scaled) -> str:
    others = len(after.others)
    said = (
        f"{after.raw:,.1f} stands in place of {before.raw:,.1f} and becomes 1. The "
        f"other {others:,} values of {name} end at {decimal(after.top, 4)}"
    )
    if not any(before.others):
        return f"{said}. Without the mistake the column never changed."
    return (
        f"{said}; without the mistake they went up to {decimal(before.top, 4)}. Below {LOW} there "
        f"are {after.below:,} of them, and were {before.below:,}."
    )


def _table(before: Scaled, spoiled: dict[str, Scaled]) -> Table:
    heads = ("Largest, raw", "Middle of the others", "Largest of the others", f"Below {LOW}")
    columns = [{"text": "Largest value", "kind": ""}, *({"text": e, "kind": "n"} for e in heads)]
    lines = {"as it is": before} | {MISTAKES[name]: each for name, each in spoiled.items()}
    rows = [
        [
            name,
            f"{each.raw:,.1f}",
            decimal(median(each.others), 5) if each.others else "nan",
            decimal(each.top, 5),
            f"{each.below:,}",
        ]
        for name, each in lines.items()
    ]
    return table("The column scaled, without a mistake and with one", columns, rows)
