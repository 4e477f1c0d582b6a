"""What is told of an answer beside its score."""

import pytest

from course.accounts.models import User
from course.quiz.models import Answer
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, place, send

pytestmark = pytest.mark.django_db


SURE_AND_WRONG = (
    "Marked by certainty: −6, because you were sure; a right answer has 3. "
    "This is practice: nothing is subtracted."
)


def told(ask: Ask, learner: User, raw: str, confidence: str, **fields: object) -> str:
    """The marks in the reply to an answer."""
    question = ask(kind="number", key="7", options=(), nudge="No.\nThink.", points=2, **fields)
    feedback = send(learner, card(question, learner), raw, confidence).card.feedback
    assert feedback
    return " ".join(feedback.marks)


@pytest.mark.parametrize(
    ("raw", "confidence", "said"),
    [
        ("7", "sure", "2 of 2 points. Marked by certainty: 3 of 3, because you were sure."),
        ("7", "guess", "2 of 2 points. Marked by certainty: 1 of 1, because it was a guess."),
        (
            "8",
            "fairly",
            "1 of 2 points. Marked by certainty: 1 of 2, because you were fairly sure.",
        ),
        ("99", "guess", "0 of 2 points. Marked by certainty: 0 of 1, because it was a guess."),
        (
            "99",
            "sure",
            f"0 of 2 points. {SURE_AND_WRONG}",
        ),
    ],
)
def test_the_mark_by_certainty_stands_beside_the_points(
    ask: Ask, alice: User, raw: str, confidence: str, said: str
) -> None:
    assert told(ask, alice, raw, confidence, half_tolerance=1) == said


def test_who_did_not_say_how_sure_they_were_is_told_of_no_mark(ask: Ask, alice: User) -> None:
    assert told(ask, alice, "7", "") == ""


def test_the_mark_takes_nothing_off_the_score(ask: Ask, alice: User) -> None:
    told(ask, alice, "99", "sure")
    assert Answer.objects.get().score == 0


@pytest.mark.parametrize(("option", "confidence"), [("step", "sure"), ("backward", "fairly")])
def test_only_who_is_sure_and_wrong_is_told_that_first(
    ask: Ask, alice: User, option: str, confidence: str
) -> None:
    shown = card(ask(), alice)
    feedback = send(alice, shown, place(shown, option), confidence).card.feedback
    assert feedback
    assert not feedback.sure
