"""Recall as somebody meets it: answer today, come back another day, with a mouse or without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from course.quiz.models import Answer
from course.recall.models import Memory, Review
from tests.browser.conftest import Tomorrow, Visit
from tests.browser.places import sign_in
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor


@pytest.fixture
def learner() -> User:
    return User.objects.create_guest()


def answer_in_lesson(visitor: Visitor) -> None:
    """Two questions of a lesson, one of them wrong."""
    page = visitor.page
    page.goto("/lessons/loss/?open=four-ways-to-get-it-wrong")
    card = page.locator("article.question").first
    card.locator("input[name=response]").fill("1000")
    card.get_by_role("radio", name="Sure").check(force=True)
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".feedback")).to_be_visible()


def due(page: Page) -> str:
    return page.locator("#recall-due").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_answered_comes_back_the_next_day(
    visit: Visit, site: str, clock: Tomorrow, learner: User, *, scripts: bool
) -> None:
    visitor = visit(java_script_enabled=scripts)
    page = visitor.page
    sign_in(page.context, site, learner)
    answer_in_lesson(visitor)
    page.goto("/recall/")
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    expect(page.locator("#recall")).to_contain_text("tomorrow")

    clock.by = timedelta(days=1)
    page.reload()
    expect(page.get_by_role("heading", name="1 question is due")).to_be_visible()
    assert due(page).startswith("1")
    card = page.locator("article.question")
    expect(card.locator("input[name=response]")).to_be_hidden()
    card.get_by_role("radio", name="Guess").check(force=True)
    card.locator("input[name=response]").fill("1000")
    card.get_by_role("button", name="Check").click()
    expect(page).to_have_url(re.compile(r"/recall/answers/\d+/$"))
    expect(card.locator(".feedback.wrong")).to_contain_text("The right answer is")
    expect(page.locator("#recall")).to_contain_text("Rated Again. Nothing more is due.")
    assert due(page) == ""
    page.reload()
    expect(card.locator(".feedback.wrong")).to_be_visible()
    page.get_by_role("link", name="Back to recall").click()
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()

    memory = Memory.objects.get(learner=learner)
    assert [each.get_rating_display() for each in memory.log.all()] == ["Again", "Again"]
    assert Review.objects.latest("pk").answer.confidence == "guess"
    clock.by = timedelta(days=2)
    page.reload()
    expect(page.get_by_role("heading", name="1 question is due")).to_be_visible()
    assert Answer.objects.filter(learner=learner).count() == 2


def test_it_is_asked_about_another_run_each_time(
    visitor: Visitor, site: str, clock: Tomorrow, learner: User
) -> None:
    page = visitor.page
    sign_in(page.context, site, learner)
    answer_in_lesson(visitor)
    asked = list[str]()
    for day in range(1, 4):
        clock.by = timedelta(days=day)
        page.goto("/recall/")
        asked.append(page.locator("#recall .badge").first.inner_text())
        card = page.locator("article.question")
        card.get_by_role("radio", name="Guess").check(force=True)
        card.locator("input[name=response]").fill("1000")
        card.get_by_role("button", name="Check").click()
        expect(card.locator(".feedback .badge")).to_have_text(asked[-1])
    assert len(set(asked)) == 3


def test_the_keyboard_is_enough(
    visitor: Visitor, site: str, clock: Tomorrow, learner: User
) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    sign_in(page.context, site, learner)
    answer_in_lesson(visitor)
    clock.by = timedelta(days=1)
    page.goto("/recall/")
    card = page.locator("article.question")
    tab_to(page, card.get_by_role("radio", name="Guess"))
    keys.press("Space")
    keys.press("ArrowRight")
    expect(card.get_by_role("radio", name="Fairly")).to_be_checked()
    tab_to(page, card.locator("input[name=response]"))
    keys.type("nothing")
    keys.press("Enter")
    visitor.watch.expect("422")
    expect(card.locator("input[name=response]")).to_be_focused()
    expect(card.locator(".errorlist")).to_be_visible()
    expect(card.get_by_role("radio", name="Fairly")).to_be_checked()
    # A form that is sent in the moment before htmx has taken it up is sent all the same, plainly.
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    keys.press("Control+a")
    keys.type("1000")
    keys.press("Enter")
    expect(card.locator(".feedback.wrong")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Back to recall"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
