"""One update of a weight: what was known ahead of it, its rule, its arithmetic, an answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.numerals import MINUS, decimal
from course.inside.weights.entries import Entry, Ledger
from course.inside.weights.forms import TryForm
from course.inside.weights.guess import STATED, Outcome, outcome
from course.inside.weights.spelled import Line, lines_of
from course.lessons.pipeline.wording import prose

FLOAT32 = 3.4028234e38
"""The largest number that a float32 can be."""
EXACT = 9
"""Significant digits that tell every float32 from all others."""
HELD = {
    "t": "t before: its updates so far",
    "buffer": "b before: the momentum buffer (momentum_buffer)",
    "m": "m before: running mean of gradients (exp_avg)",
    "v": "v before: running mean of their squares (exp_avg_sq)",
}
OF_RMSPROP = "v before: running mean of squared gradients (square_avg)"
BEGINS = {"adam": ("t", "m", "v"), "adamw": ("t", "m", "v"), "rmsprop": ("v",)}
"""What an optimizer begins with at 0."""


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
    answer: str
    why: SafeString
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
        facts=_facts(ledger, entry),
        lines=lines_of(ledger, entry, hidden=blank),
        blank=blank,
        form=(tried or TryForm()) if blank else None,
        stated=STATED,
        outcome=answered,
        answer=tried.data["try"].strip() if tried and answered else "",
        why=prose(_why(entry)),
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


def _facts(ledger: Ledger, entry: Entry) -> list[dict[str, Any]]:
    told = [("value: before the update", entry.before), ("g: gradient at step()", entry.gradient)]
    told += [("learning rate", entry.lr)]
    if entry.worked:
        was = dict.fromkeys(BEGINS.get(ledger.rule or "", ()), 0.0) | dict(entry.was)
        words = HELD | ({"v": OF_RMSPROP} if ledger.rule == "rmsprop" else {})
        names = [name for name in words if name in was]
        told += [(words[name], was[name]) for name in names if _is_asked(ledger, name)]
    return [
        {"name": name, "value": exact(value), "code": True}
        for name, value in told
        if value is not None
    ]


def _is_asked(ledger: Ledger, name: str) -> bool:
    """RMSprop counts its updates, and makes nothing of the count."""
    return (name, ledger.rule) != ("t", "rmsprop")


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
