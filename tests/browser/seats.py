"""Pages of the browser, each in a context of its own, kept for the next test.

A new page costs a browser more than most of what a test then does with it. Whoever gets one that
was used before finds it as new: nothing open, no cookie, nothing stored, nothing in the way.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.watch import REPORT_REFUSALS, Watch

# Plotly takes a browser seconds. Most tests do without it: the page then keeps its own curves, as
# it does wherever the bundle does not come.
NO_PLOTLY = """
window.Plotly = { react: () => Promise.reject(new Error("left out")), purge() {} };"""

SIZE = {"width": 1280, "height": 720}
LIKE = {"color_scheme": "light", "reduced_motion": "no-preference"}


@dataclass
class Seat:
    """A place in front of a browser. kind: what it was asked to be like."""

    kind: str
    page: Page
    like: dict[str, Any]
    watch: Watch


class Seats:
    """Seats by their kind."""

    def __init__(self, browser: Browser, site: str, patience: int) -> None:
        self._browser = browser
        self._site = site
        self._patience = patience
        self._free: dict[str, list[Page]] = defaultdict(list)
        self._taken: list[Seat] = []

    def take(self, *, plotly: bool = False, **options: Any) -> Seat:
        """A page that nobody else has, and the watch over it."""
        kind = json.dumps([plotly, options], sort_keys=True)
        free = self._free[kind]
        page = free.pop() if free else self._make(plotly=plotly, **options)
        seat = Seat(kind, page, LIKE | options, Watch(page, self._site))
        self._taken.append(seat)
        return seat

    def give_back(self) -> None:
        """End every visit, and forget it."""
        while self._taken:
            seat = self._taken.pop()
            seat.watch.stop()
            self._forget(seat)
            self._free[seat.kind].append(seat.page)

    def _forget(self, seat: Seat) -> None:
        page = seat.page
        page.unroute_all()
        page.context.set_offline(False)
        page.goto("about:blank")
        page.context.clear_cookies()
        stored = {"origin": self._site, "storageTypes": "local_storage"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]
        page.emulate_media(media="screen", **{name: seat.like[name] for name in LIKE})

    def _make(self, *, plotly: bool, **options: Any) -> Page:
        context = self._browser.new_context(base_url=self._site, viewport=SIZE, **options)  # type: ignore[arg-type]
        context.set_default_timeout(self._patience)
        context.add_init_script(REPORT_REFUSALS)
        if not plotly:
            context.add_init_script(NO_PLOTLY)
        return context.new_page()
