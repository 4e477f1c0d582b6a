"""The pictures of README, taken from a running site: `python -m tests.browser.pictures ADDRESS`.

Not a test: run it after a change of the look, with `make run` in another terminal.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.find_browser import find

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
WIDE, PHONE = 1280, 360


def take(browser: Browser, address: str, name: str, scheme: str, width: int, height: int) -> None:
    """Run the loop as a new visitor and picture what the page then shows."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{address}/pipeline/")
    _run(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def _run(page: Page) -> None:
    page.locator("#ask label.option").first.click()
    page.locator("#q-p-end-value").fill("0.5")
    page.get_by_role("button", name="Run the loop").click()
    page.wait_for_url("**run=**")
    page.locator("#story .drawn").first.wait_for()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=find(), args=options)
        for scheme in ("light", "dark"):
            take(browser, sys.argv[1], f"pipeline-{scheme}", scheme, WIDE, 1400)
        take(browser, sys.argv[1], "phone", "light", PHONE, 780)
        browser.close()


if __name__ == "__main__":
    main()
