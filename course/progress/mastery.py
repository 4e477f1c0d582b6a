"""How far somebody is with each objective. Pure.

An objective is mastered by two right answers, both at the first attempt, in different modes, and
at least 20 hours apart: what was known once, in one place, may be a lucky day. The hours are those
between the times at which the answers were stored, whichever came first. A prediction is an answer
of its lesson. A question without an objective counts for none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from course.progress.given import Given
from course.quiz.objectives import OBJECTIVES

APART = timedelta(hours=20)
"""Another day, and at about the same hour will do."""


class State(StrEnum):
    """Where one stands, in words; each includes what the one before says."""

    UNMET = "not asked so far"
    MET = "asked, not right at a first try so far"
    RIGHT = "right once"
    MASTERED = "mastered"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one objective. right: by mode, the times of the answers that were right at first."""

    state: State = State.UNMET
    right: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()


def standings(rows: Iterable[Given]) -> dict[str, Standing]:
    """The standing with every objective, from the answers in the order given."""
    right: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    asked: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.is_first:
            asked[row.objective].add(row.question)
            if row.correct:
                right[row.objective][row.mode].append(row.created)
    return {name: _standing(asked[name], right[name]) for name in OBJECTIVES}


def _standing(asked: set[int], right: Mapping[str, list[datetime]]) -> Standing:
    times = {mode: tuple(found) for mode, found in right.items()}
    if _is_spaced(times):
        state = State.MASTERED
    elif times:
        state = State.RIGHT
    else:
        state = State.MET if asked else State.UNMET
    return Standing(state, times, frozenset(asked))


def _is_spaced(right: Mapping[str, tuple[datetime, ...]]) -> bool:
    """Whether two modes have answers that lie far enough apart."""
    return any(
        max(right[one]) - min(right[other]) >= APART
        for one in right
        for other in right
        if one != other
    )
