"""A learner at the pipeline page: reads its form, predicts, clicks. Standard library only.

One connection that is kept open, as a browser's; cookies by hand, because several guests share
it: nobody may run more often than a person would, and none of these may meet that limit.
"""

import secrets
from collections.abc import Mapping
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

PAGE = "/pipeline/"
GUESS = "0.5"
"""For a prediction that is a number."""


class Visitor:
    """A guest of the site, once they have run something. `connection` may be shared."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._cookies: dict[str, str] = {}
        self._form: dict[str, str] = {}
        self.look()
        self.click()
        self.look()

    def look(self) -> None:
        """Open the page and fill in its form."""
        self._form = form_of(self.ask("GET", PAGE).decode())

    def click(self, **settings: str | int) -> bytes:
        """Run the loop as htmx does it: the fragment that takes the place of the old one."""
        form = self._form | settings | {"nonce": secrets.token_hex(16)}
        fragment = self.ask("POST", PAGE, form, {"HX-Request": "true", "HX-Target": "result"})
        if b'id="result"' not in fragment or b"<svg" not in fragment:
            raise RuntimeError("The answer is not the result of a run.")
        return fragment

    def rest(self) -> None:
        """Let go of the connection, which the server would let go of soon; asking opens it anew."""
        self._connection.close()

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """What an address answers; after a POST, what the page answers that it leads to."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        sent.update(headers or {})
        body = urlencode(form).encode() if form else None
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        content = response.read()
        self._keep_cookies(response)
        if response.status == HTTPStatus.SEE_OTHER:
            return self.ask("GET", response.headers["Location"])
        if response.status != HTTPStatus.OK:
            raise RuntimeError(f"{method} {path} was answered with {response.status}.")
        return content

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for given in response.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self._cookies[name] = value


def form_of(page: str, form: str = "ask") -> dict[str, str]:
    """What a browser would send of a form, with its predictions filled in."""
    reader = _FormReader(form)
    reader.feed(page)
    return reader.fields


class _FormReader(HTMLParser):
    """Collects the fields of the form with an id; takes the first answer to each prediction."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._form, self._inside, self._select = form, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the form, or read one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._form
        elif self._inside and tag == "input":
            self._read_input(given)
        elif self._inside and tag == "select":
            self._select = given["name"]
        elif self._inside and tag == "option" and "selected" in given:
            self.fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._inside = False

    def _read_input(self, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if given.get("type") == "radio":
            self.fields.setdefault(name, value)
        elif name.startswith("prediction-") and not value:
            self.fields[name] = GUESS
        elif name:
            self.fields[name] = value
