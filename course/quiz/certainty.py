"""Certainty-based marking: what an answer is worth, given how sure its learner said to be. Pure.

The rule and its numbers are those of Moodle's question behaviour "certainty-based marking": a
right answer is worth 1, 2 or 3, a wrong one 0, −2 or −6. Guessing costs nothing, being sure of
something false costs most, so that the best thing to say is what one believes. An answer that is
right in part is worth that share of the mark of a right one.

The mark is reported beside the score, which knows nothing of it.
"""

from course.quiz.models import Confidence

RIGHT = {Confidence.GUESS: 1, Confidence.FAIRLY: 2, Confidence.SURE: 3}
WRONG = {Confidence.GUESS: 0, Confidence.FAIRLY: -2, Confidence.SURE: -6}


def mark(confidence: str, share: float) -> float | None:
    """The mark of an answer that earned this share of its points, from 0 to 1.

    None where nobody said how sure they were.
    """
    if confidence not in Confidence.values:
        return None
    sure = Confidence(confidence)
    return share * RIGHT[sure] if share > 0 else float(WRONG[sure])
