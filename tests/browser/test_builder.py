"""The builder of loops: by keyboard, by mouse, and without JavaScript, each to a run."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor
from trainer.engine.vocabulary import CORE, CORRECT

SHUFFLED = ("step", "backward", "loss", "forward", "zero_grad")
FIRST = CORRECT.index(CORE[0]) + 1
QUICK = "rows=40&batch_size=20&epochs=2&hidden=4"
TYPED = """
optimizer.zero_grad()
pred = model(x)
loss = criterion(pred, y)
loss.backward()
optimizer.step()
"""


@pytest.fixture
def plain(visit: Visit) -> Visitor:
    """Somebody whose browser runs no scripts."""
    return visit(java_script_enabled=False)


def lines(page: Page) -> list[str]:
    """The ids of the lines on the desk."""
    found = page.locator("#desk input[name=lines]").input_value()
    return [item.partition(":")[0] for item in found.split(",")]


def button(page: Page, name: str) -> Locator:
    return page.locator("#desk").get_by_role("button", name=name, exact=True)


def shuffled(page: Page) -> None:
    page.goto(f"/lab/?{QUICK}&lines={','.join(SHUFFLED)}")


def where(page: Page, line: str) -> int:
    return lines(page).index(line) + 1


def wait_for(page: Page, line: str, place: int) -> None:
    """The line stands there now."""
    field = page.locator("#desk input[name=lines]")
    before = r"(?:[a-z_]+:\d,)" + f"{{{place - 1}}}"
    expect(field).to_have_value(re.compile(f"^{before}{line}:"))


def ran(page: Page) -> Locator:
    result = page.locator("#result")
    expect(result.get_by_role("heading", level=2)).to_be_visible()
    return result


# -- by keyboard -----------------------------------------------------------------------


def test_shuffled_lines_are_put_in_order_and_run_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    shuffled(page)
    for place, line in enumerate(CORE, FIRST):
        at = where(page, line)
        if at == place:
            continue
        tab_to(page, button(page, f"Move line {at} up"))
        while at > place:
            page.keyboard.press("Enter")
            at -= 1
            wait_for(page, line, at)
            expect(button(page, f"Move line {at} up")).to_be_focused()
        page.locator("h1").evaluate("node => { node.tabIndex = -1; node.focus() }")
    assert lines(page) == list(CORRECT)
    tab_to(page, button(page, "Run this loop"))
    page.keyboard.press("Enter")
    expect(ran(page)).to_contain_text("This is the correct loop.")
    expect(page).to_have_url(re.compile(r"/lab/\?run=\w{10}$"))
    expect(page.locator("#result")).to_be_focused()


def test_alt_and_an_arrow_move_the_line_of_a_card(visitor: Visitor) -> None:
    page = visitor.page
    shuffled(page)
    last = FIRST + len(CORE) - 1
    page.locator(f"#line-{last}").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for(page, "zero_grad", last - 1)
    expect(page.locator(f"#line-{last - 1}")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text(
        f"Line {last} moved up, now {last - 1} of {len(CORRECT)}."
    )
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#announcer")).to_have_text(f"Line {last - 1} moved in, now at level 3.")
    expect(page.locator(f"#line-{last - 1}")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#announcer")).to_have_text(f"Line {last - 1} moved out, now at level 2.")
    page.keyboard.press("Alt+ArrowDown")
    wait_for(page, "zero_grad", last)


def test_what_cannot_be_done_is_said_and_the_focus_stays(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/lab/")
    first = button(page, "Move line 1 up")
    first.click()
    expect(page.locator("#desk").get_by_role("alert")).to_have_text(
        "This line is the first already."
    )
    expect(first).to_be_focused()


def test_each_state_has_its_address_and_reloads(visitor: Visitor) -> None:
    page = visitor.page
    shuffled(page)
    before = lines(page)
    button(page, f"Remove line {FIRST}").click()
    wait_for(page, "backward", FIRST)
    after = lines(page)
    page.reload()
    assert lines(page) == after
    page.go_back()
    expect(page.locator("#desk input[name=lines]")).to_have_value(re.compile("step:2,backward"))
    assert lines(page) == before


# -- by mouse and finger ---------------------------------------------------------------


def test_a_line_is_dragged_by_its_number(visitor: Visitor) -> None:
    page = visitor.page
    shuffled(page)
    last = FIRST + len(CORE) - 1
    page.locator(f"#line-{last}").scroll_into_view_if_needed()
    one = page.locator(f"#line-{last} [data-grip]").bounding_box()
    other = page.locator(f"#line-{FIRST} [data-grip]").bounding_box()
    assert one
    assert other
    page.mouse.move(one["x"] + 8, one["y"] + 8)
    page.mouse.down()
    page.mouse.move(one["x"] + 8, one["y"] - 8)
    page.mouse.move(other["x"] + 8, other["y"] + 8)
    expect(page.locator(f"#line-{FIRST}")).to_have_class(re.compile("drop-before"))
    page.mouse.up()
    wait_for(page, "zero_grad", FIRST)
    assert lines(page)[FIRST - 1 : last] == ["zero_grad", *SHUFFLED[:-1]]


def test_settings_that_are_typed_go_with_the_run(visitor: Visitor) -> None:
    page = visitor.page
    visitor.watch.expect("422")
    shuffled(page)
    page.locator("#desk input[name=lr]").fill("-3")
    button(page, "Run this loop").click()
    expect(page.locator("#desk").get_by_text("Must be above 0")).to_be_visible()
    page.locator("#desk input[name=lr]").fill("0.3")
    button(page, "Run this loop").click()
    expect(ran(page)).to_contain_text("It stopped at line")
    page.reload()
    expect(page.locator("#desk input[name=lr]")).to_have_value("0.3")


def test_what_is_typed_stays_while_lines_are_moved(visitor: Visitor) -> None:
    page = visitor.page
    shuffled(page)
    page.locator("#text").fill("half a line")
    button(page, f"Move line {FIRST} down").click()
    wait_for(page, "step", FIRST + 1)
    expect(page.locator("#text")).to_have_value("half a line")
    expect(page.locator("#kept input[name=lines]")).to_have_value(re.compile("backward:2,step:2"))


# -- without JavaScript ----------------------------------------------------------------


def test_without_scripts_shuffled_lines_are_put_in_order_and_run(plain: Visitor) -> None:
    page = plain.page
    shuffled(page)
    for place, line in enumerate(CORE, FIRST):
        for at in range(where(page, line), place, -1):
            button(page, f"Move line {at} up").click()
            expect(button(page, f"Move line {at - 1} up")).to_be_focused()
    assert lines(page) == list(CORRECT)
    button(page, "Run this loop").click()
    expect(ran(page)).to_contain_text("This is the correct loop.")


def test_without_scripts_a_line_is_added_where_the_form_says(plain: Visitor) -> None:
    page = plain.page
    page.goto("/lab/?lines=zero_grad,forward,loss,step")
    page.get_by_label("Put it after line").select_option(str(where(page, "loss")))
    button(page, "Add loss.backward()").click()
    assert lines(page) == list(CORRECT)


def test_without_scripts_a_loop_is_typed_and_run(plain: Visitor) -> None:
    page = plain.page
    plain.watch.expect("422")
    page.goto(f"/lab/?{QUICK}&lines=step")
    page.get_by_label("Your loop").fill(TYPED.replace("backward", "backwards"))
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#typed-answers .lit")).to_contain_text("did you mean loss.backward()?")
    expect(page.get_by_label("Your loop")).to_have_value(re.compile("backwards"))
    page.get_by_label("Your loop").fill(TYPED)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".notice")).to_contain_text("pred = model(x) as logits = model(x)")
    assert lines(page) == list(CORRECT)
    button(page, "Run this loop").click()
    expect(ran(page)).to_contain_text("Finished.")
    page.reload()
    expect(page.locator(".notice")).to_have_count(0)
