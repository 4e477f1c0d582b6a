"""What no template may contain: the content policy refuses it, or it comes from elsewhere.

The template language is blanked out first; what is left is read as HTML.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.sources import ROOT

TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
DATA = {"application/json"}
LOADED_FROM = {"src", "srcset", "poster", "data"}


class _Reader(HTMLParser):
    """Collects what the browser would refuse, or would fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._script = tag == "script" and values.get("type") not in DATA
        if tag == "style":
            self._note("a style element")
        for name, value in values.items():
            self._attribute(tag, name, value)

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self._note("script written in the page")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (nothing nests in a script)
        self._script = False

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style" or name.startswith(("on", "hx-on")):
            self._note(f"{name} on {tag}")
        if value.strip().lower().startswith("javascript:"):
            self._note(f"script in {name} on {tag}")
        if (name in LOADED_FROM or (tag, name) == ("link", "href")) and "//" in value:
            self._note(f"{tag} loaded from elsewhere")

    def _note(self, what: str) -> None:
        self.found.append(f"{what}, line {self.getpos()[0]}")


def refused(template: str) -> list[str]:
    """Return what is wrong with the text of a template."""
    reader = _Reader()
    reader.feed(TEMPLATE_CODE.sub(lambda code: "\n" * code[0].count("\n"), template))
    reader.close()
    return reader.found


def templates() -> Iterable[Path]:
    """Return every template of the project."""
    for place in ("templates", "course", "trainer"):
        yield from sorted((ROOT / place).rglob("*.html"))


def test_no_template_contains_what_the_browser_would_refuse() -> None:
    found = {str(path.relative_to(ROOT)): refused(path.read_text("utf-8")) for path in templates()}
    assert {name: what for name, what in found.items() if what} == {}
    assert "templates/base.html" in found


@pytest.mark.parametrize(
    "template",
    [
        "<script>run()</script>",
        '<script type="module">run()</script>',
        "<script>{% if x %}run(){% endif %}</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<p {% if x %}style="color: {{ y }}"{% endif %}>',
        '<button onclick="run()">',
        "<body ONLOAD=run()>",
        '<button hx-on:click="run()">',
        '<a href=" javascript:run()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/x.css">',
        '<img src="http://example.org/x.png">',
    ],
)
def test_what_the_browser_would_refuse_is_found(template: str) -> None:
    assert refused(template)


@pytest.mark.parametrize(
    "template",
    [
        "<script src=\"{% static 'course/js/theme.js' %}\" defer></script>",
        '<script type="application/json">{"loss": 1.2}</script>',
        '<link rel="stylesheet" href="{% static "course/css/base.css" %}">',
        '<a href="https://docs.example.org/">the manual</a>',
        '<form hx-post="/runs/" hx-headers=\'{"X-CSRFToken": "{{ csrf_token }}"}\'>',
        '{# <script>run()</script> #}<p class="style">one</p>',
    ],
)
def test_what_a_page_needs_is_fine(template: str) -> None:
    assert refused(template) == []
