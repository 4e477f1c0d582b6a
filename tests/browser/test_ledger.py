"""The gradient ledger by keyboard alone and without JavaScript, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.places import sign_in
from tests.browser.test_keyboard import stops, tab_to
from tests.staging import short, stored
from trainer.engine.surveys import REPLAYS
from trainer.models import Run

Came = tuple[Page, Run]


@pytest.fixture
def run(site: str) -> Run:
    learner = User.objects.create_guest()
    return stored(short(optimizer="sgd", lr=0.5), learner)


def come(visit: Visit, site: str, run: Run, **options: bool) -> Page:
    visitor = visit(**options)
    visitor.watch.expect("400")
    sign_in(visitor.page.context, site, run.owner)
    visitor.page.goto(run.get_absolute_url())
    return visitor.page


def after(run: Run, step: int, weight: tuple[str, int, int]) -> float:
    trace = run.load()
    assert trace
    return float(REPLAYS["ledger"](trace, [*weight])["after"][step - 1])


def test_the_whole_page_needs_no_mouse(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run)
    keys = page.keyboard
    tab_to(page, page.get_by_role("link", name="Follow a weight"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/weights/$"))
    page.goto(f"{run.get_absolute_url()}weights/?name=0.weight&row=1&column=2")
    chosen = page.locator(".linked-cells a[aria-current]")
    tab_to(page, chosen)
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    keys.press("ArrowLeft")
    keys.press("ArrowDown")
    expect(page.locator(".linked-cells a:focus")).to_have_attribute("aria-label", "0.weight[3, 2]")
    keys.press("ArrowDown")
    expect(page.locator(".linked-cells a:focus")).to_have_attribute("aria-label", "0.weight[3, 2]")
    keys.press("Enter")
    expect(page.locator("#h-through")).to_contain_text("0.weight[3, 2]")
    tab_to(page, page.get_by_label("Update", exact=True))
    keys.type("2")
    keys.press("Enter")
    expect(page.locator("#h-update")).to_have_text("Update 2")
    tab_to(page, page.get_by_label("The new value"))
    keys.type(f"{after(run, 2, ('0.weight', 3, 2)):.6f}")
    keys.press("Enter")
    expect(page.locator("#update .feedback.right")).to_be_visible()
    expect(page.locator("#update .feedback.right")).to_be_focused()


def test_every_stop_shows_its_focus_and_the_map_is_one_of_them(
    visit: Visit, site: str, run: Run
) -> None:
    page = come(visit, site, run)
    page.goto(f"{run.get_absolute_url()}weights/?step=2")
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    found = stops(page)
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []
    cells = [stop for stop in found if 'aria-label="0.weight[' in str(stop["name"])]
    assert len(cells) == 1


def test_it_all_works_without_javascript(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run, java_script_enabled=False)
    page.get_by_role("link", name="Follow a weight").click()
    page.get_by_role("link", name="0.weight[2, 5]").click()
    expect(page.locator("#h-through")).to_contain_text("0.weight[2, 5]")
    page.get_by_label("Row").fill("77")
    page.get_by_role("button", name="Follow it").click()
    expect(page.get_by_label("Row")).to_have_value("77")
    expect(page.get_by_label("Row")).to_have_accessible_description(re.compile("0 to 3"))
    page.get_by_label("Tensor").select_option("2.bias")
    page.get_by_label("Row").fill("1")
    page.get_by_role("button", name="Follow it").click()
    expect(page.locator("#h-through")).to_contain_text("2.bias[1]")
    page.locator("#through tbody a").nth(2).click()
    expect(page.locator("#h-update")).to_have_text("Update 3")
    page.get_by_label("The new value").fill("far")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_label("The new value")).to_have_value("far")
    page.get_by_label("The new value").fill("9")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#update .feedback.wrong")).to_contain_text("above the new value")
    page.get_by_role("link", name="Update after").click()
    page.get_by_role("link", name="Show me").click()
    expect(page.locator("#update")).to_contain_text("PyTorch has")


def test_a_click_on_a_cell_leads_to_its_weight(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run)
    page.goto(f"{run.get_absolute_url()}weights/")
    page.locator(".linked-cells a[aria-label='0.weight[1, 7]']").click()
    expect(page.locator("#h-through")).to_contain_text("0.weight[1, 7]")
