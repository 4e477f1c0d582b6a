"""How sure the model is of held-out rows, and how often it is right when it is that sure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.numerals import count
from course.heldout.rows import Row
from trainer.pages import shown

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose largest share lies between two tenths."""

    tenth: int
    rows: list[Row]

    @property
    def span(self) -> str:
        """From where to where, in words."""
        return f"0.{self.tenth} to {'1' if self.tenth == BINS - 1 else f'0.{self.tenth + 1}'}"

    @property
    def right(self) -> int:
        """How many are predicted right."""
        return sum(row.right for row in self.rows)

    @property
    def accuracy(self) -> float:
        """The share of them that is."""
        return self.right / len(self.rows)

    @property
    def sure(self) -> float:
        """The mean of their largest shares."""
        return mean([row.sure for row in self.rows])


def binned(rows: Sequence[Row]) -> list[Bin]:
    """Bins from the first that holds a row to the last; a share of 1 is in the last of ten."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(min(int(row.sure * BINS), BINS - 1), []).append(row)
    return [Bin(tenth, found[tenth]) for tenth in sorted(found)]


def mean(values: Sequence[float]) -> float:
    """Their mean."""
    return math.fsum(values) / len(values)


def told(rows: Sequence[Row], bins: Sequence[Bin]) -> str:
    """How sure and how often right over all, where it is wrong, and in the fullest bin."""
    sure, right = mean([row.sure for row in rows]), sum(row.right for row in rows)
    share = right / len(rows)
    side = _side(sure, share)
    said = (
        f"Over all {count(len(rows), 'row')} the mean of the largest share is {shown(sure)}, and "
        f"{shown(share)} of them are right: the model is {side} it is right."
    )
    wrong = [row.sure for row in rows if not row.right]
    if wrong:
        said += (
            f" Where it is wrong ({count(len(wrong), 'row')}) the mean is {shown(mean(wrong))}, "
            f"and the surest of them has {shown(max(wrong))}."
        )
    fullest = max(bins, key=lambda each: len(each.rows))
    return (
        f"{said} The fullest bin, from 0.{fullest.tenth} on, is sure of {shown(fullest.sure)} and "
        f"right on {shown(fullest.accuracy)}."
    )


def _side(sure: float, share: float) -> str:
    if shown(sure) == shown(share):
        return "as sure as"
    return "less sure than" if sure < share else "surer than"
