"""What a card tells in each state, and what it does not."""

import re
from dataclasses import asdict, replace

import pytest
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.quiz import tokens, versions
from course.quiz.cards import cards_for
from course.quiz.kinds import KINDS
from course.quiz.models import Question
from course.quiz.parts import Card
from course.quiz.tokens import Token
from tests.course.quiz.conftest import COLOUR, Ask, stored
from tests.course.quiz.examples import EXAMPLES
from tests.course.quiz.posting import card, place, send, without_tokens
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = pytest.mark.django_db

CANARY = re.compile(r"CANARY-\w+")
NUMBER = {
    "kind": "number",
    "key": "12345.678",
    "nudge": "CANARY-heading of the nudge.\nCANARY-nudge.",
    "explanation": "CANARY-explanation.",
    "options": (
        replace(
            COLOUR.options[1],
            text="",
            value="54321",
            feedback="CANARY-heading.\nCANARY-distractor.",
        ),
    ),
}


def html(shown: Card) -> str:
    page = render_to_string("course/question.html", {"card": shown, "action": "/somewhere/"})
    return without_tokens(page)


def canaries(shown: Card) -> set[str]:
    """Every canary in the page, checked against every byte of the card itself."""
    page = set(CANARY.findall(html(shown)))
    assert page == set(CANARY.findall(str(asdict(shown))))
    return page


# -- before an answer ----------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{}, NUMBER])
def test_nothing_of_a_reply_is_told_before_the_answer(
    ask: Ask, alice: User, fields: dict[str, object]
) -> None:
    question = ask(**fields, note="CANARY-note")
    for learner in (alice, None):
        shown = card(question, learner)
        page = html(shown)
        assert canaries(shown) == {"CANARY-note"}
        for hidden in ("12345", "54321", "backward-updates", "correct", "misconception"):
            assert hidden not in page
        for option in COLOUR.options:
            assert f'value="{option.name}"' not in page


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_kind_tells_its_key_before_the_answer(ask: Ask, alice: User, name: str) -> None:
    content = EXAMPLES[name]
    question = ask(**asdict(content) | {"options": content.options})
    for learner in (alice, None):
        shown = card(question, learner)
        assert canaries(shown) == set()
        page = html(shown)
        for option in content.options:
            assert f'value="{option.name}"' not in page
            assert not option.misconception or option.misconception not in page
        for word in ("correct", "CANARY", content.facts or "CANARY", "12345"):
            assert word not in page


@pytest.mark.parametrize("kind", ["order", "multiple", "faulty-line"])
def test_the_order_shown_is_each_learners_own(ask: Ask, kind: str) -> None:
    """Whatever stands in an order of the author's is shuffled: what is right stands everywhere."""
    content = EXAMPLES[kind]
    names = KINDS[kind].shuffled(content)
    question = ask(**asdict(content) | {"options": content.options})
    version = versions.current_of(question.pk)
    first = set()
    for pk in range(60):
        shown = tokens.shuffled(names, version.question_id, pk)
        first.add(shown.index(names[0]))
    assert first == set(range(len(names)))
    mine = card(question, None)
    order = Token.read(mine.token).order
    assert sorted(tokens.names(order, names, version.pk)) == sorted(names)


def test_an_answer_that_cannot_be_read_reveals_nothing(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    shown = send(alice, card(question, alice), "about one").card
    assert canaries(shown) == set()
    assert 'value="about one"' in html(shown)
    assert 'aria-invalid="true"' in html(shown)


def test_the_order_of_options_does_not_hang_on_which_is_right(ask: Ask) -> None:
    """Over many learners the right option stands in each place about as often."""
    question = ask()
    version = versions.current_of(question.pk)
    places = []
    for pk in range(300):
        shown = tokens.shuffled([each.name for each in COLOUR.options], version.question_id, pk)
        places.append(shown.index("step"))
    assert all(70 < places.count(place) < 130 for place in range(3))


# -- after an answer -----------------------------------------------------------------------


def test_a_wrong_answer_is_told_why_and_no_more(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    after = send(alice, shown, place(shown, "backward")).card
    assert canaries(after) == {"CANARY-heading", "CANARY-feedback", "CANARY-evidence"}
    rows = {str(row.text): row for row in after.rows}
    assert rows["loss.backward()"].word == "Your answer"
    assert not rows["loss.backward()"].open
    assert rows["optimizer.step()"].verdict == rows["optimizer.zero_grad()"].verdict == ""
    assert after.worth == "0 of 1 point"
    assert after.attempts == "1 attempt left"
    assert "Try again" in html(after)


def test_a_wrong_number_is_not_told_the_right_one(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    matched = send(alice, card(question, alice), "54321").card
    assert canaries(matched) == {"CANARY-heading", "CANARY-distractor", "CANARY-evidence"}
    assert "12345.678" not in html(matched)
    unmatched = send(alice, matched, "7").card
    assert unmatched.state == "spent"


def test_an_unforeseen_wrong_number_is_never_bare(ask: Ask, alice: User) -> None:
    after = send(alice, card(ask(**NUMBER), alice), "7").card
    assert canaries(after) == {"CANARY-heading", "CANARY-nudge"}


@pytest.mark.parametrize(("first", "second"), [("backward", "zero"), ("zero", "backward")])
def test_the_last_attempt_opens_the_answer_and_the_explanation(
    ask: Ask, alice: User, first: str, second: str
) -> None:
    shown = card(ask(), alice)
    again = send(alice, shown, place(shown, first)).card
    spent = send(alice, again, place(again, second)).card
    assert spent.state == "spent"
    assert "CANARY-explanation" in canaries(spent)
    rows = {str(row.text): row for row in spent.rows}
    assert rows["optimizer.step()"].word == "The right answer"
    assert "<form" not in html(spent)


def test_the_last_attempt_at_a_number_tells_it(ask: Ask, alice: User) -> None:
    question = ask(**(NUMBER | {"max_attempts": 1}))
    spent = send(alice, card(question, alice), "7").card
    assert spent.feedback
    assert spent.feedback.key == "12345.6780"
    assert "The right answer is <code>12345.6780</code>." in html(spent)


def test_a_right_answer_gets_the_explanation(ask: Ask, alice: User) -> None:
    shown = card(ask(points=3), alice)
    assert shown.worth == "3 points"
    after = send(alice, shown, place(shown, "step")).card
    assert canaries(after) == {"CANARY-explanation"}
    assert (after.state, after.worth, after.score) == ("right", "3 of 3 points", 3)


def test_a_fresh_reply_takes_the_reader_to_it(ask: Ask, alice: User) -> None:
    question = ask()
    shown = card(question, alice)
    assert " autofocus" not in html(shown)
    assert " autofocus" in html(send(alice, shown, place(shown, "step")).card)
    assert " autofocus" not in html(card(question, alice))


def test_what_was_sure_and_wrong_is_sent_to_the_evidence(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    after = send(alice, shown, place(shown, "backward"), "sure").card
    assert after.feedback
    assert after.feedback.sure
    assert html(after).index("You were sure") < html(after).index("CANARY-heading of backward")


def test_evidence_stays_that_of_the_run_answered_beside(
    ask: Ask, alice: User, calm: Trace, published: Trace
) -> None:
    question = ask(explanation="It ended at {probe last_running_loss .3f}.")
    first, second = stored(calm, alice), stored(published, alice)
    shown = card(question, alice, first)
    send(alice, shown, place(shown, "step"))
    later = card(question, alice, second)
    assert later.feedback
    assert later.feedback.text == ("It ended at 0.419.",)
    assert later.feedback.run
    assert later.feedback.run["name"] == first.badge


def test_typed_answers_are_escaped(ask: Ask, alice: User) -> None:
    attack = '"><script>alert(1)</script>'
    shown = send(alice, card(ask(**NUMBER), alice), attack).card
    assert attack not in html(shown)


# -- all cards of a page ---------------------------------------------------------------------


def test_a_page_of_cards_takes_the_same_few_queries_whatever_their_number(
    ask: Ask, alice: User, calm: Trace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = stored(calm, alice)
    for count in (1, 7):
        for number in range(count):
            question = ask(slug=f"q-{number}", explanation="{probe epochs} epochs.")
            shown = card(question, alice, run)
            if shown.state == "open":
                send(alice, shown, place(shown, "backward"))
        lone = Run.objects.get(pk=run.pk)
        with django_assert_num_queries(4):
            made = cards_for(versions.current("lesson"), alice, lone)
        assert [card.number for card in made] == list(range(1, count + 1))
        assert {card.count for card in made} == {count}


def test_a_page_of_cards_writes_nothing_for_a_visitor(ask: Ask) -> None:
    ask()
    assert cards_for(versions.current("lesson"), None, None)[0].token
    assert not User.objects.exists()


def test_a_card_keeps_its_number_when_it_comes_alone(ask: Ask, alice: User) -> None:
    for slug in ("a", "b", "c"):
        last = ask(slug=slug)
    ask(slug="elsewhere", place="stage")
    shown = card(last, alice)
    assert (shown.number, shown.count) == (3, 3)


def test_an_archived_question_is_not_on_the_page(ask: Ask) -> None:
    ask()
    Question.objects.update(archived=True)
    assert cards_for(versions.current("lesson"), None, None) == []
