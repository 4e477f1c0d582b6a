"""The pages of one's progress, gone through from the keyboard and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.places import beliefs, certainty, sign_in
from tests.browser.test_keyboard import stops, tab_to

BROWSERS: dict[str, dict[str, Any]] = {"scripts": {}, "no scripts": {"java_script_enabled": False}}


@pytest.mark.parametrize("options", BROWSERS.values(), ids=BROWSERS)
def test_a_belief_opens_and_leads_to_its_experiment(
    visit: Visit, site: str, options: dict[str, Any]
) -> None:
    place, page = beliefs(), visit(**options).page
    sign_in(page.context, site, place.learner)
    page.goto(place.address)
    belief = page.locator("details", has=page.locator(".belief-test"))
    shown = belief.first.locator(".moments")
    expect(shown).to_be_hidden()
    opener = belief.first.locator("summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    expect(shown.get_by_text("You said:").first).to_be_visible()
    belief.first.get_by_role("link", name="Put it to the test").click()
    expect(page).to_have_url(re.compile("/lab/experiments/[a-z-]+/$"))


def test_every_stop_of_the_map_shows_its_focus(visit: Visit, site: str) -> None:
    place, page = beliefs(), visit().page
    sign_in(page.context, site, place.learner)
    page.goto(place.address)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    found = stops(page)
    assert len(found) > 20
    assert [stop for stop in found if not (stop["ring"] and stop["seen"])] == []


def test_the_ways_lead_from_page_to_page_by_keyboard(visit: Visit, site: str) -> None:
    place, page = certainty(), visit().page
    sign_in(page.context, site, place.learner)
    page.goto(place.address)
    for name in ("Points", "Objectives", "Beliefs", "Certainty"):
        tab_to(page, page.get_by_role("navigation", name="Progress").get_by_role("link", name=name))
        page.keyboard.press("Enter")
        current = page.get_by_role("navigation", name="Progress").locator("[aria-current=page]")
        expect(current).to_have_text(name)
        expect(page.locator(".mainnav [aria-current]")).to_have_text("Progress")
