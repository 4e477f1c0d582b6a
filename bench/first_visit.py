"""G14: what the first visit to a page brings over the wire, as a browser asks for it.

Must not import PyTorch: it is used by the process that looks at memory.
"""

import gzip
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPConnection

from bench.measure import Measure

KB = 1000
FETCHED = ("link", "script", "img")
PAGES = {
    "to a lesson without a chart": ("/lessons/data-loading/", 100),
    "to the pipeline, without a chart": ("/pipeline/", 100),
    "to the pipeline, with charts": ("/pipeline/?open=training-trace", 1300),
}


def measures(connection: HTTPConnection) -> Iterator[Measure]:
    """Page, styles, scripts and icon, with what the page tells its scripts to load."""
    for name, (page, goal) in PAGES.items():
        packed, size = _fetched(connection, page)
        linked = files_of(gzip.decompress(packed).decode())
        total = size + sum(_fetched(connection, address)[1] for address in linked)
        note = f"page {size / KB:.1f}, {len(linked)} files besides"
        yield Measure(f"G14 first visit {name}", total / KB, goal, "KB", note)


def _fetched(connection: HTTPConnection, address: str) -> tuple[bytes, int]:
    """What was answered, and its size with its head."""
    connection.request("GET", address, headers={"Accept-Encoding": "gzip, br"})
    response = connection.getresponse()
    body = response.read()
    if response.status != HTTPStatus.OK:
        raise RuntimeError(f"{address} was answered with {response.status}.")
    return body, len(body) + len(bytes(response.headers))


def files_of(page: str) -> set[str]:
    """The addresses of the files that a browser fetches for a page."""
    reader = _LinkReader()
    reader.feed(page)
    return reader.linked | (reader.library if reader.has_chart else set())


class _LinkReader(HTMLParser):
    """Collects what is linked, and the library that a script fetches for the first chart."""

    def __init__(self) -> None:
        super().__init__()
        self.linked: set[str] = set()
        self.library: set[str] = set()
        self.has_chart = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag asks for."""
        given = {name: value or "" for name, value in attrs}
        where = "href" if tag == "link" else "src"
        self.has_chart |= "data-chart" in given
        self.library |= {given["data-plotly"]} if "data-plotly" in given else set()
        self.linked |= {given[where]} if tag in FETCHED and where in given else set()
