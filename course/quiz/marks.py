"""What an answer was worth and with which help, in words: beside the score, never instead of it."""

from course.quiz.certainty import RIGHT, mark
from course.quiz.models import Answer, Confidence, Mode
from course.quiz.roles import MINUS

BECAUSE = {
    Confidence.GUESS: "because it was a guess",
    Confidence.FAIRLY: "because you were fairly sure",
    Confidence.SURE: "because you were sure",
}


def marks(answer: Answer) -> tuple[str, ...]:
    """A sentence each; none where nobody said how sure they were, and no hint was taken."""
    help_taken = [hints_taken(answer.hints)] if answer.hints else []
    return (*_by_certainty(answer), *help_taken)


def hints_taken(count: int) -> str:
    """How many, in words."""
    return f"You took {count} hint{'s' * (count != 1)}."


def worth(answer: Answer) -> str:
    """Its points, of those that it might have had."""
    points = f"point{'s' * (answer.max_score != 1)}"
    return f"{answer.score or 0:g} of {answer.max_score:g} {points}"


def _by_certainty(answer: Answer) -> list[str]:
    """Nothing is to be earned outside lessons, so no points are named there."""
    earned = mark(answer.confidence, (answer.score or 0.0) / answer.max_score)
    if earned is None:
        return []
    sure = Confidence(answer.confidence)
    said = [f"{worth(answer)}."] if answer.mode == Mode.LEARN else []
    if earned >= 0:
        return [*said, f"Marked by certainty: {earned:.3g} of {RIGHT[sure]}, {BECAUSE[sure]}."]
    mark_ = f"{MINUS}{-earned:g}, {BECAUSE[sure]}; a right answer has {RIGHT[sure]}"
    return [*said, f"Marked by certainty: {mark_}.", "This is practice: nothing is subtracted."]
