"""The prediction trace by keyboard alone and without JavaScript, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.places import sign_in
from tests.browser.test_keyboard import stops, tab_to
from tests.staging import stored, trained
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.models import Run


@pytest.fixture
def run(site: str) -> Run:
    learner = User.objects.create_guest()
    return stored(trained(PRESETS["iris"], Program.correct()), learner)


def come(visit: Visit, site: str, run: Run, **options: bool) -> Page:
    visitor = visit(**options)
    visitor.watch.expect("400")
    sign_in(visitor.page.context, site, run.owner)
    visitor.page.goto(run.get_absolute_url())
    return visitor.page


def test_the_whole_page_needs_no_mouse(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run)
    keys = page.keyboard
    tab_to(page, page.get_by_role("link", name="Follow a row"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/predict/$"))
    tab_to(page, page.get_by_label("Held-out row", exact=True))
    keys.press("Control+a")
    keys.type("7")
    keys.press("Enter")
    expect(page.locator("#h-layers")).to_contain_text("Held-out row 7 through the model after")
    tab_to(page, page.get_by_role("button", name="Epoch before"))
    keys.press("Enter")
    expect(page.locator("#h-layers")).to_contain_text("row 7 through the model after epoch 9")
    tab_to(page, page.get_by_label("Hidden unit", exact=True))
    keys.type("3")
    keys.press("Enter")
    expect(page.locator("#opened h3")).to_have_text("Hidden unit 3, term by term")
    tab_to(page, page.locator("#unscaled summary"))
    keys.press("Enter")
    expect(page.locator("#unscaled figcaption")).to_be_visible()
    cell = page.locator("#every svg a").first
    tab_to(page, cell)
    keys.press("Enter")
    expect(page.locator("#rows h3")).to_contain_text("predicted as")
    tab_to(page, page.locator("#rows tbody a").first)
    keys.press("Enter")
    expect(page.locator("#h-layers")).to_contain_text("after epoch 9")


def test_every_stop_shows_its_focus(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run)
    page.goto(f"{run.get_absolute_url()}predict/?unit=1&tenth=9")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    found = stops(page)
    assert [stop["name"] for stop in found if not stop["ring"]] == []
    assert [stop["name"] for stop in found if not stop["seen"]] == []


def test_it_all_works_without_javascript(visit: Visit, site: str, run: Run) -> None:
    page = come(visit, site, run, java_script_enabled=False)
    page.get_by_role("link", name="Follow a row").click()
    page.get_by_role("button", name="Row after").click()
    expect(page.get_by_label("Held-out row", exact=True)).to_have_value("1")
    page.get_by_text("Type a row of your own").click()
    page.get_by_label("petal length").fill("tall")
    page.get_by_role("button", name="Lead it through").click()
    expect(page.get_by_label("petal length")).to_have_value("tall")
    expect(page.get_by_label("petal length")).to_have_accessible_description(re.compile("number"))
    page.get_by_label("petal length").fill("9.5")
    page.get_by_role("button", name="Lead it through").click()
    expect(page.locator("#h-layers")).to_contain_text("Your row through the model after epoch 10")
    expect(page.locator("#layers figcaption")).to_contain_text("outside the bounds of the scaler")
    page.get_by_role("button", name="Epoch before").click()
    expect(page.locator("#h-layers")).to_contain_text("Your row through the model after epoch 9")
    expect(page.get_by_label("petal length")).to_have_value("9.5")
    page.get_by_label("Logit of class").fill("2")
    page.get_by_role("button", name="Open logit").click()
    expect(page.locator("#opened h3")).to_contain_text("Logit of class 2 (virginica)")
    expect(page.locator("#h-layers")).to_contain_text("Your row")
    page.get_by_role("link", name="Back to held-out row").click()
    expect(page.locator("#h-layers")).to_contain_text("Held-out row")
    page.locator("#every tbody a").last.click()
    expect(page.locator("#rows h3")).to_contain_text("Rows with a largest share of")
