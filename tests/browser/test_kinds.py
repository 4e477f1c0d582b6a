"""Questions that ask for more than a choice: by pointer, by keyboard, and without a script."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor
from tests.course.quiz.posting import WHOLE

BACK, TRACE = "/lessons/backpropagation/", "/lessons/training-trace/"
LINES = [
    "optimizer.zero_grad()", "h = model[:-1](x)", "logits = model[-1](h)",
    "loss = criterion(logits, y)", "loss.backward()", "optimizer.step()",
]  # fmt: skip


@pytest.fixture
def plain(visit: Visit) -> Visitor:
    """Somebody whose browser runs no scripts."""
    return visit(java_script_enabled=False)


def send(card: Locator, sure: str = "Fairly") -> None:
    """Say how sure, and check."""
    card.get_by_role("radio", name=sure).check(force=True)
    card.get_by_role("button", name=re.compile("^(Check|Try again)")).click()


def line(card: Locator, text: str) -> Locator:
    """A line to order, by its text."""
    return card.locator("[data-line]", has=card.page.locator(f"[data-text]:text-is({text!r})"))


def order_of(card: Locator) -> list[str]:
    """The lines that are put in, as they stand."""
    return card.locator(".order-lines").first.locator("[data-text]").all_inner_texts()


# -- lines to order ------------------------------------------------------------------------


def test_lines_are_ordered_without_a_script(plain: Visitor) -> None:
    page, card = plain.page, plain.question("bp-build")
    page.goto(BACK)
    expect(card.get_by_role("button", name="Put in")).to_have_count(0)
    for number, text in enumerate(LINES, 1):
        line(card, text).get_by_role("combobox").select_option(label=str(number))
    send(card)
    expect(page).to_have_url(re.compile("#q-bp-build$"))
    expect(card.locator(".feedback.right")).to_be_visible()
    expect(card).to_contain_text("2 of 2 points")


def test_two_lines_at_one_place_come_back_as_they_were(plain: Visitor) -> None:
    plain.watch.expect("422")
    page, card = plain.page, plain.question("bp-build")
    page.goto(BACK)
    for text in LINES[:2]:
        line(card, text).get_by_role("combobox").select_option(label="3")
    send(card)
    expect(card.locator(".errorlist")).to_contain_text("Two lines stand at place 3.")
    chosen = line(card, LINES[0]).get_by_role("combobox")
    assert chosen.evaluate("node => node.selectedOptions[0].textContent") == "3"
    expect(card).to_contain_text("3 attempts left")


def test_lines_are_ordered_with_the_keyboard_alone(visitor: Visitor) -> None:
    page, card, keys = visitor.page, visitor.question("bp-build"), visitor.page.keyboard
    page.goto(BACK)
    for text in reversed(LINES):
        tab_to(page, line(card, text).get_by_role("button", name="Put in"))
        keys.press("Enter")
        expect(line(card, text).get_by_role("button", name="Take out")).to_be_focused()
        for _ in LINES:
            keys.press("Alt+ArrowUp")
        expect(page.locator("#announcer")).to_contain_text("line 1 of")
    assert order_of(card) == LINES
    keys.press("Alt+ArrowDown")
    assert order_of(card) == [LINES[1], LINES[0], *LINES[2:]]
    tab_to(page, card.get_by_role("radio", name="Guess"))
    keys.press("Space")
    tab_to(page, card.locator("button[type=submit]"))
    keys.press("Enter")
    expect(card.locator(".feedback.right")).to_be_focused()


def test_a_line_is_dragged_to_its_place(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("bp-build")
    page.goto(BACK)
    for text in LINES[:3]:
        line(card, text).get_by_role("button", name="Put in").click()
    line(card, LINES[4]).drag_to(line(card, LINES[1]), target_position={"x": 60, "y": 4})
    assert order_of(card) == [LINES[0], LINES[4], *LINES[1:3]]
    line(card, LINES[0]).get_by_role("button", name="Take out").click()
    assert order_of(card) == [LINES[4], *LINES[1:3]]


def test_a_wrong_order_is_told_why_and_can_be_mended(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("bp-build")
    page.goto(BACK)
    wrong = [*LINES[1:5], LINES[0], LINES[5]]
    for text in wrong:
        line(card, text).get_by_role("button", name="Put in").click()
    send(card)
    expect(card.locator(".feedback.wrong")).to_contain_text("wiped before they are used")
    expect(card.locator(".feedback.wrong")).to_contain_text("0.000")
    assert order_of(card) == wrong
    for _ in range(4):
        line(card, LINES[0]).get_by_role("button", name="Move up").click()
    send(card)
    expect(card.locator(".feedback.right")).to_be_visible()


# -- a curve ---------------------------------------------------------------------------------


def values(card: Locator) -> list[str]:
    return [field.input_value() for field in card.get_by_role("textbox").all()]


def test_a_curve_is_typed_and_laid_over_without_a_script(plain: Visitor) -> None:
    page, card = plain.page, plain.question("tt-draw")
    page.goto(TRACE)
    for number, field in enumerate(card.get_by_role("textbox").all()):
        field.fill(str(0.9 - number / 10))
    send(card)
    expect(card.get_by_role("img", name="Your held-out loss and the real one")).to_be_visible()
    card.get_by_text("The numbers of both curves").click()
    expect(card.get_by_role("row")).to_have_count(6)
    expect(page.locator("#an-epoch-has-three-losses")).to_contain_text("lowest at that of epoch")


def test_a_curve_is_drawn_with_a_pointer(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("tt-draw")
    page.goto(TRACE)
    pad = card.locator(".curve-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 54, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 180, steps=3)
    page.mouse.up()
    drawn = [float(value) for value in values(card)]
    assert len(drawn) == 5
    assert drawn == sorted(drawn, reverse=True)
    assert 2 >= drawn[0] > drawn[-1] >= 0
    expect(pad.locator("circle")).to_have_count(5)


def test_a_curve_needs_no_pointer(visitor: Visitor) -> None:
    page, card, keys = visitor.page, visitor.question("tt-draw"), visitor.page.keyboard
    page.goto(TRACE)
    for field in card.get_by_role("textbox").all():
        tab_to(page, field)
        keys.type("0.6")
    expect(card.locator(".curve-pad circle")).to_have_count(5)
    tab_to(page, card.get_by_role("radio", name="Guess"))
    keys.press("Space")
    tab_to(page, card.locator("button[type=submit]"))
    keys.press("Enter")
    expect(card.locator(".feedback")).to_be_focused()


# -- blanks, typed code, lines, boxes ----------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_blanks_are_filled_from_their_lists(visit: Visit, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    card = visitor.question("pp-bounds")
    visitor.page.goto("/lessons/preprocessing/")
    for number, filling in enumerate(("min", "0", "max", "0"), 1):
        blank = card.get_by_role("combobox", name=f"Blank {number}")
        blank.focus()
        visitor.page.keyboard.type(filling)
    send(card)
    expect(card.locator(".feedback.right")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_program_is_typed_refused_at_its_line_and_run(visit: Visit, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    visitor.watch.expect("422")
    card = visitor.question("pt-whole")
    visitor.page.goto("/lessons/prediction-trace/")
    card.get_by_role("textbox").fill(WHOLE.replace("loss.backward", "loss.backwards"))
    send(card)
    field = card.get_by_role("textbox")
    expect(card.locator(".errorlist")).to_contain_text("Line 8: ")
    expect(field).to_have_accessible_description(re.compile("Line 8: "))
    expect(field).to_have_value(re.compile("backwards"))
    expect(card).to_contain_text("5 attempts left")
    field.fill(WHOLE)
    send(card)
    expect(card.locator(".feedback.right")).to_be_visible()


def test_the_faulty_line_and_its_evidence_are_named(plain: Visitor) -> None:
    page, card = plain.page, plain.question("bp-faulty")
    page.goto(BACK)
    card.get_by_role("radio", name=re.compile("loss.item")).check()
    card.get_by_role("radio", name=re.compile("not a finite number")).check()
    send(card)
    expect(card.locator(".feedback.wrong")).to_contain_text("That is the line.")
    expect(card).to_contain_text("1 of 2 points")
    card.get_by_role("radio", name=re.compile("is empty")).check()
    send(card)
    expect(card.locator(".feedback.right")).to_be_visible()


def test_several_boxes_are_ticked(plain: Visitor) -> None:
    page, card = plain.page, plain.question("bp-changed")
    page.goto(BACK)
    card.get_by_role("checkbox", name=".grad of the first layer").check()
    send(card)
    expect(card.locator(".feedback.wrong")).to_contain_text("Partly right.")
    card.get_by_role("checkbox", name=re.compile("biases")).check()
    send(card)
    expect(card).to_contain_text("2 of 2 points")


def test_a_typed_line_that_is_none_uses_no_attempt(visitor: Visitor) -> None:
    visitor.watch.expect("422")
    page, card = visitor.page, visitor.question("bp-quarter")
    page.goto(f"{BACK}?open=gradients-add-up")
    card.get_by_role("textbox").fill("loss = loss / four")
    send(card)
    expect(card.locator(".errorlist")).to_be_visible()
    expect(card.locator(".errorlist")).not_to_contain_text("loss / 4")
    expect(card.get_by_role("textbox")).to_be_focused()
    card.get_by_role("textbox").fill("loss /= 4")
    send(card)
    expect(card.locator(".feedback.right")).to_be_visible()
