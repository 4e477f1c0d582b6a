"""A question whose run is made after its answer: with a script, without, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, expect

from course.quiz.models import Answer
from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor

PAGE = "/lessons/backpropagation/?open=downhill-but-how-far"
SLUG = "bp-hundredfold"
LEVEL, SOONER = ["0.35"] * 5, ["0.8", "0.9", "0.92", "0.94", "0.95"]
DRAWN = "Your running accuracy and the real one"


def draw(card: Locator, curve: list[str]) -> None:
    """Type a number for each epoch, say how sure, and have it run."""
    for field, value in zip(card.get_by_role("textbox").all(), curve, strict=True):
        field.fill(value)
    card.get_by_role("radio", name="Sure").check(force=True)
    card.get_by_role("button", name="Lock and run").click()


@pytest.mark.parametrize("scripted", [True, False])
def test_an_answer_is_locked_and_the_run_is_laid_over_it(visit: Visit, scripted: bool) -> None:
    visitor = visit(java_script_enabled=scripted)
    page, card = visitor.page, visitor.question(SLUG)
    page.goto(PAGE)
    expect(card.get_by_role("definition")).to_have_text(
        ["sgd instead of adam", "50 instead of 0.02"]
    )
    draw(card, SOONER)
    expect(card.locator(".feedback.wrong")).to_contain_text("A longer step is no faster way.")
    expect(card.get_by_role("img", name=DRAWN)).to_be_visible()
    expect(card).to_contain_text("Gap: the area between is")
    expect(card.get_by_role("button", name="Lock and run")).to_have_count(0)
    page.reload()
    expect(card.get_by_role("img", name=DRAWN)).to_be_visible()
    card.get_by_role("link", name="Again with another seed").click()
    expect(card.get_by_role("definition").last).to_have_text("139 instead of 138")
    draw(card, LEVEL)
    expect(card.locator(".feedback.right")).to_be_visible()
    expect(card.get_by_role("img", name=DRAWN)).to_be_visible()


def test_it_is_answered_with_the_keyboard_alone(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question(SLUG)
    page.goto(PAGE)
    for field in card.get_by_role("textbox").all():
        tab_to(page, field)
        page.keyboard.type("0.35")
    tab_to(page, card.get_by_role("radio", name="Guess"))
    page.keyboard.press("Space")
    tab_to(page, card.get_by_role("button", name="Lock and run"))
    page.keyboard.press("Enter")
    expect(card.locator(".feedback.right")).to_be_focused()
    tab_to(page, card.get_by_role("link", name="Again with another seed"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"again={SLUG}#q-{SLUG}$"))
    expect(card.get_by_role("button", name="Lock and run")).to_be_visible()


def test_a_second_tab_comes_too_late_and_sees_what_was_locked(visitor: Visitor) -> None:
    visitor.watch.expect("409")
    page, card = visitor.page, visitor.question(SLUG)
    page.goto(PAGE)
    other = page.context.new_page()
    other.goto(PAGE)
    draw(card, SOONER)
    expect(card.locator(".feedback")).to_be_visible()
    late = other.locator(f"#q-{SLUG}")
    draw(late, LEVEL)
    expect(late.get_by_role("alert")).to_contain_text("That attempt was used already.")
    expect(late.locator(".feedback.wrong")).to_be_visible()
    answers = Answer.objects.filter(question__slug=SLUG).order_by("-pk")
    assert answers[0].response == [float(value) for value in SOONER]
