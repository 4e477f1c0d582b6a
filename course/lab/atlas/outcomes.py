"""Outcomes of arrangements, named by what was measured: parameters bit by bit, errors as raised.

Pure: traces in, outcomes out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

from trainer.engine.spec import PRESETS
from trainer.engine.trace import Document, Trace
from trainer.engine.vocabulary import CORE
from trainer.likeness import ended_alike, ending, is_late, stood_still

SPEC = PRESETS["calm"]
ADDING = "forward,loss,backward,step"
"""The loop that never clears: what it ends with is what others are compared with."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of outcome: the letter of its cells, its name, and what it was told by."""

    letter: str
    name: str
    says: str


KINDS = {
    "same": Kind("C", "Learns as the correct loop", "Ends with the same parameters, bit for bit."),
    "late": Kind(
        "L",
        "One step late",
        "After each step it has the parameters that the correct loop had a step before.",
    ),
    "adds": Kind(
        "A", "Adds gradients up", "Ends as the loop in which zero_grad() is left out, bit for bit."
    ),
    "late-adds": Kind(
        "B", "Late, and adds gradients up", "One step behind the loop without zero_grad()."
    ),
    "still": Kind("N", "Never moves", "Runs to its end, and no parameter is ever another."),
    "elsewhere": Kind("E", "Goes elsewhere", "Runs to its end, with parameters of its own."),
    "no-logits": Kind("X", "NameError: logits", "A line uses logits before any line made it."),
    "no-loss": Kind("Y", "NameError: loss", "A line uses loss before any line made it."),
    "in-place": Kind(
        "Z",
        "RuntimeError: in place",
        "The weights were changed between the forward pass and backward().",
    ),
    "error": Kind("?", "Another error", "It stopped with an error of another kind."),
}
"""In the order of the legend."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an arrangement.

    lines: ids with commas; kind: a key of `KINDS`; error: its type, or empty; at: id of the line
    that raised it; group: names the parameters at the end; loss, accuracy: of the last epoch,
    the running one and the held-out one, None where there is none.
    """

    lines: str
    kind: str
    error: str
    at: str
    group: str
    loss: float | str | None
    accuracy: float | str | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def arrangements() -> Iterator[str]:
    """Every order of every choice of the five lines, fewest first: 326 of them."""
    for count in range(len(CORE) + 1):
        yield from (",".join(order) for order in permutations(CORE, count))


def outcomes(traces: Mapping[str, Trace]) -> list[Outcome]:
    """What came of each arrangement, told by comparing their runs."""
    correct, adding = traces[",".join(CORE)], traces[ADDING]
    return [_outcome(lines, trace, correct, adding) for lines, trace in traces.items()]


def _outcome(lines: str, trace: Trace, correct: Trace, adding: Trace) -> Outcome:
    document, error = trace.document, trace.document["error"]
    last = document["epochs"][-1] if document["epochs"] and not error else {}
    return Outcome(
        lines=lines,
        kind=_failed(error) if error else _finished(trace, correct, adding),
        error=error["type"] if error else "",
        at=_line_at(document) if error else "",
        group=ending(trace),
        loss=last.get("running_loss"),
        accuracy=last.get("heldout_accuracy"),
    )


def _finished(trace: Trace, correct: Trace, adding: Trace) -> str:
    if stood_still(trace):
        return "still"
    if ended_alike(trace, correct):
        return "same"
    if is_late(trace, correct):
        return "late"
    if ended_alike(trace, adding):
        return "adds"
    return "late-adds" if is_late(trace, adding) else "elsewhere"


def _failed(error: dict[str, str]) -> str:
    if error["type"] == "NameError":
        for name in ("logits", "loss"):
            if f"'{name}'" in error["message"]:
                return f"no-{name}"
    return "in-place" if "inplace operation" in error["message"] else "error"


def _line_at(document: Document) -> str:
    """The line that an error is in; all lines of a batch take one row."""
    row = document["source"].splitlines()[document["error"]["line"] - 1].strip()
    return next(str(each["id"]) for each in document["program"] if each["source"] == row)
