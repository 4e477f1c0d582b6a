"""Hints as somebody meets them: with a pointer, with the keyboard alone, without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor

LESSON, SLUG = "/lessons/model-input/", "mi-shape"


@pytest.mark.parametrize("scripts", [True, False])
def test_hints_come_one_at_a_time_and_leave_what_is_typed(visit: Visit, *, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    page, card = visitor.page, visitor.question(SLUG)
    page.goto(LESSON)
    expect(card.locator(".hints")).to_have_count(0)
    card.get_by_role("textbox").fill("(1, 1)")
    card.get_by_role("radio", name="Guess").check(force=True)
    for left in (2, 1):
        card.get_by_role("button", name=f"Show a hint ({left} left)").click()
        expect(card.locator(".hints li")).to_have_count(3 - left)
        expect(card.get_by_role("textbox")).to_have_value("(1, 1)")
        expect(card.get_by_role("radio", name="Guess")).to_be_checked()
    expect(card.get_by_role("button", name="Show a hint")).to_have_count(0)
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".feedback")).to_contain_text("0 of 1 point.")
    expect(card.locator(".feedback")).to_contain_text("You took 2 hints.")
    page.goto(LESSON)
    expect(card.locator(".hints li")).to_have_count(2)


def test_a_hint_needs_no_pointer_and_no_answer(visitor: Visitor) -> None:
    page, card, keys = visitor.page, visitor.question(SLUG), visitor.page.keyboard
    page.goto(LESSON)
    button = card.get_by_role("button", name="Show a hint")
    tab_to(page, button)
    keys.press("Enter")
    expect(card.locator(".hints li")).to_be_focused()
    tab_to(page, card.get_by_role("textbox"))
    keys.type("(1, 1)")
    keys.press("Tab")
    keys.press("Space")
    tab_to(page, card.get_by_role("textbox"))
    keys.press("Enter")  # checks the answer: the hint is not the first button
    expect(card.locator(".feedback")).to_be_focused()


def test_who_was_sure_and_wrong_is_led_to_the_experiment(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("q-clear")
    page.goto("/pipeline/")
    card.locator("label.option", has_text="either way").click()
    card.get_by_role("radio", name="Sure").check(force=True)
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".feedback > :first-child")).to_contain_text("You were sure")
    card.get_by_role("link", name="See it happen").click()
    expect(page).to_have_url(page.url.split("/lab/")[0] + "/lab/experiments/zero-between/")
