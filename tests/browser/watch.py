"""Looks over a browser's shoulder: what a page complains of, fetches from elsewhere or holds.

Every visit of every test is watched, so that no test has to ask for it.
"""

import re

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from tests.test_templates import refused

# What the policy refuses is reported by the page itself, even where the console would stay silent.
REPORT_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
NO_REQUEST = ("about:", "data:", "blob:")


class Watch:
    """Everything that should not have happened on a page and those that it leads to."""

    def __init__(self, page: Page, origin: str) -> None:
        self.found: list[str] = []
        self.asked: list[str] = []
        self._origin = origin
        self._expected: list[str] = []
        self._page = page
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)
        page.on("requestfinished", self._finished)

    def stop(self) -> None:
        """Look no longer."""
        self._page.remove_listener("console", self._console)
        self._page.remove_listener("pageerror", self._error)
        self._page.remove_listener("request", self._request)
        self._page.remove_listener("requestfinished", self._finished)

    def expect(self, *texts: str) -> None:
        """Something a test provokes: a message with one of these patterns in it is fine."""
        self._expected.extend(texts)

    def unexpected(self) -> list[str]:
        """What is left to complain about."""
        return [
            what for what in self.found if not any(re.search(text, what) for text in self._expected)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"{message.type}: {message.text} at {message.location['url']}")

    def _error(self, error: Error) -> None:
        self.found.append(f"uncaught: {error}")

    def _request(self, request: Request) -> None:
        self.asked.append(f"{request.method} {request.url.removeprefix(self._origin)}")
        if not request.url.startswith((f"{self._origin}/", *NO_REQUEST)):
            self.found.append(f"asked elsewhere: {request.url}")

    def _finished(self, request: Request) -> None:
        """Read pages and fragments as they came over the wire."""
        if request.resource_type not in ("document", "xhr", "fetch"):
            return
        try:
            response = request.response()
            if response and "text/html" in response.headers.get("content-type", ""):
                self.found += [f"{what} in {request.url}" for what in refused(response.text())]
        except Error:  # the page has moved on, and its answers with it
            return
