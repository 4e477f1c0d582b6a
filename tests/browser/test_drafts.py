"""What is typed into a question stays in the browser until it is sent."""

import pytest
from playwright.sync_api import Locator, expect

from course.accounts.models import User
from course.quiz.models import Answer
from tests.browser.conftest import Visit
from tests.browser.places import sign_in
from tests.browser.test_kinds import BACK, LINES, TRACE, line, order_of
from tests.browser.test_lost import NO_ANSWER, offline
from tests.browser.visitor import Visitor

LESSON = "/lessons/model-input/"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('loopwise.draft.')).length"
KEPT = "Kept in this browser"


def sure(card: Locator, how: str) -> Locator:
    return card.get_by_role("radio", name=how, exact=True)


def test_a_reload_keeps_a_shape_and_how_sure_one_is(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    expect(card.get_by_text(KEPT)).to_have_count(0)
    card.get_by_role("textbox").fill("(16,")
    sure(card, "Sure").check(force=True)
    expect(card.get_by_text(KEPT)).to_be_visible()
    page.reload()
    expect(card.get_by_role("textbox")).to_have_value("(16,")
    expect(sure(card, "Sure")).to_be_checked()
    expect(card.get_by_text(KEPT)).to_be_visible()


def test_a_reload_keeps_choices_curves_programs_and_the_order_of_lines(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(BACK)
    order, boxes = visitor.question("bp-build"), visitor.question("bp-changed")
    for text in (LINES[2], LINES[0], LINES[1]):
        line(order, text).get_by_role("button", name="Put in").click()
    line(order, LINES[0]).get_by_role("button", name="Move up").click()
    chosen = boxes.locator("input[type=checkbox]")
    chosen.nth(1).check()
    chosen.nth(2).check()
    page.reload()
    assert order_of(order) == [LINES[0], LINES[2], LINES[1]]
    checked = [box.is_checked() for box in chosen.all()]
    assert checked == [place in (1, 2) for place in range(len(checked))]

    page.goto(TRACE)
    curve = visitor.question("tt-draw")
    pad = curve.locator(".curve-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 54, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 180, steps=3)
    page.mouse.up()
    drawn = [field.input_value() for field in curve.get_by_role("textbox").all()]
    assert all(drawn)
    page.reload()
    assert [field.input_value() for field in curve.get_by_role("textbox").all()] == drawn
    expect(pad.locator("circle")).to_have_count(len(drawn))

    page.goto("/lessons/prediction-trace/")
    program = visitor.question("pt-whole").get_by_role("textbox")
    program.fill("for epoch in range(epochs):\n    pass")
    page.reload()
    expect(program).to_have_value("for epoch in range(epochs):\n    pass")


def test_what_was_sent_is_kept_no_longer(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    card.get_by_role("textbox").fill("(16, 16, 16)")
    page.reload()
    assert page.evaluate(DRAFTS) == 1
    visitor.answer("mi-shape", "(16, 16, 16)", "Guess")
    expect(card.locator(".feedback.wrong")).to_be_visible()
    expect(card.get_by_text(KEPT)).to_have_count(0)
    assert page.evaluate(DRAFTS) == 0


def test_what_cannot_be_read_is_kept_on(visitor: Visitor) -> None:
    visitor.watch.expect("422")
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    visitor.answer("mi-shape", "sixteen", "Guess")
    expect(card.locator(".errorlist")).to_be_visible()
    page.reload()
    expect(card.get_by_role("textbox")).to_have_value("sixteen")


def test_without_a_network_nothing_is_lost(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    with offline(visitor):
        visitor.answer("mi-shape", "(16, 10)", "Fairly")
        expect(card.locator(".unsent")).to_have_text(NO_ANSWER)
        expect(card.get_by_role("textbox")).to_have_value("(16, 10)")
    page.reload()
    expect(card.get_by_role("textbox")).to_have_value("(16, 10)")
    expect(sure(card, "Fairly")).to_be_checked()
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".feedback")).to_be_visible()
    assert Answer.objects.filter(question__slug="mi-shape", raw="(16, 10)").count() == 1


def test_a_hint_leaves_what_is_typed_in_every_card(visitor: Visitor) -> None:
    """The closing questions are swapped together."""
    page = visitor.page
    page.goto("/lessons/loss/")
    asked, beside = visitor.question("ls-back"), visitor.question("ls-two-batches")
    beside.get_by_role("textbox").fill("0.9")
    asked.get_by_role("textbox").fill("0.3")
    asked.get_by_role("button", name="Show a hint").click()
    expect(asked.locator(".hints li")).to_be_focused()
    expect(asked.get_by_role("textbox")).to_have_value("0.3")
    expect(beside.get_by_role("textbox")).to_have_value("0.9")


def test_no_more_than_a_hundred_are_kept_and_the_oldest_goes(visitor: Visitor) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    page.evaluate(
        "for (let at = 1; at <= 100; at += 1)"
        " localStorage.setItem(`loopwise.draft.${at}`, `${at} []`)"
    )
    card.get_by_role("textbox").fill("(16, 10)")
    expect(card.get_by_text(KEPT)).to_be_visible()
    assert page.evaluate(DRAFTS) == 100
    assert page.evaluate("localStorage.getItem('loopwise.draft.1')") is None
    assert page.evaluate("localStorage.getItem('loopwise.draft.2')") == "2 []"


@pytest.mark.parametrize("storage", ["null", "'broken'"])
def test_what_is_no_draft_is_not_filled_in(visitor: Visitor, storage: str) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    page.evaluate(
        f"localStorage.setItem('loopwise.draft.' + document.querySelector('#q-mi-shape form')"
        f".dataset.draft, '1 ' + {storage})"
    )
    page.reload()
    expect(card.get_by_role("textbox")).to_have_value("")
    expect(card.get_by_text(KEPT)).to_have_count(0)


def test_without_storage_everything_works_and_nothing_is_claimed(visit: Visit) -> None:
    visitor = visit(locale="en-GB")  # a browser of its own: what is taken away here stays away
    page, card = visitor.page, visitor.question("mi-shape")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });"
    )
    page.goto(LESSON)
    card.get_by_role("textbox").fill("(16, 16, 16)")
    expect(card.get_by_text(KEPT)).to_have_count(0)
    visitor.answer("mi-shape", "(16, 16, 16)", "Guess")
    expect(card.locator(".feedback.wrong")).to_be_visible()


def test_without_a_script_nothing_is_claimed(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    page, card = visitor.page, visitor.question("mi-shape")
    page.goto(LESSON)
    visitor.answer("mi-shape", "(16, 16, 16)", "Guess")
    expect(card.locator(".feedback.wrong")).to_be_visible()
    expect(card.get_by_text(KEPT)).to_have_count(0)


def test_who_signs_out_leaves_no_draft(visitor: Visitor, site: str) -> None:
    page, card = visitor.page, visitor.question("mi-shape")
    sign_in(page.context, site, User.objects.create_user("drafter", "a-long-password"))
    page.goto(LESSON)
    card.get_by_role("textbox").fill("(16,")
    expect(card.get_by_text(KEPT)).to_be_visible()
    page.goto("/account/")
    assert page.evaluate(DRAFTS) == 1
    page.get_by_role("button", name="Sign out").click()
    page.goto(LESSON)
    assert page.evaluate(DRAFTS) == 0
