"""With the keyboard alone: everything can be reached, is seen to be reached, and can be left."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import RISES, Visitor

MANY = 400
"""More stops than any page has."""

STOP = """() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const drawn = stop.closest("label") ?? stop;
  const rings = [stop, drawn].map((each) => getComputedStyle(each));
  const box = drawn.getBoundingClientRect();
  const strip = document.querySelector("[data-strip]");
  const over = strip?.contains(stop) ? null : strip?.getBoundingClientRect();
  return {
    name: stop.outerHTML.slice(0, 120),
    ring: rings.some(
      (each) => each.outlineStyle === "solid" && parseFloat(each.outlineWidth) >= 2),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && !(over && box.top >= over.top && box.bottom <= over.bottom),
  };
}"""


def stops(page: Page) -> list[dict[str, str | bool]]:
    """Go through the page with Tab until it is left; what each stop looked like."""
    found: list[dict[str, str | bool]] = []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError(f"Tab never leaves the page: {found[-1]}")


def tab_to(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Press Tab until the goal has the focus."""
    for _ in range(MANY):
        page.keyboard.press(key)
        if goal.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{goal} was not reached")


@pytest.mark.parametrize(
    "address", ["/pipeline/", "/runs/", "/lab/", "/lab/atlas/?outcome=late", "/not-there/"]
)
def test_every_stop_shows_its_focus_and_tab_comes_out_at_the_end(
    visitor: Visitor, address: str
) -> None:
    visitor.watch.expect("404")
    visitor.page.goto(address)
    found = stops(visitor.page)
    assert len(found) >= 4
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


def test_the_same_holds_with_everything_open(visit: Visit) -> None:
    visitor = visit(plotly=True)
    page = visitor.page
    visitor.run()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    found = stops(page)
    assert len(found) > 60
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


def test_the_skip_link_comes_first_and_leads_to_the_content(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    skip = page.get_by_role("link", name="Skip to content")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.locator("#ask").evaluate("node => node.contains(document.activeElement)")


def test_the_whole_path_needs_no_mouse(visitor: Visitor) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    page.goto("/pipeline/")
    _predict_and_run(visitor)
    expect(visitor.result).to_be_focused()
    visitor.wait_for_run()
    expect(visitor.result).to_be_focused()

    tab_to(page, page.locator("[data-strip] a[href='#data-loading']"))
    keys.press("Enter")
    tab_to(page, page.locator("#q-s1-passes-value"))
    keys.type("5")
    _how_sure(page, visitor.question("s1-passes"))
    keys.press("Enter")
    expect(visitor.question("s1-passes").locator(".feedback.wrong")).to_be_focused()
    tab_to(page, page.locator("#q-s1-passes-value"))
    keys.type("50")
    _how_sure(page, visitor.question("s1-passes"))
    keys.press("Enter")
    expect(visitor.question("s1-passes").locator(".feedback.right")).to_be_focused()

    show_me = page.locator("#preprocessing").get_by_role("link", name="Show me")
    tab_to(page, show_me)
    keys.press("Enter")
    expect(page.locator("#preprocessing .evidence-of-stage")).to_be_visible()
    expect(page.locator("#preprocessing .evidence-of-stage")).to_be_focused()


def _predict_and_run(visitor: Visitor) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    options = visitor.ask.get_by_role("radio")
    tab_to(page, options.first)
    rises = visitor.ask.get_by_role("radio", name=RISES)
    keys.press("Space")
    for _ in range(options.count()):
        if rises.is_checked():
            break
        keys.press("ArrowDown")
    expect(rises).to_be_checked()
    tab_to(page, visitor.ask.get_by_role("textbox", name="Where will"))
    keys.type("0.4")
    tab_to(page, visitor.ask.locator("summary"))
    keys.press("Enter")
    tab_to(page, visitor.ask.get_by_label("Optimizer"))
    tab_to(page, visitor.run_button)
    keys.press("Enter")


def _how_sure(page: Page, card: Locator) -> None:
    """From the answer over the bar of confidence to the button."""
    tab_to(page, card.get_by_role("radio", name="Guess"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(card.get_by_role("radio", name="Fairly")).to_be_checked()
    tab_to(page, card.get_by_role("button", name=re.compile("Check|Try again")))


def test_details_open_and_boxes_scroll_from_the_keyboard(visitor: Visitor) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/pipeline/")
    table = page.locator("#data-loading .scroll").first
    tab_to(page, table)
    table.evaluate("node => node.addEventListener('scroll', () => { node.id = 'scrolled' })")
    keys.press("ArrowRight")
    expect(page.locator("#scrolled")).to_be_visible()
    page.goto("/pipeline/?open=training-trace")
    summary = page.locator("#training-trace summary").first
    tab_to(page, summary)
    keys.press("Space")
    expect(page.locator("#training-trace details").first).to_have_attribute("open", "")


def test_the_theme_can_be_changed_and_the_focus_stays(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/runs/")
    tab_to(page, page.get_by_role("button", name="Use dark colours"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Use light colours")).to_be_focused()


def test_rows_can_be_gone_through_without_losing_the_place(visitor: Visitor) -> None:
    page = visitor.page
    visitor.run()
    row = page.locator("#row")
    tab_to(page, page.get_by_role("button", name="Row after"))
    for number in ("1", "2"):
        page.keyboard.press("Enter")
        expect(row).to_have_value(number)
        expect(page.get_by_role("button", name="Row after")).to_be_focused()
    page.get_by_role("button", name="Row before").focus()
    page.keyboard.press("Enter")
    expect(row).to_have_value("1")
    page.keyboard.press("Enter")
    expect(row).to_have_value("0")
    expect(page.locator("#prediction-trace")).to_be_focused()
