"""Walking through a run in a real browser: with keys, with the slider, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.places import sign_in
from tests.browser.test_keyboard import stops, tab_to
from tests.browser.visitor import Visitor
from tests.staging import short, stored
from trainer.models import Run


@pytest.fixture
def run() -> Run:
    """A run of four steps: two epochs of two batches."""
    return stored(short(), User.objects.create_guest())


@pytest.fixture
def walker(visitor: Visitor, site: str, run: Run) -> Visitor:
    """Its owner."""
    sign_in(visitor.page.context, site, run.owner)
    return visitor


@pytest.fixture
def plain(visit: Visit, site: str, run: Run) -> Visitor:
    """Its owner, with a browser that runs no scripts."""
    visitor = visit(java_script_enabled=False)
    sign_in(visitor.page.context, site, run.owner)
    return visitor


def opened(visitor: Visitor, run: Run, step: int, query: str = "") -> Page:
    visitor.page.goto(f"/runs/{run.pk}/steps/{step}/{query}")
    return visitor.page


def stands(page: Page, step: int, code: str) -> None:
    """The page stands after that line of that step."""
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Step {step} of 4")
    expect(page.get_by_role("heading", level=2).first).to_contain_text(code)


def test_keys_walk_through_the_whole_run(walker: Visitor, run: Run) -> None:
    page, keys = opened(walker, run, 2, "?line=1"), walker.page.keyboard
    page.evaluate("document.body.dataset.kept = 'yes'")
    for code in ("scale(x)", "zero_grad()", "model(x)", "criterion(logits, y)", "backward()"):
        keys.press("ArrowDown")
        stands(page, 2, code)
    expect(page.locator("#announcer")).to_have_text("Step 2 of 4, after loss.backward()")
    expect(page).to_have_url(re.compile(r"/steps/2/\?line=6$"))
    keys.press("ArrowRight")
    stands(page, 3, "backward()")
    keys.press("ArrowLeft")
    stands(page, 2, "backward()")
    keys.press("ArrowUp")
    stands(page, 2, "criterion(logits, y)")
    expect(page.locator("body[data-kept]")).to_be_visible()


def test_lines_lead_over_into_the_next_step(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 1, "?line=last")
    stands(page, 1, "optimizer.step()")
    page.keyboard.press("ArrowDown")
    stands(page, 2, "for x, y in loader:")
    page.keyboard.press("ArrowUp")
    stands(page, 1, "optimizer.step()")


def test_back_and_forward_lead_through_the_states(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 2, "?line=3")
    page.keyboard.press("ArrowDown")
    stands(page, 2, "model(x)")
    page.go_back()
    stands(page, 2, "zero_grad()")
    page.go_forward()
    stands(page, 2, "model(x)")
    page.reload()
    stands(page, 2, "model(x)")


def test_the_slider_moves_with_its_own_keys_and_keeps_the_focus(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 1, "?line=15")
    slider = page.get_by_role("slider", name="Step of the run")
    tab_to(page, slider)
    for step in (2, 3):
        page.keyboard.press("ArrowRight")
        stands(page, step, "loss.backward()")
        expect(slider).to_be_focused()
        expect(slider).to_have_value(str(step))
    expect(page).to_have_url(re.compile(r"/steps/3/\?at=\d+$"))


def test_arrows_are_left_alone_where_they_have_a_meaning(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 2, "?line=4")
    box = page.get_by_role("region", name="Names of the program")
    tab_to(page, box)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+ArrowDown")
    stands(page, 2, "model(x)")


def test_the_focus_stays_on_the_button_that_is_pressed(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 2, "?line=2")
    on = page.locator("#line-after")
    tab_to(page, on)
    for code in ("zero_grad()", "model(x)"):
        page.keyboard.press("Enter")
        stands(page, 2, code)
        expect(on).to_be_focused()


def test_a_line_of_the_card_leads_to_its_state(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 2, "?line=1")
    card = page.get_by_role("navigation", name="Lines of this step")
    card.get_by_text("optimizer.step()").click()
    stands(page, 2, "optimizer.step()")
    current = card.locator("[aria-current]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("optimizer.step()")
    expect(current).to_be_focused()
    expect(current).to_be_in_viewport()


def test_every_stop_shows_its_focus(walker: Visitor, run: Run) -> None:
    page = opened(walker, run, 2, "?line=6")
    found = stops(page)
    assert len(found) > 30
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


def test_all_of_it_works_without_javascript(plain: Visitor, run: Run) -> None:
    page = opened(plain, run, 2, "?line=5")
    expect(page.get_by_text("Keys: left")).to_be_hidden()
    page.locator("#line-after").click()
    stands(page, 2, "loss.backward()")
    page.locator("#step-after").click()
    stands(page, 3, "loss.backward()")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Go to this step").click()
    stands(page, 4, "loss.backward()")
    page.get_by_role("link", name="2.weight", exact=True).click()
    expect(page.get_by_role("heading", name="2.weight (3, 4)")).to_be_visible()
    page.get_by_text("The numbers of this tensor").click()
    expect(page.get_by_role("region", name="Numbers of 2.weight")).to_be_visible()
    page.get_by_role("navigation", name="Lines of this step").get_by_text("zero_grad").click()
    stands(page, 4, "optimizer.zero_grad()")
    expect(page.get_by_role("heading", name="2.weight (3, 4)")).to_be_visible()


def test_a_failed_run_is_opened_from_its_page(visitor: Visitor, site: str) -> None:
    trace = short("zero_grad,forward,loss,backward,backward,step")
    broken = stored(trace, User.objects.create_guest())
    sign_in(visitor.page.context, site, broken.owner)
    page = visitor.page
    page.goto(broken.get_absolute_url())
    page.get_by_role("link", name="Open it step by step").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Failed at loss.backward()")
    expect(page.get_by_role("alert")).to_contain_text("backward through the graph a second time")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("alert")).to_have_count(0)
