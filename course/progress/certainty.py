"""How sure somebody was, against how often it was right. Pure.

Of first attempts for which a confidence was given; a score is never lowered by it. Each answer
counts once, and one that is right in part counts as its share.

The marks are those of `course.quiz.certainty`. They make each confidence the best thing to say for
a range of chances of being right, and that range is what "well judged" means here. Marks, ranges,
bonus and the rough test of a deviation are those of Moodle's question behaviour "deferred feedback
with CBM", which weighs answers by their points where here each counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from course.progress.given import Given
from course.quiz.certainty import RIGHT, WRONG, mark
from course.quiz.models import Confidence

ENOUGH = 8
"""Fewer answers than this at a level say little."""

DEVIATION = 0.5
"""Squared distance from the range times answers: up to this it may well be chance."""

BONUS = 0.1
"""Moodle's weight of what the marks have above the best that accuracy alone would earn."""

RANGES = {
    Confidence.GUESS: (0.0, 2 / 3),
    Confidence.FAIRLY: (2 / 3, 0.8),
    Confidence.SURE: (0.8, 1.0),
}
"""From which share of right answers to which each level earns most marks."""


class Judged(StrEnum):
    """How the share of right answers lies to the range of its level."""

    NOTHING = ""
    LITTLE = "too few to tell"
    TOO_SURE = "too sure"
    BIT_TOO_SURE = "a bit too sure"
    WELL_JUDGED = "well judged"
    BIT_TOO_MODEST = "a bit too modest"
    TOO_MODEST = "too modest"


@dataclass(frozen=True, slots=True)
class Level:
    """The answers of one confidence. right: the sum of their shares."""

    confidence: Confidence
    answers: int
    right: float

    @property
    def share(self) -> float:
        """Of right answers, 0 to 1; 0 without any answer."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def judged(self) -> Judged:
        """Only where the numbers carry it."""
        if self.answers < ENOUGH:
            return Judged.LITTLE if self.answers else Judged.NOTHING
        low, high = RANGES[self.confidence]
        if self.share < low:
            return Judged.TOO_SURE if self._is_far(low) else Judged.BIT_TOO_SURE
        if self.share > high:
            return Judged.TOO_MODEST if self._is_far(high) else Judged.BIT_TOO_MODEST
        return Judged.WELL_JUDGED

    def _is_far(self, end: float) -> bool:
        """Whether the share lies further from an end of the range than chance would bring it."""
        return (self.share - end) ** 2 * self.answers > DEVIATION


@dataclass(frozen=True, slots=True)
class Certainty:
    """All answers that came with a confidence. average: of their marks, -6 to 3."""

    levels: tuple[Level, ...]
    average: float

    @property
    def answers(self) -> int:
        """How many there are."""
        return sum(level.answers for level in self.levels)

    @property
    def right(self) -> float:
        """How many are right, a part for one that is right in part."""
        return sum(level.right for level in self.levels)

    @property
    def accuracy(self) -> float:
        """The share that is right, whatever the confidence; 0 without any answer."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def bonus(self) -> float:
        """Moodle's CB bonus, a share like accuracy; below 0 where one level alone does better."""
        return BONUS * (self.average - best_of_one_level(self.accuracy))


def best_of_one_level(accuracy: float) -> float:
    """The highest average mark for this share right and the rest wrong, by one confidence alone."""
    return max(accuracy * RIGHT[each] + (1 - accuracy) * WRONG[each] for each in Confidence)


def counted(rows: Sequence[Given]) -> list[Given]:
    """The answers that say something about certainty."""
    return [row for row in rows if row.is_first and row.confidence in Confidence.values]


def certainty(rows: Sequence[Given]) -> Certainty:
    """What these answers come to."""
    told = counted(rows)
    marks = [mark(row.confidence, row.share) or 0.0 for row in told]
    return Certainty(
        levels=tuple(_level(each, told) for each in Confidence),
        average=sum(marks) / len(marks) if marks else 0.0,
    )


def _level(confidence: Confidence, told: Sequence[Given]) -> Level:
    shares = [row.share for row in told if row.confidence == confidence]
    return Level(confidence, len(shares), sum(shares))
