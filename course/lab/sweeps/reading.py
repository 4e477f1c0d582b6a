"""What a sweep says, with the spread of its seeds included: sentences, computed. Pure.

All of it rests on figures rounded as the page prints them, so that no sentence contradicts the
table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from course.drawings.numerals import count
from trainer.pages import SETTINGS, shown, value_of
from trainer.sweeps import Value

FEW = 2
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """The held-out accuracies of one value, a number per seed that has one."""

    value: Value
    numbers: Sequence[float]

    @property
    def mean(self) -> float:
        """Over its seeds."""
        return round(mean(self.numbers), DIGITS)

    @property
    def spread(self) -> float:
        """Between its lowest and its highest seed."""
        return round(max(self.numbers) - min(self.numbers), DIGITS)


def reading(setting: str, measured: Sequence[Measured]) -> list[str]:
    """Sentences on a sweep, or on what there is of it."""
    known = [each for each in measured if each.numbers]
    if setting == "seed":
        return _over_seeds([number for each in known for number in each.numbers])
    if len(known) < FEW:
        return ["There is nothing to compare: fewer than two values came to an end with a measure."]
    label = SETTINGS[setting].lower()
    spread = max(each.spread for each in known)
    seeds = min(len(each.numbers) for each in known)
    best = max(known, key=lambda each: each.mean)
    return [_best(best, known, label, seeds), _apart(best, known, label, seeds, spread)]


def _over_seeds(numbers: list[float]) -> list[str]:
    if len(numbers) < FEW:
        return ["There is nothing to compare: fewer than two seeds came to an end with a measure."]
    low, high = min(numbers), max(numbers)
    if low == high:
        return [f"Under each of {len(numbers)} seeds the held-out accuracy is {shown(low)}."]
    apart = shown(round(high - low, DIGITS))
    said = f"Over {len(numbers)} seeds the held-out accuracy lies between {shown(low)}"
    return [f"{said} and {shown(high)}: seeds alone spread it by {apart}."]


def _best(best: Measured, known: Sequence[Measured], label: str, seeds: int) -> str:
    tied = [each for each in known if each.mean == best.mean]
    over = " on average" if seeds > 1 else ""
    if len(tied) == len(known):
        return f"Every {label} ended with the same held-out accuracy{over}, {shown(best.mean)}."
    names = _listed([value_of(each.value) for each in tied])
    return f"The highest held-out accuracy{over}, {shown(best.mean)}, is at {label} {names}."


def _apart(best: Measured, known: Sequence[Measured], label: str, seeds: int, spread: float) -> str:
    """Which values are told from the best one, and which are within what seeds do."""
    if seeds < FEW:
        return (
            "Not every value was run under several seeds: how much of a difference is the seed's "
            "cannot be said."
        )
    said = f"Seeds alone spread it by up to {shown(spread)}"
    lower = [each for each in known if each is not best]
    near = [each for each in lower if round(best.mean - each.mean, DIGITS) <= spread]
    far = [each for each in lower if each not in near]
    parts = []
    if near:
        names = _listed([value_of(each.value) for each in near])
        parts.append(f"{label} {names} differ{_s(near)} from the best by no more than that")
    if far:
        names = _listed([value_of(each.value) for each in far])
        parts.append(f"{label} {names} lie{_s(far)} below it by more")
    return f"{said}: {'; '.join(parts)}. That is over {count(seeds, 'seed')} for each value."


def _s(values: Sequence[Measured]) -> str:
    return "s" if len(values) == 1 else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
