"""A learner's own new value of a weight, held against the recorded one, and what slipped.

Pure: the numbers of one update and one answer go in. Knows no page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.drawings.numerals import decimal
from course.inside.weights.entries import Entry

OF_CHANGE, OF_VALUE = 0.01, 1e-6
STATED = (
    "Right is what lies within a hundredth of the change, or within a millionth of the value, "
    "whichever is more."
)
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What there is to say to an answer."""

    right: bool
    title: str
    says: str


def outcome(entry: Entry, answer: float) -> Outcome:
    """For an update whose numbers are all finite."""
    assert entry.after is not None  # noqa: S101 - `moves` says so, for the type checker
    allowed, off = _allowed(entry), answer - entry.after
    if abs(off) <= allowed:
        return Outcome(right=True, title="Right.", says=_away(off))
    says = f"{_away(off)} {slip}" if (slip := _slip(entry, answer, allowed)) else _away(off)
    return Outcome(right=False, title="Not right.", says=says)


def _allowed(entry: Entry) -> float:
    size = max(abs(entry.before or 0.0), abs(entry.after or 0.0))
    return max(OF_CHANGE * abs(entry.change), OF_VALUE * size)


def _away(off: float) -> str:
    if not off:
        return "It is the new value to the last digit."
    side = "above" if off > 0 else "below"
    return f"It is {decimal(abs(off), DIGITS)} {side} the new value."


def _slip(entry: Entry, answer: float, allowed: float) -> str:
    """The usual slip that comes nearest, if it gives this answer and not the new value."""
    after = entry.after or 0.0
    found = [
        (abs(answer - value), says)
        for value, says in slips(entry)
        if abs(value - after) > allowed and abs(answer - value) <= allowed
    ]
    return min(found, key=lambda each: each[0])[1] if found else ""


def slips(entry: Entry) -> Iterator[tuple[float, str]]:
    """What the usual slips give for this update, with what to say to each."""
    before, gradient = entry.before or 0.0, entry.gradient or 0.0
    lr, worked = entry.lr or 0.0, entry.worked
    yield before, "That is the value before: it was not moved at all."
    yield gradient, "That is the gradient itself."
    yield entry.change, "That is the change alone; the new value is the old one plus the change."
    yield (
        before - entry.change,
        ("That is just as far the other way: the optimizer subtracts where you added."),
    )
    for name, called in (("quotient", "quotient"), ("buffer", "momentum buffer")):
        if name in worked:
            whole = before - worked[name]
            yield whole, f"That subtracts the whole {called}: the learning rate is missing."
    yield before - gradient, "That subtracts the whole gradient: the learning rate is missing."
    yield before + gradient, "That adds the gradient, and without the learning rate."
    if "m_hat" in worked:
        yield from _slips_of_adam(entry)
    yield (
        before - lr * gradient,
        (
            "That is the update of plain SGD, by the gradient as it is. This optimizer makes "
            "something else of the gradient first."
        ),
    )


def _slips_of_adam(entry: Entry) -> Iterator[tuple[float, str]]:
    before, lr, worked = entry.before or 0.0, entry.lr or 0.0, entry.worked
    start = worked.get("decayed", before)
    root = worked["v"] ** 0.5
    if root:
        yield (
            start - lr * worked["m"] / root,
            (
                "That divides the running means as they are: both begin at 0 and are corrected for "
                "that first."
            ),
        )
    if "decayed" in worked:
        yield (
            before - lr * worked["quotient"],
            "That is Adam's update: the weight decay is missing.",
        )
