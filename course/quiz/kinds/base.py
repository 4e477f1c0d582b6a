"""What a kind of question is. A kind is pure: no database, no clock, no run.

A new kind is a class that derives from `Kind` and says what is different about it; what a kind
does not say is as most of them do it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from course.quiz import roles
from course.quiz.content import Content, Option
from course.quiz.roles import Values
from course.quiz.slips import Slip
from trainer.engine.program import Program

Response = str | float | list[int] | list[str] | list[float]
"""What an answer means, as strict JSON keeps it."""


class BadResponseError(ValueError):
    """An answer that cannot be read. The message is for the learner; no attempt is used.

    Several lines are several reasons.
    """


@dataclass(frozen=True, slots=True)
class Marking:
    """The right answer, and the wrong ones to expect by name, as one run makes them.

    facts: of the run of the answer itself, where the kind has answers run.
    """

    key: Response
    wrong: Mapping[str, Response]
    facts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is worth. `share` of the points; `matched` names options, with blanks between.

    They are those that have something to say to the answer, the most important first.
    """

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


class Kind:
    """The rules of one kind.

    control: the template of `course/controls/` that asks. longest: characters of an answer.
    lists: options stand there and are marked; else answers are written above the control.
    typed: an answer is shown as it was typed. again: a further try begins with the last answer.
    runs: the answer is a program, which is run before it is graded. close: said to an answer that
    earns something, and not all; parts: for some of its parts, so that the heading of the feedback
    is said as well.
    """

    control: ClassVar[str] = "field"
    longest: ClassVar[int] = 200
    lists: ClassVar[bool] = False
    typed: ClassVar[bool] = False
    again: ClassVar[bool] = True
    runs: ClassVar[bool] = False
    close: ClassVar[str] = "Close."
    parts: ClassVar[bool] = False

    def hint(self, content: Content) -> str:  # noqa: ARG002
        """What to write, or how it counts: said from the start."""
        return ""

    def shuffled(self, content: Content) -> list[str]:  # noqa: ARG002
        """Names of the options that stand there in an order of the learner's own."""
        return []

    def asks(self, content: Content, values: Values, shown: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """What the control writes out: nothing that tells the key."""
        return {}

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:
        """Read an answer as sent; `shown` are names in the order shown.

        Several values come one to a line. Raises `BadResponseError`.
        """
        raise NotImplementedError

    def key(self, content: Content, values: Values) -> Response | None:
        """The right answer, or one of them; None where the run has no such thing."""
        return self.resolved(content.key, values)

    def wrong(self, content: Content, values: Values, key: Response) -> dict[str, Response]:
        """Every wrong answer to expect that this run can tell from the right one, by its name."""
        found = {each.name: self.resolved(each.value, values) for each in content.options}
        return {
            name: value
            for name, value in found.items()
            if value is not None and not self.alike(content, value, key)
        }

    def alike(self, content: Content, one: Response, key: Response) -> bool:  # noqa: ARG002
        """Whether a wrong answer to expect would be taken for the right one."""
        return one == key

    def resolved(self, text: str, values: Values) -> Response | None:
        """A key as the kind understands it: written out, or the value of its probe."""
        name = roles.alone(text)
        value = values.get(name) if name else text
        if value is None:
            return None
        try:
            return self.literal(value)
        except ValueError:
            return None

    def literal(self, value: str | float | list[float]) -> Response:
        """Read a key: an author's text or a probe's value. Raises `ValueError`."""
        raise ValueError(f"{value!r} is no key.")

    def program(self, response: Response, content: Content) -> Program | None:  # noqa: ARG002
        """The program that an answer comes to, if it is to be run."""
        return None

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:
        """Say what a response is worth."""
        raise NotImplementedError

    def written(self, response: Response, content: Content) -> str:  # noqa: ARG002
        """Write a response as a learner would; a program over several lines."""
        return str(response)

    def off(self, gap: float) -> str:  # noqa: ARG002
        """How far off an answer was, in words."""
        return ""

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:
        """One right answer, one per wrong one to expect, and one that is none."""
        raise NotImplementedError

    def variations(self, content: Content) -> list[Response]:  # noqa: ARG002
        """Answers to run: each reply that hangs on a run has to be the reply to one of them."""
        return []

    def problems(self, content: Content) -> Iterator[Slip]:
        """What an author has to put right."""
        yield from nudged(content)
        yield from self.literal_slips("key", content.key, ("key",))
        for index, option in enumerate(content.options):
            where = f"option {option.name!r}"
            yield from self.literal_slips(where, option.value, ("choice", index, "value"))
            yield from replied(index, option)

    def literal_slips(self, where: str, text: str, place: tuple[str | int, ...]) -> Iterator[Slip]:
        """A key that cannot be read."""
        if roles.alone(text):
            return
        try:
            self.literal(text)
        except ValueError:
            yield Slip(f"{where}: {text!r} is neither a {self.name()} nor a probe.", place)

    def name(self) -> str:
        """As authors write it."""
        return type(self).__name__.lower()


def nudged(content: Content) -> Iterator[Slip]:
    """Something has to be said to a wrong answer that nobody foresaw."""
    if not content.nudge.strip():
        yield Slip("nudge: is empty, so an unforeseen wrong answer would get no feedback.")


def replied(index: int, option: Option) -> Iterator[Slip]:
    """A wrong answer to expect has feedback, and shows a belief."""
    where = f"option {option.name!r}"
    if not option.feedback.strip():
        yield Slip(f"{where}: has no feedback.", ("choice", index))
    if not option.misconception:
        yield Slip(f"{where}: names no misconception.", ("choice", index))


def lines_of(raw: str) -> list[str]:
    """The values of a control that sends several."""
    return raw.split("\n")
