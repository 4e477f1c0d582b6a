"""From a guest to an account, and on to another device: nothing is lost, all counts once."""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from course.accounts.models import User
from course.quiz.models import Answer
from tests.browser.conftest import Visit
from tests.browser.rows import run_of
from tests.browser.test_accessibility import found
from tests.browser.visitor import Visitor
from trainer.models import Run

PASSWORD = "a-long-password"
COMES_DOWN = "It comes down over the epochs, and rises from one batch to the next now and then."
NAMES = (f"learner-{number}" for number in itertools.count(1))


class Learner(Visitor):
    """A visitor who knows the way to the account."""

    @classmethod
    def like(cls, visitor: Visitor) -> "Learner":
        """The same person in front of the same page."""
        return cls(visitor.page, visitor.watch)

    @property
    def who(self) -> Locator:
        """What the header calls them."""
        return self.page.locator(".masthead .who")

    def fill(self, **fields: str) -> None:
        """Type into fields by their names, and send the form."""
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]").fill(text)
        self.page.locator("main form button[type=submit]").click()

    def sign_up(self, name: str) -> None:
        """From the header to the form, and through it."""
        self.who.click()
        self.page.get_by_role("link", name="Sign up").click()
        self.fill(username=name, password1=PASSWORD, password2=PASSWORD)

    def sign_in(self, name: str) -> None:
        """From the header of any page."""
        self.page.goto("/account/sign-in/")
        self.fill(username=name, password=PASSWORD)


Come = Callable[[], Learner]


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def come(request: pytest.FixtureRequest, visit: Visit) -> Come:
    """Let learners come, with and without JavaScript."""
    return lambda: Learner.like(visit(java_script_enabled=request.param))


def test_a_guest_signs_up_and_finds_everything_on_another_device(come: Come) -> None:
    name, first = next(NAMES), come()
    first.run()
    here = run_of(first.page)
    first.answer("s1-passes", "50")
    expect(first.question("s1-passes").locator(".feedback.right")).to_be_visible()
    first.page.goto("/progress/")
    expect(first.who).to_have_text("Guest")
    expect(first.page.locator(".lead")).to_contain_text("You are a guest")
    first.sign_up(name)
    expect(first.page).to_have_url(re.compile("/progress/$"))
    expect(first.page.get_by_role("status").first).to_contain_text("is yours")
    expect(first.who).to_contain_text(name)
    expect(first.page.locator(".lead")).to_contain_text(re.compile(r"1 of \d+ points"))

    second = come()
    second.run(seed="7")
    there = run_of(second.page)
    second.answer("q-progress", COMES_DOWN)
    expect(second.question("q-progress").locator(".feedback.right")).to_be_visible()
    second.sign_in(name)
    page = second.page
    expect(page.get_by_role("status").first).to_contain_text("is yours")
    expect(page.locator(".lead")).to_contain_text(re.compile(r"2 of \d+ points"))
    for region in ("Predictions and what happened", "Figures of the latest runs"):
        for run in (here, there):
            expect(page.get_by_role("region", name=region)).to_contain_text(run.badge)

    account = User.objects.get(username=name)
    assert account.pk == here.owner_id
    assert set(Run.objects.filter(owner=account)) == {here, there}
    assert there.owner_id
    assert not User.objects.filter(pk=there.owner_id).exists()
    assert Answer.objects.filter(learner=account).count() == 6
    # The first device sees it, too, and each run opens.
    first.page.goto(there.get_absolute_url())
    expect(first.page.get_by_role("heading", level=1)).to_have_text(f"Run {there.badge}")


def test_an_account_leaves_comes_back_and_is_erased(come: Come, tmp_path: Path) -> None:
    name, learner = next(NAMES), come()
    page = learner.page
    page.goto("/progress/")
    expect(page.get_by_role("heading", name="Nothing to show yet")).to_be_visible()
    learner.who.click()
    page.get_by_role("link", name="Sign up").click()
    learner.fill(username=name, password1=PASSWORD, password2=PASSWORD)
    learner.who.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status").first).to_contain_text("signed out")
    expect(learner.who).to_have_text("Sign in")
    learner.sign_in(name.upper())
    learner.who.click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Take it along").click()
    coming.value.save_as(tmp_path / "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text("utf-8"))["profile"]["name"] == name
    page.get_by_role("link", name="Erase everything").click()
    learner.fill(name=name, password=PASSWORD)
    expect(page.get_by_role("status").first).to_contain_text("is erased")
    expect(learner.who).to_have_text("Sign in")
    assert not User.objects.filter(username=name).exists()


def test_axe_finds_nothing_where_a_form_came_back(visit: Visit) -> None:
    learner = Learner.like(visit(color_scheme="dark"))
    learner.watch.expect("status of 422")
    page = learner.page
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto("/account/sign-up/")
    learner.fill(username="no body", password1="short", password2="other")
    errors = page.locator(".errorlist li")
    expect(errors).to_have_count(2)
    assert found(page) == []
    described = page.locator("[name=username]").get_attribute("aria-describedby")
    assert "id_username_error" in str(described)
    expect(page.locator("[name=username]")).to_have_value("no body")
    page.goto("/account/sign-in/")
    learner.fill(username="nobody", password="wrong")
    expect(page.get_by_role("alert")).to_be_focused()
    assert found(page) == []


def test_too_many_tries_are_told_to_wait(visit: Visit) -> None:
    learner = Learner.like(visit())
    learner.watch.expect("status of 4(22|29)")
    for _ in range(11):
        learner.page.goto("/account/sign-in/")
        learner.fill(username="too-many", password="wrong")
    expect(learner.page.get_by_role("heading", level=1)).to_have_text("Too many tries")
    assert found(learner.page) == []
    learner.page.get_by_role("link", name="Back to the form").click()
    expect(learner.page.get_by_role("button", name="Sign in")).to_be_visible()
