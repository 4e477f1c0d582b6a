"""The parts of a question card, as plain data that the template writes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from course.quiz.models import Confidence
from course.quiz.overlay import Overlay
from trainer.differences import Line

State = Literal["open", "again", "locked", "right", "spent", "ungraded", "absent"]
"""open: no answer yet; again: not right, attempts left; locked: answered, and its run is still to
be made; spent: not right, none left; ungraded: its run did not bear out what is asked about;
absent: the run has no such thing to ask about."""

RunBadge = dict[str, Any]


ONLY = "prediction-only"
"""The form field that names the one prediction that a form asks, where it does not ask all."""


def field_of(slug: str) -> str:
    """The form field of a prediction: several stand in one form, with a token each."""
    return f"prediction-{slug}"


@dataclass(frozen=True, slots=True)
class Row:
    """An option, or an answer that was given. `value` is sent when an open one is chosen.

    many: others may be chosen with it. code: as it was typed, or a program.
    """

    text: SafeString | str
    value: str = ""
    open: bool = False
    verdict: str = ""
    word: str = ""
    many: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An experiment that puts a belief to the test: its address and its title."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said to an answer. The key and the explanation are there only when it is over.

    graded: whether there was something to be right about. sure: it was sure, and nothing of it
    right. beliefs: what it shows, by their ids; experiments: where that can be seen put to the
    test. marks: what it is worth, and with which help.
    """

    right: bool
    title: SafeString | str = ""
    text: tuple[SafeString, ...] = ()
    evidence: tuple[SafeString, ...] = ()
    explanation: tuple[SafeString, ...] = ()
    key: str = ""
    run: RunBadge | None = None
    graded: bool = True
    sure: bool = False
    beliefs: tuple[str, ...] = ()
    experiments: tuple[Shown, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def key_is_code(self) -> bool:
        """Whether the right answer takes several lines, and other programs may be right as well."""
        return "\n" in self.key


@dataclass(frozen=True, slots=True)
class Needs:
    """The run that settles a question: in what it differs from the one that the page tells.

    settings: `name`, `here` and `beside`; lines: those of the loop around what differs. state: how
    its making stands, said of a locked answer, and token: of the form that has it made. gap: how
    far off a settled answer was. again: the address of the next turn.
    """

    settings: list[dict[str, str]]
    lines: list[Line]
    state: str
    token: str = ""
    gap: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One question as one person sees it. `token` is empty where nothing can be sent.

    mark: 1 to 5, T or P. worth: the points, in words. number, count: among the cards of its place.
    lists: options stand there; else answers are written above the control, which is what asks:
    the name of a template in `course/controls/`. asks: what that writes out.
    typed: the answer that the form begins with: one that could not be read, with the error that
    says why, or the last one, to be mended. notice: why one was refused.
    overlay: what was drawn over what came. needs: the run that is made after the answer.
    fresh: it was answered just now.
    hints: those that were taken; hints_left: how many are not; next_hint: the number to ask for,
    0 where there is none; hinted: one was taken just now.
    draft: what somebody types here is kept by the browser under this name.
    """

    slug: str
    place: str
    kind: str
    mark: str
    stage: str
    stage_name: str
    state: State
    prompt: SafeString | str
    note: tuple[SafeString, ...]
    rows: tuple[Row, ...]
    hint: str
    control: str
    lists: bool
    unit: str
    longest: int
    worth: str
    attempts_left: int
    score: float
    points: int
    number: int = 1
    count: int = 1
    token: str = ""
    feedback: Feedback | None = None
    typed: str = ""
    confidence: str = ""
    error: str = ""
    notice: str = ""
    fresh: bool = False
    asks: Mapping[str, Any] = field(default_factory=dict)
    overlay: Overlay | None = None
    needs: Needs | None = None
    hints: tuple[SafeString, ...] = ()
    hints_left: int = 0
    next_hint: int = 0
    hinted: bool = False
    draft: str = ""

    @property
    def template(self) -> str:
        """Of the control."""
        return f"course/controls/{self.control}.html"

    @property
    def sent(self) -> list[str]:
        """The values that the form begins with."""
        return self.typed.split("\n")

    @property
    def errors(self) -> list[SafeString]:
        """Why the answer could not be read, reason by reason; what stands in backticks is code."""
        return [_coded(reason) for reason in self.error.splitlines()]

    @property
    def points_drawn(self) -> list[tuple[int, str]]:
        """Of a curve: each epoch, and the value that the form begins with."""
        given = self.sent
        return [
            (epoch, given[epoch - 1] if epoch <= len(given) else "")
            for epoch in self.asks["epochs"]
        ]

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"q-{self.slug}"

    @property
    def field(self) -> str:
        """The name of its field in a form of predictions."""
        return field_of(self.slug)

    @property
    def is_answered(self) -> bool:
        """Whether the learner has committed to an answer: evidence may be shown."""
        return self.feedback is not None

    @property
    def is_over(self) -> bool:
        """Whether no further answer is taken."""
        return self.state in ("right", "spent", "ungraded", "absent")

    @property
    def attempts(self) -> str:
        """How many are left, in words."""
        return f"{self.attempts_left} attempt{'s' * (self.attempts_left != 1)} left"

    @property
    def sureness(self) -> list[dict[str, Any]]:
        """The three degrees of confidence, as a bar of segments."""
        return [
            {"value": each.value, "label": each.label, "chosen": each.value == self.confidence}
            for each in Confidence
        ]


def _coded(reason: str) -> SafeString:
    pieces = enumerate(reason.split("`"))
    return format_html_join("", "{}", ((_piece(text, index),) for index, text in pieces))


def _piece(text: str, index: int) -> SafeString | str:
    return format_html("<code>{}</code>", text) if index % 2 else text


@dataclass(frozen=True, slots=True)
class Outcome:
    """A prediction beside what came. Without feedback the run has not said so far."""

    slug: str
    ask: SafeString
    said: SafeString
    happened: SafeString | str = ""
    gap: str = ""
    worth: str = ""
    drawing: Overlay | None = None
    feedback: Feedback | None = None
