"""Which beliefs somebody's answers showed, when, and which were overcome since. Pure.

A belief is shown by an answer that is not right and matches an option which carries it: one that
was chosen, a wrong value that was foreseen, an order or a program that was written.

It is overcome by a later answer that is right, at the first attempt, to a question that offers the
belief, on an occasion on which the belief was not shown. An occasion is a question, in a mode, on
a day (UTC). Shown again after that, it is shown.

Later is by the primary key. Runs in the lab count for nothing here: they are exploration, and who
tries a loop to see what comes of it need not believe that it trains.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date

from course.progress.given import Given

Occasion = tuple[int, str, date]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, the beliefs that it shows, and those that its question has an option for."""

    given: Given
    shows: frozenset[str]
    offers: frozenset[str]

    @property
    def occasion(self) -> Occasion:
        """The question, the mode and the day."""
        return self.given.question, self.given.mode, self.given.created.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Moment:
    """An answer at which a belief was shown, or else overcome."""

    given: Given
    overcome: bool


@dataclass(slots=True)
class Timeline:
    """What became of one belief, in the order of the answers. At least one moment."""

    moments: list[Moment] = field(default_factory=list)
    _shown_on: set[Occasion] = field(default_factory=set)

    @property
    def is_overcome(self) -> bool:
        """Whether it was, and was not shown since."""
        return self.moments[-1].overcome

    @property
    def times_shown(self) -> int:
        """By how many answers."""
        return sum(not moment.overcome for moment in self.moments)

    def show(self, said: Said) -> None:
        """Add an answer that shows it."""
        self.moments.append(Moment(said.given, overcome=False))
        self._shown_on.add(said.occasion)

    def meet(self, said: Said) -> None:
        """Add a right answer to a question that offers it, if it is overcome by that."""
        if not self.is_overcome and said.occasion not in self._shown_on:
            self.moments.append(Moment(said.given, overcome=True))


def timelines(answers: Iterable[Said]) -> dict[str, Timeline]:
    """Every belief that was shown, and what became of it. Answers come in the order given."""
    found: dict[str, Timeline] = defaultdict(Timeline)
    for said in answers:
        for belief in said.shows:
            found[belief].show(said)
        if said.given.correct and said.given.is_first:
            for belief in said.offers & found.keys():
                found[belief].meet(said)
    return dict(found)
