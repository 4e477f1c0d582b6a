"""Takes the README's pictures from the real site, after a real run.

    python -m tests.browser.pictures

Not a test: they are taken anew when the pages have changed their looks.
"""

import os
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, FloatRect, expect, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from tests.browser.find_browser import arguments, find  # noqa: E402
from tests.browser.seats import Seats  # noqa: E402
from tests.browser.site import served  # noqa: E402
from tests.browser.visitor import Visitor  # noqa: E402
from tests.sources import ROOT  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
WIDE, NARROW = 1280, 360
AROUND = 24
PATIENCE = 30_000


def main() -> None:
    """Serve the course, and look at it."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as site, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=find(), args=arguments())
        for theme in ("light", "dark"):
            pipeline(browser, site, theme)
        phone(browser, site)
        browser.close()


def runner(browser: Browser, site: str, width: int, theme: str) -> Visitor:
    """Somebody who has just made the calm run."""
    seat = Seats(browser, site, PATIENCE).take(plotly=True, color_scheme=theme)
    seat.page.set_viewport_size({"width": width, "height": 900})
    visitor = Visitor(seat.page, seat.watch)
    visitor.run()
    visitor.run()  # the first one of a process takes longer than those that follow
    expect(seat.page.locator("#training-trace .plot .main-svg").first).to_be_visible()
    return visitor


def take(visitor: Visitor, name: str, top: str, bottom: str) -> None:
    """A picture as wide as the page, from the top of one part to the bottom of another."""
    page = visitor.page
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    start, end = (page.locator(part).first.bounding_box() for part in (top, bottom))
    assert start
    assert end
    above = max(0.0, start["y"] - AROUND)
    height = end["y"] + end["height"] + AROUND - above
    width = page.viewport_size["width"] if page.viewport_size else WIDE
    clip: FloatRect = {"x": 0, "y": above, "width": width, "height": height}
    page.screenshot(path=PICTURES / f"{name}.png", clip=clip, full_page=True)


def pipeline(browser: Browser, site: str, theme: str) -> None:
    """What was predicted, what came, the loop card, and the batch on its way round."""
    visitor = runner(browser, site, WIDE, theme)
    take(visitor, f"pipeline-{theme}", "header", "#story > figure")
    take(visitor, f"traces-{theme}", "#training-trace", "#training-trace > .scroll")


def phone(browser: Browser, site: str) -> None:
    """A question that was not answered right, on a phone."""
    visitor = runner(browser, site, NARROW, "dark")
    visitor.answer("s1-passes", "5", "Sure")
    expect(visitor.question("s1-passes").locator(".feedback")).to_be_visible()
    take(visitor, "phone", "#data-loading", "#q-s1-passes")


if __name__ == "__main__":
    main()
