"""The atlas of loops, as a person finds a way through it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_lab_to_one_arrangement_and_its_run(visit: Visit, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts).page
    page.goto("/lab/")
    page.get_by_role("link", name="Atlas of loops").click()
    expect(page.locator("a.cell")).to_have_count(326)
    page.get_by_role("link", name=re.compile("^One step late: 3")).click()
    expect(page.locator("a.cell")).to_have_count(3)
    page.get_by_role("link", name="step, zero_grad, forward, loss, backward: One step late").click()
    page.get_by_role("button", name="Run this loop").click()
    expect(page.locator("#result")).to_contain_text("It is the correct loop, one step late")


def test_by_keyboard_one_gets_to_any_size_without_passing_all_others(visit: Visit) -> None:
    page = visit().page
    page.goto("/lab/atlas/")
    tab_to(page, page.get_by_role("link", name="Five lines", exact=True))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(
        page.get_by_role("link", name=re.compile("^zero_grad, forward, loss, backward, step:"))
    ).to_be_focused()


def test_the_map_can_be_read_as_a_table(visit: Visit) -> None:
    page = visit().page
    page.goto("/lab/atlas/?outcome=adds")
    page.get_by_role("link", name="As a table").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("forward, loss, backward, step")
