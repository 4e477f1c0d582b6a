"""A sweep in a real browser: it drives itself, by the keyboard alone, and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import Visitor
from trainer.models import Sweep

ID = re.compile(r"/lab/sweeps/(\w{10})/")


def fill(page: Page, values: str, seeds: str = "2") -> None:
    page.goto("/lab/sweeps/")
    page.get_by_label("Its values").fill(values)
    page.get_by_label("Seeds for each").fill(seeds)
    page.get_by_label("Epochs").fill("1")


def sweep_of(page: Page) -> Sweep:
    found = ID.search(page.url)
    assert found
    return Sweep.objects.get(pk=found[1])


def test_it_goes_on_by_itself_and_says_so_now_and_then(visitor: Visitor) -> None:
    page = visitor.page
    fill(page, "0.01, 0.1, 0.5")
    page.get_by_role("button", name="Begin the sweep").click()
    expect(page.get_by_text("Finished: 6 runs", exact=True)).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("The sweep is finished: 6 runs.")
    expect(page.locator("#so-far figure svg[role]")).to_have_count(3)
    expect(page.get_by_role("button", name="Run the next point")).to_have_count(0)
    assert sweep_of(page).points.count() == 6
    asked = [each for each in visitor.watch.asked if each.endswith("/next/")]
    assert len(asked) == 6


def test_back_a_reload_and_a_second_tab_do_no_harm(visit: Visit, visitor: Visitor) -> None:
    page = visitor.page
    fill(page, "0.001 to 1 in 6")
    page.get_by_role("button", name="Begin the sweep").click()
    expect(page).to_have_url(ID)
    second = page.context.new_page()
    second.goto(page.url)
    page.reload()
    page.go_back()
    page.go_forward()
    for tab in (page, second):
        expect(tab.get_by_text("Finished: 12 runs", exact=True)).to_be_visible()
    places = sweep_of(page).points.order_by("place").values_list("place", flat=True)
    assert list(places) == list(range(12))
    second.close()


def test_cancelled_it_stops(visitor: Visitor) -> None:
    page = visitor.page
    fill(page, "1 to 20 in 20", seeds="1")
    page.get_by_label("What changes").select_option("seed")
    page.get_by_role("button", name="Begin the sweep").click()
    page.get_by_role("button", name="Cancel the sweep").click()
    expect(page.get_by_text(re.compile("Cancelled after"))).to_be_visible()
    asked = len(visitor.watch.asked)
    page.wait_for_timeout(500)
    assert len(visitor.watch.asked) == asked
    assert sweep_of(page).status == "cancelled"


def test_with_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/lab/sweeps/")
    tab_to(page, page.get_by_label("Its values"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.01, 0.1")
    tab_to(page, page.get_by_role("button", name="Begin the sweep"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Finished: 6 runs", exact=True)).to_be_visible()
    every = page.locator("summary", has_text="Every run of it")
    tab_to(page, every)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#so-far a.badge").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/runs/\w{10}/"))


def test_a_refusal_stands_beside_its_field(visitor: Visitor) -> None:
    visitor.watch.expect("status of 422")
    page = visitor.page
    fill(page, "0.1, banana")
    page.get_by_role("button", name="Begin the sweep").click()
    field = page.get_by_label("Its values")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("0.1, banana")
    expect(page.locator(".field", has=field)).to_contain_text("banana: Must be a number")


def test_without_javascript_a_button_makes_each_point(visit: Visit) -> None:
    page = visit(java_script_enabled=False).page
    fill(page, "0.01, 0.1", seeds="1")
    page.get_by_role("button", name="Begin the sweep").click()
    for done in (0, 1):
        expect(page.get_by_text(f"{done} of 2 runs", exact=True)).to_be_visible()
        page.get_by_role("button", name="Run the next point").click()
    expect(page.get_by_text("Finished: 2 runs", exact=True)).to_be_visible()
    expect(page.locator("#so-far figure svg").first).to_be_visible()
