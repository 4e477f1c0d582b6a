"""Finds the browser that the tests drive, and gets one where the machine has none.

In this order: $CHROMIUM, a browser on the PATH, the system's package manager (as root),
Playwright's own download. If all fail, so does the caller, with one sentence: the browser tests
are never left out in silence.

    python -m tests.browser.find_browser        prints the path
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowserError(RuntimeError):
    """There is no browser and none could be had."""


def find() -> str:
    """Return the path of a browser, installing one if need be."""
    return _named() or _on_path() or _from_system() or _from_playwright()


def arguments() -> list[str]:
    """What it is started with. As root a browser starts without its sandbox or not at all."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def _named() -> str | None:
    """Return $CHROMIUM. A wrong one is an error, not a reason to take another."""
    name = os.environ.get("CHROMIUM")
    if name and shutil.which(name) is None:
        raise NoBrowserError(f"CHROMIUM={name} is not a program.")
    return shutil.which(name) if name else None


def _on_path() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next(filter(None, found), None)


def _from_system() -> str | None:
    """Install Debian's or Ubuntu's browser, where that is allowed."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    _try(["apt-get", "update", "--quiet"])
    _try(["apt-get", "install", "--yes", "--quiet", "chromium"])
    return _on_path()


def _from_playwright() -> str:
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        raise NoBrowserError(
            "The browser tests need Chromium: install it, or name one in $CHROMIUM, "
            "or leave them out with BROWSER=0."
        )
    return path


def _try(command: list[str]) -> None:
    """Run an installer. What it says goes to stderr, for stdout carries the answer."""
    subprocess.run(command, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    try:
        print(find())  # noqa: T201 (its answer)
    except NoBrowserError as error:
        sys.exit(str(error))
