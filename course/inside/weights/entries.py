"""The ledger of a weight as pages read it: the replay's columns as one entry per update."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course.inside.weights.places import Place
from course.replays import replay
from trainer.engine.trace import Trace, as_float

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of `optimizer.step()`, counted from 1.

    step: passes begun by then; held: whether the optimizer had the tensor, None where the model
    had none; gradient: None where there was none; was: what the optimizer held of the weight
    before; worked: its arithmetic, `trainer.engine.updates`.
    """

    number: int
    step: int
    epoch: int
    batch: int
    held: bool | None
    before: float | None
    gradient: float | None
    lr: float | None
    after: float | None
    was: Numbers
    worked: Numbers

    @property
    def moves(self) -> bool:
        """Whether there is an update to be worked out, its result a number."""
        known = self.before, self.gradient, self.after
        return bool(self.worked) and all(each is not None and math.isfinite(each) for each in known)

    @property
    def change(self) -> float:
        """After minus before; 0 where either is missing."""
        if self.before is None or self.after is None:
            return 0.0
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every update of one weight. rule: of the optimizer, None where it never had the weight."""

    place: Place
    rule: str | None
    settings: Numbers
    entries: list[Entry]


def ledger_of(trace: Trace, place: Place) -> Ledger | None:
    """None where the run cannot be followed, or no runner is free."""
    found = replay("ledger", trace, [place.parameter.name, *place.indices])
    if found is None:
        return None
    entries = [_entry(found, at) for at in range(len(found["step"]))]
    return Ledger(place, found["rule"], found["settings"], entries)


def _entry(found: Mapping[str, Any], at: int) -> Entry:
    return Entry(
        number=at + 1,
        step=found["step"][at],
        epoch=found["epoch"][at],
        batch=found["batch"][at],
        held=found["held"][at],
        before=as_float(found["before"][at]),
        gradient=as_float(found["gradient"][at]),
        lr=as_float(found["lr"][at]),
        after=as_float(found["after"][at]),
        was=_known(found["was"], at),
        worked=_known(found["worked"], at),
    )


def _known(columns: Mapping[str, list[float | str | None]], at: int) -> Numbers:
    told = {name: as_float(column[at]) for name, column in columns.items()}
    return {name: value for name, value in told.items() if value is not None}
