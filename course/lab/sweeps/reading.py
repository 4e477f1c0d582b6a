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
    def lowest(self) -> float:
        """Of its seeds."""
        return min(self.numbers)

    @property
    def highest(self) -> float:
        """Of its seeds."""
        return max(self.numbers)


def reading(setting: str, measured: Sequence[Measured]) -> list[str]:
    """Sentences on a sweep, or on what there is of it."""
    known = [each for each in measured if each.numbers]
    if setting == "seed":
        return _over_seeds([number for each in known for number in each.numbers])
    if len(known) < FEW:
        return ["There is nothing to compare: fewer than two values came to an end with a measure."]
    label = SETTINGS[setting].lower()
    seeds = min(len(each.numbers) for each in known)
    best = max(known, key=lambda each: each.mean)
    return [_best(best, known, label, seeds), _apart(best, known, seeds)]


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
    return f"The highest held-out accuracy{over}, {shown(best.mean)}, is at {label} {_names(tied)}."


def _apart(best: Measured, known: Sequence[Measured], seeds: int) -> str:
    """Which values are told from the best one, and which are within what seeds do."""
    if seeds < FEW:
        return (
            "Not every value was run under several seeds: how much of a difference is the seed's "
            "cannot be said."
        )
    others = [each for each in known if each is not best]
    near = [each for each in others if each.highest >= best.lowest]
    far = [each for each in others if each.highest < best.lowest]
    said = (
        f"The seeds of {value_of(best.value)} lie between {shown(best.lowest)} and "
        f"{shown(best.highest)}."
    )
    if near:
        said += f" Seeds of {_names(near)} reach as high: seeds alone can make that difference."
    if far:
        said += f" Every seed of {_names(far)} lies below: that is more than seeds do."
    return f"{said} That is over {count(seeds, 'seed')} for each value."


def _names(values: Sequence[Measured]) -> str:
    return _listed([value_of(each.value) for each in values])


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
