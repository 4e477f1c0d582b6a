"""What a kind of question is. A kind is pure: no database, no clock, no run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from course.quiz.content import Content

Response = str | float | list[int]
"""What an answer means, as JSON keeps it: an option's name, a number, or a shape."""


class BadResponseError(ValueError):
    """An answer that cannot be read. The message is for the learner; no attempt is used."""


@dataclass(frozen=True, slots=True)
class Marking:
    """The right answer, and the wrong ones to expect by name, as one run makes them."""

    key: Response
    wrong: Mapping[str, Response]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is worth. `share` of the points; `matched` names the option, if any."""

    correct: bool
    share: float
    matched: str = ""
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer whose verdict is known: `share` None means that it must be refused."""

    raw: str
    share: float | None
    matched: str = ""


class Kind(Protocol):
    """The rules of one kind."""

    hint: str

    def parse(self, raw: str, options: Sequence[str]) -> Response:
        """Read an answer as sent; `options` are the names in the order shown."""

    def literal(self, value: str | float) -> Response:
        """Read a key: an author's text or a probe's value. Raises `ValueError`."""

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """Say what a response is worth."""

    def written(self, response: Response, content: Content) -> str:
        """Write a response as a learner would."""

    def samples(self, content: Content, marking: Marking, options: Sequence[str]) -> list[Sample]:
        """One right answer, one per wrong one to expect, and one that is none."""
