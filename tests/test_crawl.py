"""Every link of the site leads somewhere, and every page says only what it knows."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.test import Client

from course.accounts.models import User
from tests.staging import alice, browser, loaded, short, stored, text
from trainer.engine.trace import Trace

__all__ = ["alice", "loaded"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

HREF = re.compile(r'(?:href|hx-get)="([^"]+)"')
ID = re.compile(r'\bid="([^"]+)"')
ELSEWHERE = ("/static/", "/admin/")
UNRESOLVED = ("{probe", "{when", "{figure", "{question", "{lines", "{{", "{%", "None", "[object")
DOWNLOADS = (".json", ".py")
PAGES = 20
"""No crawl of this site may find fewer: else it did not crawl."""

RUNS: dict[str, Callable[[], Trace] | None] = {
    "no run": None,
    "a run": short,
    "a failed run": lambda: short("zero_grad,forward,loss,backward,backward,step"),
    "a diverged run": lambda: short(optimizer="adamw", lr=1e9),
}


Shape = tuple[str, tuple[str, ...]]

INSIDE = re.compile(r"/runs/[^/]+/(?:steps/\d+|weights|predict|autopsy)/")
RUNS_INSIDE = 3
"""Of so many runs the pages inside are visited: there are dozens for each of dozens of runs."""
PRINTED = re.compile(r'<td class="(?:code|n)">None</td>')
"""What Python prints of a name, in the tables of a step."""


def shape(address: str) -> Shape:
    """Addresses alike but for the values in their query, or for the step, are visited once."""
    parts = urlsplit(address)
    path = re.sub(r"/steps/\d+/", "/steps/n/", parts.path)
    return path, tuple(sorted({name for name, _ in parse_qsl(parts.query)}))


def is_one_too_many(address: Shape, seen: Iterable[Shape]) -> bool:
    """Whether pages like this one were visited inside enough runs."""
    path, names = address
    if not INSIDE.fullmatch(path.replace("/n/", "/1/")):
        return False
    room = path.split("/", 3)[3]
    alike = [each for each, asked in seen if asked == names and each.endswith(f"/{room}")]
    return len([each for each in alike if each.startswith("/runs/")]) >= RUNS_INSIDE


def crawl(client: Client, start: str = "/") -> dict[str, str]:
    """Every page that links lead to, by address. Fails at the first that is not there."""
    seen: dict[Shape, str] = {}
    pages: dict[str, str] = {}
    waiting = deque([(start, "the start")])
    while waiting:
        address, found_on = waiting.popleft()
        if shape(address) in seen or is_one_too_many(shape(address), seen):
            continue
        seen[shape(address)] = found_on
        response = client.get(address, follow=True)
        assert response.status_code == 200, f"{address}, linked on {found_on}"
        if urlsplit(address).path.endswith(DOWNLOADS):
            continue
        pages[address] = page = response.content.decode()
        for href in map(unescape, HREF.findall(page)):
            target = urljoin(address, href)
            assert not urlsplit(target).netloc, f"{href} on {address} leaves the site"
            if not urlsplit(target).path.startswith(ELSEWHERE):
                waiting.append((target.split("#")[0], address))
    return pages


@pytest.mark.parametrize("name", RUNS)
def test_every_link_leads_to_a_page_that_says_what_it_knows(name: str, alice: User) -> None:
    make = RUNS[name]
    if make:
        stored(make(), alice)
    pages = crawl(browser(alice if make else None))
    assert len(pages) >= PAGES
    for address, page in pages.items():
        said = re.sub(r"<script.*?</script>", "", PRINTED.sub("", page), flags=re.DOTALL)
        words = text(said)
        for unresolved in UNRESOLVED:
            assert unresolved not in words, (address, unresolved)


def test_every_link_within_a_page_leads_to_a_part_of_it(alice: User) -> None:
    stored(short(), alice)
    for address, page in crawl(browser(alice)).items():
        ids = set(ID.findall(page))
        for href in map(unescape, HREF.findall(page)):
            if href.startswith("#"):
                assert href[1:] in ids, f"{href} on {address}"
