"""The answers of a learner, as far as progress counts with them: rows without the database.

Everything in this room is worked out from these rows anew each time; nothing of it is stored.
"""

from dataclasses import dataclass
from datetime import datetime

from course.accounts.models import User
from course.quiz.models import Answer, Mode, Place

FIELDS = (
    "pk", "question", "version", "variant", "mode", "attempt", "correct", "score", "max_score",
    "confidence", "matched", "created", "question__stage", "question__objective", "question__place",
)  # fmt: skip
"""Of an answer and its question, in the order of the fields of `Given`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A graded answer. `pk` is the order in which it came, which no clock can turn round."""

    pk: int
    question: int
    version: int
    variant: str
    mode: str
    attempt: int
    correct: bool
    score: float
    max_score: float
    confidence: str
    matched: str
    created: datetime
    stage: str
    objective: str
    place: str

    @property
    def is_recall(self) -> bool:
        """Whether it was given from memory, on the page of recall."""
        return self.mode == Mode.RECALL

    @property
    def is_prediction(self) -> bool:
        """Whether it was given before the run that settled it. Recall asks it like any other."""
        return self.place == Place.PREDICTION and not self.is_recall

    @property
    def is_first(self) -> bool:
        """Whether no reply came before it on this occasion. In recall each answer stands alone."""
        return self.is_recall or self.attempt == 1

    @property
    def share(self) -> float:
        """What it earned of its points, 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0


def given(learner: User | None) -> list[Given]:
    """All that somebody answered and that has its verdict, in the order given. One query."""
    if learner is None:
        return []
    graded = Answer.objects.filter(learner=learner, score__isnull=False).order_by("pk")
    return [Given(*row) for row in graded.values_list(*FIELDS)]
