"""From a wrong answer to the experiment that shows why it is wrong."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lab.models import Experiment
from course.quiz import versions
from course.quiz.cards import cards_for
from course.quiz.content import Option
from tests.course.quiz.conftest import COLOUR, Ask, alice, ask
from tests.course.quiz.posting import card, place, send
from tests.course.quiz.test_cards import html

__all__ = ["alice", "ask"]
pytestmark = pytest.mark.django_db

BELIEFS = ("backward-updates", "zero-between", "gradient-is-update")


def experiment(belief: str, name: str = "", **fields: object) -> Experiment:
    return Experiment.objects.create(
        name=name or belief, stage="backpropagation", misconception=belief,
        title=f"Title of {name or belief}", comparison="loss_gap", **fields,
    )  # fmt: skip


def link(name: str) -> str:
    return f'href="{reverse("experiment", args=[name])}"'


def test_a_wrong_answer_leads_to_the_first_experiment_on_its_belief(ask: Ask, alice: User) -> None:
    experiment("backward-updates", "second", order=2)
    experiment("backward-updates", "first", order=1)
    experiment("backward-updates", "hidden", order=0, archived=True)
    experiment("zero-between")
    shown = card(ask(), alice)
    assert "See it happen" not in html(shown)
    after = html(send(alice, shown, place(shown, "backward")).card)
    assert after.count("See it happen") == 1
    assert link("first") in after
    assert "See it happen: Title of first" in after


@pytest.mark.parametrize("option", ["step", "zero"])
def test_a_right_answer_and_a_belief_without_an_experiment_lead_nowhere(
    ask: Ask, alice: User, option: str
) -> None:
    experiment("backward-updates")
    shown = card(ask(), alice)
    assert "See it happen" not in html(send(alice, shown, place(shown, option)).card)


def test_at_most_two_beliefs_of_an_answer_are_shown(ask: Ask, alice: User) -> None:
    options = [
        Option(belief, text=belief, misconception=belief, feedback="No.\nNot so.")
        for belief in BELIEFS
    ]
    for belief in BELIEFS:
        experiment(belief)
    right = Option("right", text="right", correct=True)
    question = ask(kind="multiple", options=(right, *options), points=1)
    shown = card(question, alice)
    raw = "\n".join(place(shown, belief) for belief in BELIEFS)
    after = html(send(alice, shown, raw).card)
    assert [link(belief) in after for belief in BELIEFS] == [True, True, False]


def test_who_was_sure_finds_it_right_behind_that(ask: Ask, alice: User) -> None:
    experiment("backward-updates")
    shown = card(ask(), alice)
    sure = html(send(alice, shown, place(shown, "backward"), "sure").card)
    said, button, heading = (
        sure.index(each) for each in ("You were sure", "See it happen", "CANARY-heading")
    )
    assert said < button < heading


def test_a_page_asks_once_for_all_its_replies(
    ask: Ask, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    experiment("backward-updates")
    for number in range(4):
        question = ask(slug=f"q-{number}", options=COLOUR.options)
        shown = card(question, alice)
        send(alice, shown, place(shown, "backward"))
    with django_assert_num_queries(3):
        made = cards_for(versions.current("lesson"), alice, None)
    assert [len(each.feedback.experiments) for each in made if each.feedback] == [1] * 4
