"""Every kind of page from a small phone to a projector: nothing sticks out or is too small."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.places import DRAWN, PLACES, sign_in
from tests.browser.visitor import Visitor

WIDTHS = (320, 768, 1280, 1920)
PATIENT = 15
MARKED = ".scroll, .frame, .loop-part, pre, .strip ol"
"""What may scroll sideways, in its own box."""

# What lies outside the page, or scrolls without saying so, and which text is too small.
MEASURE = """(marked) => {
  const AWAY = ".unseen, .plot, .chart-place.drawn > svg";
  const name = (node) => node.outerHTML.slice(0, 90);
  const scrolls = (node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
  const all = [...document.body.querySelectorAll("*")].filter((node) => node.checkVisibility());
  const inBox = (node) => node.parentElement?.closest(marked) || node.closest(AWAY);
  const hidden = (node) => ["hidden", "clip"].includes(getComputedStyle(node).overflowX);
  const small = (text) => {
    const box = text.parentElement;
    const scale = box instanceof SVGElement ? box.getScreenCTM().a : 1;
    return parseFloat(getComputedStyle(box).fontSize) * scale < 11.5;
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const tiny = [];
  while (words.nextNode()) {
    const text = words.currentNode;
    const box = text.parentElement;
    if (text.data.trim() && !["SCRIPT", "STYLE"].includes(box.tagName)
        && box.checkVisibility() && !box.closest(AWAY) && small(text)) tiny.push(name(box));
  }
  return {
    sideways: document.documentElement.scrollWidth > innerWidth ? ["the page"] : [],
    outside: all.filter((node) => !(node instanceof SVGElement && node.ownerSVGElement)
      && !inBox(node) && node.getBoundingClientRect().right > innerWidth + 1).map(name),
    unmarked: all.filter((node) => scrolls(node) && node.scrollWidth > node.clientWidth + 1
      && !node.matches(marked)).map(name),
    unreachable: all.filter((node) => scrolls(node) && node.scrollWidth > node.clientWidth + 1
      && node.tabIndex < 0 && !node.querySelector("a, button, input")).map(name),
    cut: all.filter((node) => hidden(node) && node.scrollWidth > node.clientWidth + 1
      && node.clientWidth > 1 && !node.closest(`svg, .strip-now, ${AWAY}`)).map(name),
    tiny,
  };
}"""

# Buttons, links of the navigation, options, fields and what opens: a thumb wide, a thumb high.
LARGE = (
    "button, .button, summary, .mainnav a, .brand, .strip a, .menu a, .option:has(input), "
    ".code-line:has(input), .segments label, .control > *"
)
TARGETS = """(large) => {
  const name = (node, box) => `${node.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`;
  const seen = (node) => node.checkVisibility() && !node.closest(".unseen");
  const inText = (node) => getComputedStyle(node).display === "inline";
  // A box drawn around a small mark makes it larger for a finger than for the eye.
  const around = (node) => {
    const more = getComputedStyle(node, "::after");
    return more.position === "absolute" ? -parseFloat(more.top) - parseFloat(more.bottom) : 0;
  };
  const under = (nodes, width, height) => nodes.filter(seen).flatMap((node) => {
    const box = node.getBoundingClientRect();
    const high = box.height + Math.max(0, around(node) || 0);
    return box.width < width - 0.5 || high < height - 0.5 ? [name(node, box)] : [];
  });
  const all = [...document.querySelectorAll(large)];
  const rest = [...document.querySelectorAll("a, label:has(input), input:not([type=hidden])")]
    .filter((node) => !node.matches(large) && !node.closest(large) && !inText(node));
  return [...under(all, 24, 44), ...under(rest, 24, 24)];
}"""


@pytest.mark.parametrize("name", PLACES)
def test_a_page_fits_every_width(visit: Visit, site: str, name: str) -> None:
    place, visitor = PLACES[name](), visit(plotly=name in DRAWN)
    visitor.watch.expect(f"status of {place.status}")
    page = visitor.page
    sign_in(page.context, site, place.learner)
    page.goto(place.address)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert settled(page) == [], width


def settled(page: Page) -> list[str]:
    """What is wrong once the charts have come to their new width."""
    for _ in range(PATIENT):
        found = measure(page)
        if not found:
            return []
        page.wait_for_timeout(200)
    return found


def measure(page: Page) -> list[str]:
    """What is wrong now."""
    measured = page.evaluate(MEASURE, MARKED) | {"targets": page.evaluate(TARGETS, LARGE)}
    return [f"{what}: {node}" for what, nodes in measured.items() for node in nodes]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("node.style.cssText = 'width: 3000px; max-width: none'", "sideways: the page"),
        ("node.style.marginLeft = '900px'", "outside: <p"),
        ("node.style.fontSize = '11px'", "tiny: <p"),
        (
            "node.style.cssText = 'overflow-x: auto; white-space: nowrap; width: 9px'",
            "unmarked: <p",
        ),
        ("node.style.cssText = 'overflow: hidden; white-space: nowrap; width: 9px'", "cut: <p"),
        ("node.outerHTML = '<button>x</button>'", "targets: <button"),
    ],
)
def test_what_does_not_fit_is_found(visitor: Visitor, change: str, what: str) -> None:
    visitor.watch.expect("404")
    page = visitor.page
    page.goto("/not-there/")
    page.set_viewport_size({"width": 800, "height": 900})
    page.evaluate(f"{{ const node = document.querySelector('main p'); {change} }}")
    assert any(each.startswith(what) for each in measure(page)), measure(page)
