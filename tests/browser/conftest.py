"""A browser, a site, and visitors: each test has its own, and each is watched."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from tests.browser.find_browser import arguments, find
from tests.browser.seats import Seats
from tests.browser.site import served
from tests.browser.visitor import Visitor

PATIENCE = 15_000
"""Milliseconds. A machine under load is slow, and no reason to fail."""

expect.set_options(timeout=PATIENCE)

Visit = Callable[..., Visitor]


class Tomorrow:
    """The server's clock, which can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta(0)
        self._now = timezone.now

    def __call__(self) -> datetime:
        return self._now() + self.by


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's browser."""
    return browser_type_launch_args | {"executable_path": find(), "args": arguments()}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Nothing: visitors get the site's address, and the plugin's own fixture is out of date."""
    return ""


@pytest.fixture(scope="package")
def site(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site, with the course loaded."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="package")
def seats(browser: Browser, site: str) -> Seats:
    """Pages of the browser, for one visitor after the other."""
    return Seats(browser, site, PATIENCE)


@pytest.fixture
def visit(seats: Seats) -> Iterator[Visit]:
    """Let somebody come with a browser of their own: `visit(color_scheme="dark")`.

    With `plotly=True` the charts are drawn.
    """
    visitors: list[Visitor] = []

    def come(*, plotly: bool = False, **options: Any) -> Visitor:
        seat = seats.take(plotly=plotly, **options)
        visitors.append(Visitor(seat.page, seat.watch))
        return visitors[-1]

    yield come
    found = [what for visitor in visitors for what in visitor.watch.unexpected()]
    seats.give_back()
    assert found == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """Somebody with an ordinary browser."""
    return visit()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Tomorrow:
    """Let days pass: `clock.by = timedelta(days=1)`."""
    made = Tomorrow()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made
