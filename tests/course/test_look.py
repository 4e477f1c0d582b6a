"""The palette can be read, both darks are one, and the pages for bad moments stand alone."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template import loader
from django.test import RequestFactory

from tests.sources import ROOT

CSS = ROOT / "course" / "static" / "course" / "css"
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
STAGES = ("s1", "s2", "s3", "s4", "s5")
TEXT = [
    *((ink, paper) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "card", "sunk")),
    *((stage, paper) for stage in STAGES for paper in ("paper", "card", f"{stage}-tint")),
    *(("on-hue", stage) for stage in STAGES),
    *((word, f"{word}-tint") for word in ("right", "wrong")),
    ("paper", "ink"),
    ("paper", "ink-2"),
]
EDGES = [(edge, paper) for edge in ("control", "focus") for paper in ("paper", "card")]


ROOMS = (
    "compare", "data", "experiments", "lab", "lessons", "predict", "progress", "question", "recall",
    "steps", "weights",
)  # fmt: skip
"""Sheets of rooms: all pages load all of them, so what one calls its own no other may use."""


def classes_of(sheet: str) -> set[str]:
    """The classes that rules of a sheet begin with, alone: `.pick {`, `.pick > label {`."""
    path = CSS / f"{sheet}.css"
    text = re.sub(r"(?s)/\*.*?\*/", "", path.read_text("utf-8")) if path.exists() else ""
    rules = (each for selectors in re.findall(r"([^{}]+)\{", text) for each in selectors.split(","))
    return {
        found[1] for rule in rules if (found := re.match(r"\s*\.([a-z][\w-]*)(?![\w.-])", rule))
    }


def test_no_two_rooms_mean_something_else_by_the_same_class() -> None:
    shared = {name for sheet in CSS.glob("*.css") if sheet.stem not in ROOMS
              for name in classes_of(sheet.stem)}  # fmt: skip
    owners: dict[str, list[str]] = {}
    for sheet in ROOMS:
        for name in classes_of(sheet) - shared:
            owners.setdefault(name, []).append(sheet)
    assert {name: sheets for name, sheets in owners.items() if len(sheets) > 1} == {}


def palettes() -> list[dict[str, str]]:
    """Return the lists of colours in the order of the file: light, dark, dark by choice."""
    text = (CSS / "tokens.css").read_text("utf-8")
    return [dict(TOKEN.findall(part)) for part in re.split(r"(?m)^ +color-scheme: ", text)[1:]]


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("palette", palettes()[:2], ids=["light", "dark"])
def test_every_text_colour_can_be_read_on_its_ground(palette: dict[str, str]) -> None:
    found = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", palettes()[:2], ids=["light", "dark"])
def test_the_edge_of_a_control_and_the_focus_ring_can_be_seen(palette: dict[str, str]) -> None:
    found = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in EDGES}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 3} == {}


def test_the_systems_dark_and_the_chosen_dark_are_one_palette() -> None:
    light, system, chosen = palettes()
    assert system == chosen
    assert system.keys() == light.keys()


def test_every_colour_comes_from_the_palette() -> None:
    strays = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text("utf-8"))
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
    }
    assert {name: found for name, found in strays.items() if found} == {}


def unfinished(css: str) -> list[str]:
    """Return the ends of blocks that close after something else than a declaration or a block."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.findall(r"[^;{}\s][^;{}]*}", css)


def test_no_rule_was_cut_short() -> None:
    found = {path.name: unfinished(path.read_text("utf-8")) for path in CSS.glob("*.css")}
    assert {name: ends for name, ends in found.items() if ends} == {}


@pytest.mark.parametrize("css", ["@media print { .a, }", ".a { color: red }"])
def test_a_rule_that_was_cut_short_is_found(css: str) -> None:
    assert unfinished(css)


def test_every_stylesheet_is_linked_by_every_page() -> None:
    links = (ROOT / "templates" / "partials" / "styles.html").read_text("utf-8")
    assert {path.name for path in CSS.glob("*.css")} == set(re.findall(r"css/([\w-]+\.css)", links))


def test_every_icon_that_a_template_names_is_drawn() -> None:
    sprite = CSS.parent / "icons" / "parts.svg"
    drawn = set(re.findall(r'<symbol id="(\w+)"', sprite.read_text("utf-8")))
    used = {name for path in templates() for name in icons(path.read_text("utf-8"))}
    assert used <= drawn
    assert "logo" in used


def templates() -> list[Path]:
    """Return every template of the project."""
    places = ("templates", "course", "trainer")
    return [path for place in places for path in (ROOT / place).rglob("*.html")]


def icons(template: str) -> list[str]:
    """Return the names of the icons that a template includes or hands on."""
    return re.findall(r'(?:icon\.html" with name|icon)="(\w+)"', template)


@pytest.mark.parametrize("name", ["400", "500", "503"])
def test_a_page_for_a_bad_moment_needs_no_request_and_no_context(name: str) -> None:
    page = loader.get_template(f"{name}.html").render()
    assert "<h1>" in page
    assert "course/css/tokens" in page


def visited(path: str) -> tuple[str, HttpRequest]:
    """Return the plainest page that stands on base.html, and the request it was made for."""
    request = RequestFactory().get(path)
    return loader.get_template("404.html").render({}, request), request


def test_a_page_without_a_form_asks_for_no_cookie() -> None:
    _, request = visited("/pipeline/")
    assert "CSRF_COOKIE" not in request.META


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/pipeline/", '<a href="/pipeline/" aria-current="page">'),
        ("/runs/", '<a href="/runs/" aria-current="page">'),
        ("/runs/abc/", '<a href="/runs/" aria-current="true">'),
    ],
)
def test_the_menu_says_where_one_is(path: str, marked: str) -> None:
    page, _ = visited(path)
    assert marked in page
    assert page.count("aria-current") == 1
