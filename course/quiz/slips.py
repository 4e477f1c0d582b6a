"""What is wrong with a text of an author, and where. Pure."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from course.quiz import evidence, roles
from trainer.engine.probes import CURVES

Known = Callable[[set[str]], set[str]]
"""Of the names in a text those that stand for a number."""


class Slip(NamedTuple):
    """What is wrong, and where: the keys that lead to a text, and the line in it."""

    reason: str
    place: tuple[str | int, ...] = ()
    line: int = 1


def role_slips(text: str, known: Known = evidence.known) -> list[tuple[int, str]]:
    """Roles that are none, and probes that do not exist: the line of the text, and the reason."""
    return [
        (number, reason)
        for number, line in enumerate(text.split("\n"), 1)
        for reason in _slips_of(line, known)
    ]


def _slips_of(line: str, known: Known) -> Iterator[str]:
    for slip in roles.malformed(line):
        yield f"{slip!r} is no role; write {{probe name .3f}}."
    asked = roles.names(line)
    for name in sorted(asked - known(asked)):
        what = "is a curve, and no number" if name in CURVES else "does not exist"
        yield f"probe {name!r} {what}."
