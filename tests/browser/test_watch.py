"""The watch itself: what it would find if a page did what no page of this site may do."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser.watch import Watch

POLICY = "default-src 'self'"


@pytest.fixture
def served(site: str, new_context: Callable[..., BrowserContext]) -> Callable[..., Watch]:
    """Open a page of this text; gives what was seen."""

    def serve(body: str) -> Watch:
        context = new_context(base_url=site)
        watch = Watch(context, site)

        def fulfil(route: Route) -> None:
            headers = {"content-type": "text/html", "content-security-policy": POLICY}
            route.fulfill(body=f"<!doctype html>{body}", headers=headers)

        context.route("**/odd/", fulfil)
        context.route("**/broken.js", lambda route: route.fulfill(body="throw Error('mishap')"))
        context.route("https://**", lambda route: route.abort())
        page = context.new_page()
        page.goto("/odd/")
        page.wait_for_timeout(100)
        return watch

    return serve


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
def test_what_no_page_may_do_is_found(served: Callable[..., Watch], body: str, what: str) -> None:
    found = served(body).found
    assert any(what in each for each in found), found


def test_an_uncaught_error_is_found(served: Callable[..., Watch]) -> None:
    found = served("<script src='/broken.js'></script>").found
    assert any(each.startswith("uncaught: ") and "mishap" in each for each in found), found


def test_what_a_test_provokes_is_fine(served: Callable[..., Watch]) -> None:
    watch = served("<img src='/not-there.png'>")
    watch.expect("404 .* at .*/not-there.png")
    assert watch.unexpected() == []


def test_a_plain_page_is_fine(served: Callable[..., Watch]) -> None:
    assert served("<p>Nothing</p>").found == []
