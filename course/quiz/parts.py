"""The parts of a question card, as plain data that the template writes out."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.safestring import SafeString

from course.quiz.models import Confidence

State = Literal["open", "again", "right", "spent", "absent"]
"""open: no answer yet; again: not right, attempts left; spent: not right, none left; absent: the
run has no such thing to ask about."""

RunBadge = dict[str, Any]


ONLY = "prediction-only"
"""The form field that names the one prediction that a form asks, where it does not ask all."""


def field_of(slug: str) -> str:
    """The form field of a prediction: several stand in one form, with a token each."""
    return f"prediction-{slug}"


@dataclass(frozen=True, slots=True)
class Row:
    """An option, or an answer that was given. `value` is sent when an open one is chosen."""

    text: SafeString | str
    value: str = ""
    open: bool = False
    verdict: str = ""
    word: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said to an answer. The key and the explanation are there only when it is over."""

    right: bool
    title: SafeString | str = ""
    text: tuple[SafeString, ...] = ()
    evidence: tuple[SafeString, ...] = ()
    explanation: tuple[SafeString, ...] = ()
    key: SafeString | str = ""
    run: RunBadge | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One question as one person sees it. `token` is empty where nothing can be sent.

    mark: 1 to 5, T or P. worth: the points, in words. number, count: among the cards of its place.
    typed, error: an answer that could not be read, and why. notice: why one was refused.
    fresh: it was answered just now.
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
        return self.state in ("right", "spent", "absent")

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """A prediction beside what came. Without feedback the run has not said so far."""

    slug: str
    ask: SafeString
    said: SafeString
    happened: SafeString | str = ""
    gap: str = ""
    worth: str = ""
    feedback: Feedback | None = None
