"""What a figure of a lesson is made of, and what its maker is given. Knows no particular figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from course.lessons.pipeline.tables import Table
from trainer.engine.trace import Trace
from trainer.models import Run

MAX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Control:
    """A field beside a figure: a number from `low` to `high`, or one of several options."""

    name: str
    label: str
    value: str
    low: int = 0
    high: int = 0
    options: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """The chosen number."""
        return int(self.value)

    @property
    def before(self) -> int | None:
        """The number before, if there is one."""
        return self.number - 1 if not self.options and self.number > self.low else None

    @property
    def after(self) -> int | None:
        """The number after, if there is one."""
        return self.number + 1 if not self.options and self.number < self.high else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the page writes it out.

    says: what to see, Markdown of one line. drawing, tall: SVG as wide as its frame; where `tall`
    is given, narrow screens show that one instead. charts: as `trainer/charts.html` takes them.
    table: the numbers of the figure, folded.
    """

    title: str
    says: str
    drawing: SafeString | str = ""
    tall: SafeString | str = ""
    charts: list[dict[str, Any]] = field(default_factory=list)
    table: Table | None = None
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The run that a figure tells, and what the reader chose in the address."""

    run: Run
    trace: Trace
    chosen: Mapping[str, str]

    def number(self, name: str, label: str, bounds: tuple[int, int], start: int) -> Control:
        """A number of the reader's choice, within bounds; `start` where none was chosen."""
        low, high = bounds
        given = self.chosen.get(name, "")
        number = int(given) if given.isascii() and given.isdigit() and _short(given) else start
        return Control(name, label, str(min(max(number, low), high)), low, high)

    def one_of(self, name: str, label: str, options: Mapping[str, str]) -> Control:
        """One of several options, value -> words; the first where none of them was chosen."""
        given = self.chosen.get(name, "")
        value = given if given in options else next(iter(options))
        return Control(name, label, value, options=tuple(options.items()))


Maker = Callable[[Shown], Figure | None]
"""None where the run left nothing to draw."""


def _short(digits: str) -> bool:
    return len(digits) <= MAX_DIGITS
