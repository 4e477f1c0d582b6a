"""What axe finds on every kind of page: nothing, in both themes, narrow and wide."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.places import DRAWN, PLACES, sign_in
from tests.browser.visitor import Visitor
from tests.sizes import SOAK

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 740}
ALL = list(product(("light", "dark"), (WIDE, NARROW)))
# Each theme and each width on every page; every pair of them in `make soak`.
SAMPLE = [("light", WIDE), ("dark", NARROW)]
# A told run takes axe seconds: what tells one kind of run in one theme tells it in the other.
ONCE = {"opened": [("dark", NARROW)], "failed": [("light", NARROW)], "diverged": [("dark", WIDE)]}


@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing(visit: Visit, site: str, name: str) -> None:
    place, visitor = PLACES[name](), visit(plotly=name in DRAWN or SOAK)
    visitor.watch.expect(f"status of {place.status}")
    page = visitor.page
    sign_in(page.context, site, place.learner)
    for theme, size in ALL if SOAK else ONCE.get(name, SAMPLE):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        response = page.goto(place.address)
        assert response
        assert response.status == place.status
        page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true })"
        )
        assert found(page) == []


def test_axe_finds_nothing_where_a_form_came_back(visitor: Visitor) -> None:
    visitor.watch.expect("status of 422")
    visitor.page.goto("/pipeline/")
    visitor.predict(loss="rather low")
    visitor.run_button.click()
    expect(visitor.ask.get_by_role("alert")).to_be_focused()
    assert found(visitor.page) == []
    visitor.predict(loss="0.4")
    visitor.set(lr="-3", epochs="many")
    visitor.run_button.click()
    expect(visitor.ask.locator(".field .errorlist")).to_have_count(2)
    assert found(visitor.page) == []


def found(page: Page) -> list[str]:
    """What axe calls a violation, serious or not."""
    results = Axe().run(page)
    return [
        f"{each['impact']}: {each['id']} {node['target']} {node['failureSummary']}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
