"""From a posted form to a stored answer: the whole way, refusals included."""

from dataclasses import replace

import pytest

from course.accounts.models import User
from course.quiz import versions
from course.quiz.models import Answer, Confidence, Question
from course.quiz.refusals import NotACardError, NotYoursError
from course.quiz.reply import reply
from course.quiz.tokens import Token
from tests.course.quiz.conftest import Ask, stored, trained
from tests.course.quiz.posting import card, nobody, place, send, snapshot
from trainer.engine.probes import PROBE_VERSION
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db


# -- what is stored ----------------------------------------------------------------------


def test_it_stores_what_was_sent_understood_and_found(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    answered = send(alice, shown, place(shown, "backward"), Confidence.SURE)
    answer = Answer.objects.get()
    assert answered.status == 200
    assert (answer.learner, answer.raw, answer.response) == (
        alice,
        place(shown, "backward"),
        "backward",
    )
    assert (answer.correct, answer.score, answer.max_score, answer.attempt) == (False, 0, 1, 1)
    assert answer.misconception == "backward-updates"
    assert answer.confidence == "sure"
    assert [str(row.text) for row in shown.rows] == [
        {"step": "optimizer.step()", "backward": "loss.backward()"}.get(
            name, "optimizer.zero_grad()"
        )
        for name in answer.shown
    ]


def test_it_grades_on_the_numbers_of_the_run_and_keeps_them(
    ask: Ask, alice: User, calm: Trace
) -> None:
    question = ask(kind="number", key="{probe last_running_loss}", tolerance=0.01)
    run = stored(calm, alice)
    loss = calm.document["epochs"][-1]["running_loss"]
    answered = send(alice, card(question, alice, run), f"{loss:.3f}")
    answer = Answer.objects.get()
    assert answered.card.state == "right"
    assert (answer.run, answer.variant, answer.score) == (run, run.pk, 1)
    assert answer.evidence == {"last_running_loss": {"value": loss, "version": PROBE_VERSION}}
    assert answer.gap == pytest.approx(0, abs=0.001)


def test_each_run_makes_a_variant_of_its_own(
    ask: Ask, alice: User, calm: Trace, published: Trace
) -> None:
    question = ask(kind="number", key="{probe last_running_loss}", max_attempts=1)
    first, second = stored(calm, alice), stored(published, alice)
    assert send(alice, card(question, alice, first), "9").card.state == "spent"
    assert card(question, alice, second).state == "open"


def test_a_static_question_is_asked_once_whatever_run_it_stands_beside(
    ask: Ask, alice: User, calm: Trace, published: Trace
) -> None:
    question = ask(explanation="It took {probe epochs} epochs.")
    shown = card(question, alice, stored(calm, alice))
    send(alice, shown, place(shown, "step"))
    again = card(question, alice, stored(published, alice))
    assert again.state == "right"
    assert Answer.objects.get().variant == ""


def test_a_visitor_becomes_a_learner_by_answering(ask: Ask) -> None:
    shown = card(ask(), None)
    form = {"token": shown.token, "response": place(shown, "step")}
    answered = reply(None, User.objects.create_guest, form)
    assert answered.card.state == "right"
    assert Answer.objects.get().learner.is_guest


def test_fields_that_nobody_asked_for_are_ignored(ask: Ask, alice: User, bob: User) -> None:
    shown = card(ask(), alice)
    names = [field.name for field in Answer._meta.get_fields()]
    names += ["is_correct", "user", "attempt_no", "max_attempts", "key"]
    form = dict.fromkeys(names, "1") | {"learner": str(bob.pk), "created": "1999-01-01"}
    form |= {"token": shown.token, "response": place(shown, "zero"), "confidence": ""}
    reply(alice, nobody, form)
    answer = Answer.objects.get()
    assert (answer.learner, answer.score, answer.correct, answer.attempt) == (alice, 0, False, 1)
    assert answer.created.year > 2000


# -- what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["", " ", "7", "-1", "step", "\x00", "0" * 201, "<b>"])
def test_what_cannot_be_read_uses_no_attempt_and_tells_nothing(
    ask: Ask, alice: User, raw: str
) -> None:
    shown = card(ask(), alice)
    answered = send(alice, shown, raw)
    assert answered.status == 422
    assert answered.card.error
    assert answered.card.feedback is None
    assert answered.card.attempts_left == shown.attempts_left
    assert answered.card.typed == raw[:200]
    assert not Answer.objects.exists()


def test_a_visitor_whose_answer_cannot_be_read_stays_a_visitor(ask: Ask) -> None:
    assert send(None, card(ask(), None), "nonsense").status == 422
    assert not User.objects.exists()


def test_an_unknown_confidence_is_refused(ask: Ask, alice: User) -> None:
    assert send(alice, card(ask(), alice), "0", "very").status == 422


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\ud800", "W10:1abc:xyz"])
def test_a_token_of_somebody_else_s_making_is_no_card(alice: User, token: str) -> None:
    with pytest.raises(NotACardError):
        reply(alice, nobody, {"token": token, "response": "0"})


def test_a_token_of_a_version_that_is_gone_is_no_card(ask: Ask, alice: User) -> None:
    question = ask()
    shown = card(question, alice)
    question.delete()
    with pytest.raises(NotACardError):
        send(alice, shown, "0")


def test_a_saved_form_cannot_be_sent_again_with_another_answer(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    send(alice, shown, place(shown, "backward"))
    before = snapshot(Answer)
    answered = send(alice, shown, place(shown, "step"))
    assert answered.status == 409
    assert answered.card.notice
    assert answered.card.state == "again"
    assert snapshot(Answer) == before


def test_the_same_answer_twice_is_one_row_and_one_verdict(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    first = send(alice, shown, place(shown, "backward"))
    second = send(alice, shown, place(shown, "backward"))
    assert (first.status, second.status) == (200, 200)
    assert replace(first.card, token="") == replace(second.card, token="")  # signed with the time
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("attempt", [2, 3, 99])
def test_a_token_that_runs_ahead_is_refused(ask: Ask, alice: User, attempt: int) -> None:
    shown = card(ask(max_attempts=2), alice)
    ahead = replace(Token.read(shown.token), attempt=attempt).signed()
    assert send(alice, replace(shown, token=ahead), place(shown, "step")).status == 409
    assert not Answer.objects.exists()


def test_no_token_takes_an_answer_after_the_end(ask: Ask, alice: User) -> None:
    """As a token might that was made before two people's attempts were counted together."""
    for slug, first, allowed in (("right", "step", 3), ("spent", "backward", 1)):
        shown = card(ask(slug=slug, max_attempts=allowed), alice)
        send(alice, shown, place(shown, first))
        late = replace(Token.read(shown.token), attempt=2).signed()
        assert send(alice, replace(shown, token=late), place(shown, "zero")).status == 409
    assert Answer.objects.count() == 2


def test_an_answer_is_no_longer_than_its_column(ask: Ask, alice: User) -> None:
    question = ask(kind="number", key="5")
    assert send(alice, card(question, alice), f"{'5':>201}").status == 422
    assert send(alice, card(question, alice), f"{'5':>200}").card.state == "right"


def test_numbers_that_are_not_finite_are_kept_as_strict_json(ask: Ask, alice: User) -> None:
    question = ask(explanation="It ended at {probe last_batch_loss .3f}.")
    run = stored(trained(replace(PRESETS["calm"], optimizer="adamw", lr=1e9)), alice)
    shown = card(question, alice, run)
    over = send(alice, shown, place(shown, "step")).card
    assert Answer.objects.get().evidence["last_batch_loss"]["value"] == "nan"
    assert over.feedback
    assert over.feedback.text == ("It ended at nan.",)


def test_attempts_end(ask: Ask, alice: User) -> None:
    question = ask(max_attempts=2)
    first = card(question, alice)
    second = send(alice, first, place(first, "backward")).card
    assert second.attempts_left == 1
    third = send(alice, second, place(second, "zero")).card
    assert (third.state, third.attempts_left, third.token) == ("spent", 0, "")
    for old in (first, second):
        assert send(alice, old, place(first, "step")).status == 409
    assert Answer.objects.count() == 2


def test_a_right_answer_ends_it(ask: Ask, alice: User) -> None:
    shown = card(ask(max_attempts=3), alice)
    over = send(alice, shown, place(shown, "step")).card
    assert (over.state, over.token, over.score) == ("right", "", 1)
    assert send(alice, shown, place(shown, "zero")).status == 409


def test_the_card_of_another_learner_is_refused_and_one_s_own_comes_back(
    ask: Ask, alice: User, bob: User
) -> None:
    question = ask()
    answered = send(bob, card(question, alice), "0")
    assert answered.status == 409
    assert Token.read(answered.card.token) == Token.read(card(question, bob).token)
    assert send(None, card(question, alice), "0").status == 409
    assert not Answer.objects.exists()


def test_another_s_run_does_not_exist(ask: Ask, alice: User, bob: User, calm: Trace) -> None:
    question = ask(kind="number", key="{probe epochs}")
    run = stored(calm, alice)
    for learner in (bob, None):
        with pytest.raises(NotYoursError):
            send(learner, card(question, learner, run), "5")
    assert not Answer.objects.exists()


def test_everybody_may_answer_beside_a_run_of_the_course(
    ask: Ask, alice: User, bob: User, calm: Trace
) -> None:
    question = ask(kind="number", key="{probe epochs}")
    run = stored(calm, None, name="calm")
    for learner in (alice, bob):
        assert send(learner, card(question, learner, run), "5").card.state == "right"


def test_a_question_that_the_run_cannot_answer_takes_no_answer(
    ask: Ask, alice: User, broken: Trace
) -> None:
    question = ask(kind="number", key="{probe last_running_loss}")
    shown = card(question, alice, stored(broken, alice))
    assert (shown.state, shown.token, shown.rows) == ("absent", "", ())


def test_an_answer_before_the_run_is_impossible(ask: Ask, alice: User) -> None:
    question = ask(kind="number", key="{probe last_running_loss}")
    assert (card(question, alice).state, card(question, alice).token) == ("absent", "")


# -- what was shown is what is graded ------------------------------------------------------


def test_an_edit_between_form_and_answer_does_not_touch_the_answer(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    question = Question.objects.get()
    question.choices.filter(name="step").update(correct=False)
    question.choices.filter(name="zero").update(correct=True)
    second = versions.publish(question)
    answered = send(alice, shown, place(shown, "step"))
    answer = Answer.objects.select_related("version").get()
    assert answered.card.state == "right"
    assert (answer.correct, answer.version.number, second.number) == (True, 1, 2)


def test_an_edited_question_asks_the_next_attempt_anew(ask: Ask, alice: User) -> None:
    question = ask()
    shown = card(question, alice)
    send(alice, shown, place(shown, "backward"))
    Question.objects.update(prompt="A better prompt?")
    question.refresh_from_db()
    versions.publish(question)
    again = card(question, alice)
    assert again.prompt == "A better prompt?"
    assert again.feedback
    assert "CANARY-feedback of backward." in again.feedback.text
    send(alice, again, place(again, "step"))
    assert [answer.version.number for answer in Answer.objects.order_by("pk")] == [1, 2]


def test_a_question_archived_while_it_is_answered_still_takes_the_answer(
    ask: Ask, alice: User
) -> None:
    shown = card(ask(), alice)
    Question.objects.update(archived=True)
    assert send(alice, shown, place(shown, "step")).card.state == "right"


def test_options_stay_where_they_were_after_an_answer(ask: Ask) -> None:
    question = ask()
    for _ in range(5):
        shown = card(question, None)
        form = {"token": shown.token, "response": place(shown, "backward")}
        after = reply(None, User.objects.create_guest, form).card
        assert [row.text for row in after.rows] == [row.text for row in shown.rows]
