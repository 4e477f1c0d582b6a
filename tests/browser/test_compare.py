"""Runs side by side in a real browser: chosen, read, by the keyboard and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.places import sign_in
from tests.browser.test_keyboard import tab_to
from tests.staging import short, stored

COMPARED = re.compile(r"/runs/compare/\?run=\w{10}&run=\w{10}$")


@pytest.fixture
def learner() -> User:
    """Somebody with three runs."""
    person = User.objects.create_guest()
    for lr in (0.01, 0.1, 0.5):
        stored(short(lr=lr), person)
    return person


def at_runs(page: Page, site: str, learner: User) -> Page:
    sign_in(page.context, site, learner)
    page.goto("/runs/")
    return page


def test_two_of_the_list_are_drawn_over_one_another(visit: Visit, site: str, learner: User) -> None:
    page = at_runs(visit(plotly=True).page, site, learner)
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare the chosen ones").click()
    expect(page).to_have_url(COMPARED)
    expect(page.get_by_role("heading", name="2 runs side by side")).to_be_visible()
    expect(page.locator(".chart-place.drawn > .plot")).to_have_count(5)
    expect(page.get_by_role("region", name="Settings that differ")).to_contain_text("Learning rate")


def test_with_the_keyboard_alone(visit: Visit, site: str, learner: User) -> None:
    page = at_runs(visit().page, site, learner)
    for box in page.get_by_role("checkbox").all()[:2]:
        tab_to(page, box)
        page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Compare the chosen ones"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(COMPARED)
    tab_to(page, page.locator("summary", has_text="What is the same"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Training rows")).to_be_visible()


def test_without_javascript_curves_are_drawings(visit: Visit, site: str, learner: User) -> None:
    page = at_runs(visit(java_script_enabled=False).page, site, learner)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Compare the chosen ones").click()
    expect(page.get_by_text("One was chosen; take another.")).to_be_visible()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="2 runs side by side")).to_be_visible()
    expect(page.locator(".chart-place > svg")).to_have_count(5)
    page.get_by_role("button", name="Run the other seeds of A").click()
    expect(page.get_by_role("heading", name=re.compile("^Seed: 12 values"))).to_be_visible()


def test_a_run_page_leads_to_another_run_of_one_s_own(
    visit: Visit, site: str, learner: User
) -> None:
    page = at_runs(visit().page, site, learner)
    page.locator("table a.badge").first.click()
    page.get_by_label("Compare with").select_option(index=1)
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(COMPARED)
