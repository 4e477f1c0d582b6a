"""One update of a weight: what was known ahead of it, its rule, its arithmetic, an answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course.drawings.numerals import MINUS, decimal
from course.inside.weights.entries import Entry, Ledger
from course.inside.weights.forms import TryForm
from course.inside.weights.guess import STATED, Outcome, outcome
from course.inside.weights.spelled import Line, lines_of

FLOAT32 = 3.4028234e38
"""The largest number that a float32 can be."""
EXACT = 9
"""Significant digits that tell every float32 from all others."""
HELD = {
    "t": "Updates before, as the optimizer counts",
    "buffer": "Momentum buffer before (momentum_buffer)",
    "m": "Running mean before (exp_avg)",
    "v": "Running mean of squares before",
}


@dataclass(frozen=True, slots=True)
class Work:
    """An update as the page shows it.

    facts: what was recorded ahead of it; lines: its arithmetic; blank: the new value is left to
    the learner, `form` takes it; why: why there is no arithmetic; closing: the recorded value.
    """

    entry: Entry
    where: str
    facts: list[dict[str, Any]]
    lines: list[Line]
    blank: bool
    form: TryForm | None
    stated: str
    outcome: Outcome | None
    why: str
    closing: str
    show_me: str
    before: str
    after: str


def one_update(
    ledger: Ledger,
    entry: Entry,
    tried: TryForm | None,
    *,
    shown: bool,
    show_me: str,
    around: Sequence[str],
) -> Work:
    """`shown`: the learner asked for it; show_me: the address that does; around: its neighbours."""
    answered = outcome(entry, tried.cleaned_data["try"]) if _answers(entry, tried) else None  # type: ignore[union-attr]
    blank = entry.moves and not shown and answered is None
    return Work(
        entry=entry,
        where=_where(entry),
        facts=_facts(entry),
        lines=lines_of(ledger, entry, hidden=blank),
        blank=blank,
        form=(tried or TryForm()) if blank else None,
        stated=STATED,
        outcome=answered,
        why=_why(entry),
        closing="" if blank else _closing(entry),
        show_me=show_me,
        before=around[0],
        after=around[1],
    )


def _answers(entry: Entry, tried: TryForm | None) -> bool:
    return entry.moves and tried is not None and tried.is_valid()


def _where(entry: Entry) -> str:
    """In the middle of which pass it was made."""
    if not entry.step:
        return "ahead of the first batch"
    if not entry.epoch:
        return f"in step {entry.step}"
    return f"in step {entry.step}: epoch {entry.epoch}, batch {entry.batch}"


def _facts(entry: Entry) -> list[dict[str, Any]]:
    told = [("Value before", entry.before), ("Gradient at step()", entry.gradient)]
    told += [("Learning rate", entry.lr)]
    told += [(words, entry.was.get(name)) for name, words in HELD.items()]
    return [
        {"name": name, "value": exact(value), "code": True}
        for name, value in told
        if value is not None
    ]


def exact(value: float) -> str:
    """With the digits that tell a float32 from all others."""
    return f"{value:.{EXACT}g}".replace("-", MINUS)


def _why(entry: Entry) -> str:
    """Why nothing was worked out, if nothing was."""
    if entry.held is None:
        return "At this call the model had no such weight."
    if not entry.held:
        return (
            "The optimizer does not hold this tensor, so this call did nothing to it, whatever its "
            "gradient."
        )
    if entry.gradient is None:
        return (
            "There was no gradient: `.grad` was None. The optimizer leaves out what has none, so "
            "the value stayed as it was."
        )
    return ""


def _closing(entry: Entry) -> str:
    """The recorded new value beside the one that was worked out."""
    if entry.after is None or not entry.worked:
        return ""
    said = f"PyTorch has {exact(entry.after)}."
    new = entry.worked["new"]
    if not math.isfinite(entry.after):
        return f"{said} {_beyond(new)}".strip()
    if not math.isfinite(new):
        return said
    off = abs(new - entry.after)
    if not off:
        return f"{said} The sum above gives the same number."
    return (
        f"{said} It computes in float32, the sum above in twice the digits: they are "
        f"{decimal(off, 6)} apart."
    )


def _beyond(new: float) -> str:
    if math.isfinite(new) and abs(new) > FLOAT32:
        return "A float32 holds nothing beyond 3.4e38, so what is larger becomes infinite."
    return "What goes in is no finite number any more, so nor is what comes out."
