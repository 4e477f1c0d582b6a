"""What a visitor does on the site, in the words of the site. Knows no row of the database."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import Watch

RISES = "No. It will rise now and then, but end lower."
RUN = "Run the loop"


class Visitor:
    """Somebody in front of a page."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch
        self._sent = ""

    # -- the form of a run ----------------------------------------------------------------

    @property
    def ask(self) -> Locator:
        """The form of the next run."""
        return self.page.locator("#ask")

    @property
    def result(self) -> Locator:
        """What came of the run."""
        return self.page.locator("#result")

    @property
    def _nonce(self) -> Locator:
        """The name that the form gives to the run that it asks for."""
        return self.ask.locator("input[name=nonce]")

    @property
    def run_button(self) -> Locator:
        """The button that starts it."""
        return self.ask.get_by_role("button", name=RUN)

    def predict(self, what: str = RISES, loss: str = "0.4") -> None:
        """Answer both questions before the run."""
        self._open("details.again")
        self._sent = self._nonce.input_value()
        self.ask.get_by_role("radio", name=what).check()
        self.ask.get_by_role("textbox", name="Where will the running loss").fill(loss)

    def set(self, **settings: str) -> None:
        """Type settings, by the names of their fields."""
        self._open("details.settings")
        for name, value in settings.items():
            self.ask.locator(f"input[name={name}]").fill(value)

    def _open(self, details: str) -> None:
        folded = self.ask.locator(f"{details}:not([open]) > summary")
        if folded.count():
            folded.click()

    def run(self, **settings: str) -> None:
        """Predict and run, and wait until the page tells that run."""
        self.page.goto("/pipeline/")
        self.predict()
        if settings:
            self.set(**settings)
        self.run_button.click()
        self.wait_for_run()

    def wait_for_run(self) -> None:
        """The result stands, and the rest of the page has turned to it, its form too."""
        expect(self.result.get_by_role("heading", name="Your run")).to_be_visible()
        expect(self.ask.get_by_role("heading", name="Run it again")).to_be_visible()
        expect(self._nonce).not_to_have_value(self._sent)

    # -- questions ------------------------------------------------------------------------

    def question(self, slug: str) -> Locator:
        """The card of a question."""
        return self.page.locator(f"#q-{slug}")

    def answer(self, slug: str, answer: str, sure: str = "Fairly") -> None:
        """Choose an option, or type, say how sure, and send."""
        card = self.question(slug)
        option = card.get_by_role("radio", name=answer, exact=True)
        field = card.locator("input[name=response][type=text]")
        if field.count():
            field.fill(answer)
        else:
            option.check()
        card.get_by_role("radio", name=sure).check(force=True)
        card.get_by_role("button", name=re.compile("Check|Try again")).click()

    def has_focus(self, what: Locator) -> None:
        """Fails where the focus is elsewhere."""
        expect(what).to_be_focused()
