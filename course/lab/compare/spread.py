"""Whether runs differ by more than seeds do: sentences, computed. Pure.

All of it rests on figures rounded as the page prints them, so that no sentence contradicts the
numbers beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.figures.series import SEEDS_OF_A_BAND
from trainer.pages import shown

DIGITS = 3
TWO = 2


@dataclass(frozen=True, slots=True)
class Ended:
    """A run by its letter: its held-out accuracy at the end, and that of its other seeds.

    family: what it shares with runs that differ by their seed alone.
    """

    name: str
    family: str
    accuracy: float | None
    others: Sequence[float | None]

    @property
    def measured(self) -> float | None:
        """As the page prints it; None where there is no finite figure."""
        return _rounded(self.accuracy)

    @property
    def seeds(self) -> list[float]:
        """The same of the other seeds."""
        return [each for each in map(_rounded, self.others) if each is not None]

    @property
    def is_banded(self) -> bool:
        """Whether so many other seeds were run that their spread says something."""
        return len(self.seeds) >= SEEDS_OF_A_BAND

    @property
    def ends(self) -> tuple[float, float]:
        """Its lowest and its highest seed, its own included."""
        own = [] if self.measured is None else [self.measured]
        return min([*self.seeds, *own]), max([*self.seeds, *own])


def verdict(runs: Sequence[Ended]) -> list[str]:
    """What may be said of the difference between these runs at their ends."""
    known = [run for run in runs if run.measured is not None]
    without = [run.name for run in runs if run.measured is None]
    left_out = f" {_without(without)}" if without else ""
    if len(known) < TWO:
        return [f"Fewer than two of these runs came to an end with a held-out accuracy.{left_out}"]
    gap = _gap([run.measured or 0.0 for run in known])
    if len({run.family for run in known}) == 1:
        return [f"{_all(known)} differ by their seed alone, by {shown(gap)} at most.{left_out}"]
    return [f"{_differ(known, gap)}{left_out}", _against_seeds(known, gap)]


def _differ(known: Sequence[Ended], gap: float) -> str:
    if gap == 0:
        return f"{_all(known)} ended with the same held-out accuracy, {shown(known[0].measured)}."
    low = min(known, key=lambda run: run.measured or 0.0)
    high = max(known, key=lambda run: run.measured or 0.0)
    most = "" if len(known) == TWO else " at most"
    return (
        f"The held-out accuracies of {_all(known)} differ by {shown(gap)}{most}: "
        f"{shown(low.measured)} in {low.name}, {shown(high.measured)} in {high.name}."
    )


def _against_seeds(known: Sequence[Ended], gap: float) -> str:
    banded = [run for run in known if run.is_banded]
    if not banded:
        return (
            "No other seeds were run, or too few: whether that is more than chance cannot be said."
        )
    if len(banded) < len(known):
        return _one_sided(known, banded)
    spreads = {run.name: _gap(run.ends) for run in banded}
    said = ", ".join(f"{shown(spread)} in {name}" for name, spread in spreads.items())
    widest = max(spreads.values())
    if gap < widest:
        judged = "the difference between these runs is smaller, so it is swallowed"
    elif gap > widest:
        judged = "the difference between these runs is larger than the spread of the seeds"
    else:
        judged = "the difference between these runs is as large, and no larger"
    return f"Seeds alone spread it by {said}: {judged}."


def _one_sided(known: Sequence[Ended], banded: Sequence[Ended]) -> str:
    """Runs without seeds of their own, held against the seeds of the others."""
    said = []
    for run in banded:
        low, high = run.ends
        rest = [other for other in known if other not in banded]
        inside = [other.name for other in rest if low <= (other.measured or 0.0) <= high]
        outside = [other.name for other in rest if other.name not in inside]
        said.append(f"The seeds of {run.name} lie between {shown(low)} and {shown(high)}.")
        if inside:
            said.append(f"{_lie(inside)} within that: seeds alone could make the difference.")
        if outside:
            said.append(f"{_lie(outside)} outside of that.")
    without = _listed([run.name for run in known if not run.is_banded])
    return " ".join([*said, f"Of {without} no other seeds were run, or too few."])


def _lie(names: Sequence[str]) -> str:
    return f"{_listed(names)} {'lies' if len(names) == 1 else 'lie'}"


def _without(names: Sequence[str]) -> str:
    return f"{_listed(names)} left no such figure at an end of its own."


def _all(known: Sequence[Ended]) -> str:
    return _listed([run.name for run in known])


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _gap(values: Sequence[float]) -> float:
    return round(max(values) - min(values), DIGITS)


def _rounded(value: float | None) -> float | None:
    return round(value, DIGITS) if value is not None and math.isfinite(value) else None
