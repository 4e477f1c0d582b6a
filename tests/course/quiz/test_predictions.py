"""Predictions: locked with a run, settled by it, once."""

import pytest
from django.template.loader import render_to_string

from course.accounts.models import User
from course.quiz import predictions
from course.quiz.models import Answer
from course.quiz.parts import Card
from course.quiz.predictions import Predictions
from tests.course.quiz.conftest import stored
from tests.course.quiz.posting import without_tokens
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]


def form(cards: list[Card], end: str = "0.42", falls: str = "rise now and then") -> dict[str, str]:
    """The fields of the form, filled in."""
    fields = {f"{card.field}-token": card.token for card in cards}
    option = next((row for row in cards[0].rows if falls in row.text), None)
    return fields | {cards[0].field: option.value if option else "", cards[1].field: end}


def parsed(learner: User | None, run: Run, **given: str) -> Predictions:
    cards = predictions.cards("pipeline", learner, run)
    return predictions.parse("pipeline", learner, form(cards, **given))


def test_a_prediction_is_locked_and_then_settled(alice: User, calm: Trace) -> None:
    course_run, run = stored(calm, None, "calm"), stored(calm, alice)
    given = parsed(alice, course_run)
    assert given.errors == {}
    predictions.lock(alice, run, given)
    assert [outcome.feedback for outcome in predictions.outcomes(run)] == [None, None]
    assert len(predictions.settle(run)) == 2
    falls, end = predictions.outcomes(run)
    assert (falls.worth, falls.gap, falls.said) == (
        "1 of 1 point",
        "",
        "No. It will rise now and then, but end lower.",
    )
    assert (end.worth, end.said, end.happened, end.gap) == (
        "1 of 1 point",
        "0.420",
        "0.419",
        "0.001 too high",
    )


@pytest.mark.parametrize(
    ("end", "score", "gap"),
    [("0.42", 1, "0.001 too high"), ("0.30", 0.5, "0.119 too low"), ("0.8", 0, "0.381 too high")],
)
def test_a_number_is_scored_by_its_gap(
    alice: User, calm: Trace, end: str, score: float, gap: str
) -> None:
    run = stored(calm, alice)
    predictions.lock(alice, run, parsed(alice, stored(calm, None, "calm"), end=end))
    predictions.settle(run)
    answer = Answer.objects.get(question__slug="p-end")
    loss = calm.document["epochs"][-1]["running_loss"]
    assert answer.score == score
    assert answer.gap == pytest.approx(float(end) - loss)
    outcome = predictions.outcomes(run)[1]
    assert outcome.gap == gap
    assert outcome.feedback
    heading = {1: "", 0.5: "Close.", 0: "The run ended somewhere else."}[score]
    assert outcome.feedback.title == heading


def test_a_wrong_belief_is_kept(alice: User, calm: Trace) -> None:
    run = stored(calm, alice)
    predictions.lock(alice, run, parsed(alice, stored(calm, None, "calm"), falls="Yes"))
    predictions.settle(run)
    answer = Answer.objects.get(question__slug="p-falls")
    assert (answer.correct, answer.misconception) == (False, "loss-falls-always")
    assert "0 of 1 point" in render_to_string(
        "course/prediction.html", {"outcome": predictions.outcomes(run)[0]}
    )


def test_settling_again_changes_nothing(alice: User, calm: Trace) -> None:
    run = stored(calm, alice)
    predictions.lock(alice, run, parsed(alice, stored(calm, None, "calm")))
    predictions.settle(run)
    before = list(Answer.objects.values())
    assert predictions.settle(run) == []
    assert list(Answer.objects.values()) == before


def test_locking_again_keeps_the_first_prediction(alice: User, calm: Trace) -> None:
    course_run, run = stored(calm, None, "calm"), stored(calm, alice)
    predictions.lock(alice, run, parsed(alice, course_run, end="0.3"))
    predictions.lock(alice, run, parsed(alice, course_run, end="0.9"))
    assert Answer.objects.count() == 2
    assert Answer.objects.get(question__slug="p-end").response == 0.3


def test_a_run_that_never_got_there_leaves_them_locked(alice: User, broken: Trace) -> None:
    run = stored(broken, alice)
    predictions.lock(alice, run, parsed(alice, run))
    assert predictions.settle(run) == []
    assert [outcome.feedback for outcome in predictions.outcomes(run)] == [None, None]
    for outcome in predictions.outcomes(run):
        assert "locked" in render_to_string("course/prediction.html", {"outcome": outcome})


def test_every_run_takes_predictions_of_its_own(alice: User, calm: Trace, published: Trace) -> None:
    for run in (stored(calm, alice), stored(published, alice)):
        predictions.lock(alice, run, parsed(alice, run))
        assert len(predictions.settle(run)) == 2
    assert Answer.objects.count() == 4


def test_predictions_are_asked_anew_whatever_run_their_texts_cite(
    alice: User, calm: Trace, broken: Trace
) -> None:
    own = stored(calm, alice)
    predictions.lock(alice, own, parsed(alice, own))
    predictions.settle(own)
    for cited in (own, stored(broken, alice), None):
        cards = predictions.cards("pipeline", alice, cited)
        assert [card.state for card in cards] == ["open", "open"]
        assert all(card.token and card.prompt for card in cards)


def test_what_cannot_be_read_comes_back_with_its_reason(alice: User, calm: Trace) -> None:
    run = stored(calm, None, "calm")
    given = parsed(alice, run, end="0,4", falls="no such option")
    assert set(given.errors) == {"p-falls", "p-end"}
    assert "0.4" in given.errors["p-end"]
    cards = predictions.cards("pipeline", alice, run, given)
    page = render_to_string("course/predictions.html", {"cards": cards})
    assert 'value="0,4"' in page
    assert given.errors["p-end"] in page


def test_a_form_without_predictions_is_an_error_for_each(alice: User) -> None:
    assert set(predictions.parse("pipeline", alice, {}).errors) == {"p-falls", "p-end"}


def test_another_learner_s_form_is_refused(alice: User, bob: User, calm: Trace) -> None:
    cards = predictions.cards("pipeline", alice, stored(calm, None, "calm"))
    assert set(predictions.parse("pipeline", bob, form(cards)).errors) == {"p-falls", "p-end"}


def test_a_visitor_can_predict(calm: Trace) -> None:
    run = stored(calm, None, "calm")
    given = parsed(None, run)
    guest = User.objects.create_guest()
    own = stored(calm, guest)
    predictions.lock(guest, own, given)
    assert len(predictions.settle(own)) == 2


def test_the_form_tells_neither_key_nor_reply(alice: User, calm: Trace) -> None:
    run = stored(calm, None, "calm")
    cards = predictions.cards("pipeline", alice, run)
    page = without_tokens(render_to_string("course/predictions.html", {"cards": cards}))
    assert "1.099" in page
    for hidden in ("0.419", "falls_with_rises", "Not every batch", "17", "does not begin"):
        assert hidden not in page
