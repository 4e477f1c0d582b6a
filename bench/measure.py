"""A figure held against a goal, and the line that tells of it. Measures nothing itself."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NoReturn

MISSED = 3
"""How a process ends that missed a goal; any other number but 0 is an accident."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One line. A figure is kept when it is at most the goal, or at least where `floor` says so.

    unit: what follows the figure; "x" is a ratio. note: where the figure comes from, or, where
    there is none, why not.
    """

    name: str
    figure: float | None
    goal: float
    unit: str = "x"
    note: str = ""
    floor: bool = False

    @property
    def verdict(self) -> str:
        """`held`, `missed`, or `not measured` with the reason."""
        if self.figure is None:
            return f"not measured: {self.note}"
        kept = self.figure >= self.goal if self.floor else self.figure <= self.goal
        return "held" if kept else "missed"

    @property
    def line(self) -> str:
        """Name, figure, goal and verdict, in columns."""
        figure = "-" if self.figure is None else _spelled(self.figure, self.unit)
        sign = ">=" if self.floor else "<="
        goal = f"{sign} {_spelled(self.goal, self.unit)}"
        note = f"  ({self.note})" if self.note and self.figure is not None else ""
        return f"{self.name:<54} {figure:>9}  {goal:<12} {self.verdict}{note}"


def _spelled(value: float, unit: str) -> str:
    spelled = f"{value:.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - digits
    return f"{spelled} {unit}".strip()


def of_ratios(name: str, ratios: Sequence[float], goal: float, *, floor: bool = False) -> Measure:
    """The median of paired ratios; the note says how far the middle half of them reaches."""
    low, _, high = quantiles(ratios, n=4)
    note = f"{len(ratios)} pairs, middle half {low:.3g} to {high:.3g}"
    return Measure(name, median(ratios), goal, note=note, floor=floor)


def of_faults(name: str, faults: Sequence[str], note: str) -> Measure:
    """How many of the things that had to be equal were not; the first of them by name."""
    first = f"; first: {faults[0]}" if faults else ""
    return Measure(name, len(faults), 0, unit="differ", note=note + first)


def tell(measures: Iterable[Measure]) -> NoReturn:
    """Print each line as soon as it is there, and end as `exit_code` says."""
    sys.exit(exit_code(told(measures)))


def told(measures: Iterable[Measure]) -> list[Measure]:
    """All of them, each printed as soon as it is there."""
    kept = []
    for each in measures:
        print(each.line, flush=True)
        kept.append(each)
    return kept


def exit_code(measures: Iterable[Measure]) -> int:
    """`MISSED` when a goal is missed, else 0: what is not measured is no miss."""
    return MISSED if any(each.verdict == "missed" for each in measures) else 0
