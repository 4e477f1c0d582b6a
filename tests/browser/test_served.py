"""The short path on the site as an operator starts it: collected files, gunicorn, runners."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE
from tests.browser.seats import Seats
from tests.browser.visitor import Visitor
from tests.processes import manage
from tests.servers import Site, wait_until


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, collected: Path) -> Iterator[str]:
    """A site in a data directory of its own; gives its address."""
    data = tmp_path_factory.mktemp("served")
    (data / "static").symlink_to(collected)
    manage(data, "migrate", "--verbosity=0")
    manage(data, "loadcourse")
    site = Site(data)
    wait_until(site.answers)
    yield f"http://127.0.0.1:{site.port}"
    site.process.terminate()
    site.process.wait()


@pytest.fixture
def somebody(browser: Browser, started: str) -> Iterator[Visitor]:
    """A visitor of that site."""
    seats = Seats(browser, started, PATIENCE)
    seat = seats.take(plotly=True)
    yield Visitor(seat.page, seat.watch)
    seat.page.context.close()
    assert seat.watch.unexpected() == []


def test_the_short_path_works_as_it_is_served(somebody: Visitor) -> None:
    page = somebody.page
    somebody.run(epochs="4")
    expect(somebody.result).to_contain_text("Finished. 40 updates")
    expect(page.locator("#training-trace .plot .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Row after").click()
    expect(page.locator("#row")).to_have_value("1")
    somebody.answer("s1-passes", "40")
    expect(somebody.question("s1-passes").locator(".feedback.right")).to_be_focused()
    hashed = re.compile(r"GET /static/vendor/plotly\.min\.[0-9a-f]{12}\.js$")
    assert any(hashed.match(asked) for asked in somebody.watch.asked)


def test_a_slow_run_is_called_off_in_its_runner(somebody: Visitor) -> None:
    somebody.page.goto("/pipeline/")
    somebody.predict()
    somebody.set(batch_size="1", epochs="2", hidden="256")
    somebody.run_button.click()
    expect(somebody.ask.locator("#steps")).to_contain_text("step")
    somebody.ask.get_by_role("button", name="Cancel").click()
    expect(somebody.result).to_contain_text("Cancelled on request.")
    somebody.wait_for_run()
