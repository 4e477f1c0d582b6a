"""Light, dark, less motion and paper: what the reader's system or the reader asked for."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit

LIGHT, DARK = "rgb(250, 248, 243)", "rgb(18, 21, 23)"
TO_DARK, TO_LIGHT = "Use dark colours", "Use light colours"


def paper(page: Page) -> str:
    """The colour of the page."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_the_system_chooses_until_the_reader_does(visit: Visit, scheme: str, colour: str) -> None:
    for scripts in (True, False):
        page = visit(color_scheme=scheme, java_script_enabled=scripts).page
        page.goto("/runs/")
        assert paper(page) == colour


def test_the_readers_choice_is_kept(visit: Visit) -> None:
    page = visit(color_scheme="light").page
    page.goto("/runs/")
    page.get_by_role("button", name=TO_DARK).click()
    assert paper(page) == DARK
    page.reload()
    assert paper(page) == DARK
    page.goto("/pipeline/")
    assert paper(page) == DARK
    page.get_by_role("button", name=TO_LIGHT).click()
    page.emulate_media(color_scheme="dark")
    assert paper(page) == LIGHT
    page.reload()
    assert paper(page) == LIGHT


def test_charts_are_drawn_anew_in_the_other_theme(visit: Visit) -> None:
    page = visit(plotly=True).page
    page.goto("/pipeline/?open=training-trace")
    plot = page.locator("#training-trace .plot .scatterlayer path.js-line").last
    expect(plot).to_have_css("stroke", "rgb(27, 33, 39)")
    page.get_by_role("button", name=TO_DARK).click()
    expect(plot).to_have_css("stroke", "rgb(233, 230, 222)")
    expect(page.locator("#training-trace > .charts .plot")).to_have_count(2)


def test_nothing_is_painted_before_the_colours_are_chosen(visit: Visit) -> None:
    page = visit(color_scheme="light").page
    page.goto("/runs/")
    page.get_by_role("button", name=TO_DARK).click()
    held: list[Route] = []
    page.route("**/theme*.js", lambda route: held.append(route))  # noqa: PLW0108 (not a builtin)
    with page.expect_request("**/theme*.js"):
        page.reload(wait_until="commit")
    assert page.evaluate("document.body === null")
    for route in held:
        route.continue_()
    page.wait_for_load_state()
    assert paper(page) == DARK


MOVING = """() => document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations === Infinity
    || each.effect.getComputedTiming().duration > 10)
  .map((each) => each.animationName ?? each.transitionProperty)"""


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_where_motion_is_not_wanted(visit: Visit, motion: str, moves: bool) -> None:
    visitor = visit(reduced_motion=motion)
    page = visitor.page
    page.goto("/pipeline/")
    held: list[Route] = []
    page.route("/pipeline/", lambda route: held.append(route))  # noqa: PLW0108 (a builtin will not do)
    visitor.predict()
    visitor.run_button.click()
    expect(visitor.ask.locator(".wheel")).to_be_visible()
    assert bool(page.evaluate(MOVING)) == moves
    for route in held:
        route.continue_()
    visitor.wait_for_run()
    assert page.evaluate(MOVING) == []


def test_paper_has_the_curves_and_no_controls(visit: Visit) -> None:
    visitor = visit(color_scheme="dark", plotly=True)
    visitor.run()
    page = visitor.page
    expect(page.locator("#training-trace .plot .main-svg").first).to_be_visible()
    page.emulate_media(media="print")
    for away in (".masthead", "[data-strip]", ".plot", "#ask", "button", "input[type=text]"):
        expect(page.locator(f"{away}:visible")).to_have_count(0)
    curve = page.locator("#training-trace > .charts .chart-place > svg").first
    expect(curve).to_be_visible()
    expect(curve).to_have_css("position", "static")
    assert re.match("rgb\\(2[45]\\d|rgba\\(0, 0, 0, 0", paper(page))
    table = page.get_by_role("region", name="Every value of this row")
    expect(table).to_be_visible()
