"""A lesson in a real browser: choose, answer, read on; with a keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

LESSON = "/lessons/data-loading/"
OPENED = f"{LESSON}?open=a-new-order-in-every-epoch"
REST = "Every row is dealt once in each epoch"


@pytest.fixture
def plain(visit: Visit) -> Visitor:
    """Somebody whose browser runs no scripts."""
    return visit(java_script_enabled=False)


def section(page: Page) -> str:
    """The words of the first section."""
    return page.locator("#rows-become-batches").inner_text()


def choose_epoch(page: Page, epoch: str) -> None:
    page.get_by_role("spinbutton", name="Epoch").fill(epoch)
    page.get_by_role("spinbutton", name="Epoch").press("Enter")


def test_a_figure_alone_is_swapped(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(OPENED)
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    choose_epoch(page, "2")
    figure = page.locator("#fig-deal-order")
    expect(figure.get_by_role("heading")).to_contain_text("Epoch 2")
    expect(figure).to_contain_text("with batch 1 of epoch 1")
    expect(page.locator("h1[data-kept]")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Epoch")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Epoch 2")


def test_an_answer_opens_the_rest_of_the_section(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(LESSON)
    assert REST not in section(page)
    visitor.answer("dl-batches", "104")
    expect(page.locator("#rows-become-batches")).to_contain_text(REST)
    expect(visitor.question("dl-batches")).to_contain_text("1 of 1")


def test_show_me_passes_a_question(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(LESSON)
    page.locator("#rows-become-batches").get_by_text("Show me").click()
    expect(page.locator("#rows-become-batches")).to_contain_text(REST)
    expect(visitor.question("dl-batches").get_by_role("button", name="Check")).to_be_visible()


def test_all_of_it_works_without_javascript(plain: Visitor) -> None:
    page = plain.page
    page.goto(OPENED)
    choose_epoch(page, "2")
    expect(page).to_have_url(re.compile(r"open=a-new-order.*epoch=2#fig-deal-order$"))
    expect(page.locator("#fig-deal-order")).to_contain_text("with batch 1 of epoch 1")
    plain.answer("dl-batches", "104")
    expect(page).to_have_url(re.compile(r"epoch=2#q-dl-batches$"))
    expect(page.locator("#rows-become-batches")).to_contain_text(REST)


def test_the_loop_in_the_rail_leads_to_the_next_lesson(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(LESSON)
    page.get_by_role("navigation", name="You are here").get_by_text("x = scale(x)").click()
    expect(page).to_have_url(re.compile("/lessons/preprocessing/$"))
    page.get_by_role("link", name="Before: Data loading").click()
    expect(page).to_have_url(re.compile("/lessons/data-loading/$"))


def test_the_front_page_runs_the_loop(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/")
    page.get_by_role("radio", name="No. It will rise now and then, but end lower.").check()
    page.get_by_role("button", name="Run the loop").click()
    expect(visitor.result.get_by_role("heading", name="Your run")).to_be_visible()
    expect(visitor.result.locator(".prediction")).to_have_count(1)
    page.get_by_role("link", name="Loopwise").first.click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
