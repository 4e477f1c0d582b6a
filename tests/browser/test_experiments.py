"""An experiment in a real browser: say, run both, read; with a keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

AT = "/lab/experiments/zero-between/"
TRUTH = "Every line runs, nothing complains"


def tell(page: Page) -> None:
    """What the page says after both runs."""
    expect(page).to_have_url(re.compile(r"/zero-between/\?run=\w{10}&beside=\w{10}&said=\d#came$"))
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(page.locator("main")).to_contain_text("The effect is there in your run.")
    expect(page.locator("main")).to_contain_text(TRUTH)


@pytest.mark.parametrize("java_script", [True, False])
def test_an_experiment_is_said_run_and_told(visit: Visit, *, java_script: bool) -> None:
    page = visit(java_script_enabled=java_script).page
    page.goto("/lessons/backpropagation/")
    page.get_by_role("link", name="Experiments of this stage").click()
    expect(page).to_have_url(re.compile("/lab/experiments/#backpropagation$"))
    page.get_by_role("link", name="zero_grad() between backward() and step()").click()
    expect(page.locator("main")).not_to_contain_text(TRUTH)
    page.get_by_role("radio", name="Nothing.").check()
    page.get_by_role("textbox", name="Seed").fill("7")
    page.get_by_role("button", name="Run both").click()
    tell(page)
    expect(page.locator(".chart-place svg").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Seed")).to_have_value("8")
    page.get_by_role("link", name="Experiments", exact=True).click()
    expect(page.locator("#backpropagation")).to_contain_text("you ran it")


def test_it_can_be_done_with_a_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(AT)
    first = page.get_by_role("radio").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("each => each === document.activeElement"):
            break
    visitor.has_focus(first)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    visitor.has_focus(page.get_by_role("textbox", name="Seed"))
    page.keyboard.press("Enter")
    tell(page)


def test_it_waits_for_what_one_expects(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(AT)
    page.get_by_role("button", name="Run both").click()
    expect(page).to_have_url(re.compile(f"{AT}$"))
    page.get_by_role("link", name="Show me").click()
    expect(page.locator("#truth")).to_contain_text(TRUTH)
    page.get_by_role("button", name="Run both").click()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
