"""The watch itself: what it would find if a page did what no page of this site may do."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route

from tests.browser.seats import Seats
from tests.browser.watch import Watch

POLICY = "default-src 'self'"


@pytest.fixture
def seen(seats: Seats) -> Iterator[Callable[[str], Watch]]:
    """Open a page of this text; gives what was seen."""

    def see(body: str) -> Watch:
        seat = seats.take()
        page = seat.page

        def fulfil(route: Route) -> None:
            headers = {"content-type": "text/html", "content-security-policy": POLICY}
            route.fulfill(body=f"<!doctype html>{body}", headers=headers)

        page.route("**/odd/", fulfil)
        page.route("**/broken.js", lambda route: route.fulfill(body="throw Error('mishap')"))
        page.route("https://**", lambda route: route.abort())
        page.goto("/odd/")
        page.wait_for_timeout(100)
        return seat.watch

    yield see
    seats.give_back()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<p style='color: red'>", "style on p"),
        ("<style>p { color: red }</style>", "refused by the policy: style-src"),
        ("<script>run()</script>", "script written in the page"),
        ("<button onclick='run()'>", "onclick on button"),
        ("<img src='https://example.org/x.png'>", "asked elsewhere: https://example.org/x.png"),
        ("<img src='/not-there.png'>", "404"),
    ],
)
def test_what_no_page_may_do_is_found(seen: Callable[[str], Watch], body: str, what: str) -> None:
    found = seen(body).found
    assert any(what in each for each in found), found


def test_an_uncaught_error_is_found(seen: Callable[[str], Watch]) -> None:
    found = seen("<script src='/broken.js'></script>").found
    assert any(each.startswith("uncaught: ") and "mishap" in each for each in found), found


def test_what_a_test_provokes_is_fine(seen: Callable[[str], Watch]) -> None:
    watch = seen("<img src='/not-there.png'>")
    watch.expect("404 .* at .*/not-there.png")
    assert watch.unexpected() == []


def test_a_plain_page_is_fine(seen: Callable[[str], Watch]) -> None:
    assert seen("<p>Nothing</p>").found == []
