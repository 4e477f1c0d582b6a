"""Connections that break, and ways back and forth: nothing is lost, nothing is made twice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.rows import answers_of, run_of
from tests.browser.visitor import RISES, Visitor
from trainer.models import Run

NO_ANSWER = re.compile("No answer came")
UNHEARD = ("net::ERR_", "htmx:(afterRequest|sendError)")
"""What the browser and htmx write into the console where no answer comes."""


@contextmanager
def offline(visitor: Visitor) -> Iterator[None]:
    """Without a network."""
    visitor.watch.expect(*UNHEARD)
    visitor.page.context.set_offline(True)
    yield
    visitor.page.context.set_offline(False)


def test_a_run_that_was_not_sent_is_said_to_be_so_and_can_be_sent_again(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict(loss="0.42")
    visitor.set(epochs="2")
    note = visitor.ask.locator(".unsent")
    with offline(visitor):
        visitor.run_button.click()
        expect(note).to_have_text(NO_ANSWER)
        expect(page.locator("#announcer")).to_have_text(NO_ANSWER)
        expect(visitor.run_button).to_be_focused()
        expect(visitor.ask.get_by_role("radio", name=RISES)).to_be_checked()
        expect(visitor.ask.get_by_role("textbox", name="Where will")).to_have_value("0.42")
        expect(visitor.ask.get_by_label("Epochs")).to_have_value("2")
    visitor.run_button.click()
    visitor.wait_for_run()
    expect(note).to_have_count(0)
    assert Run.objects.filter(owner=run_of(page).owner).count() == 1


def test_a_run_whose_answer_was_lost_is_found_again(visitor: Visitor) -> None:
    """The server has made it and the browser never heard: trying again gives that very run."""
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict()
    visitor.watch.expect(*UNHEARD)
    page.route("/pipeline/", lambda route: (route.fetch(), route.abort("connectionreset")), times=1)
    visitor.run_button.click()
    expect(visitor.ask.locator(".unsent")).to_have_text(NO_ANSWER)
    visitor.run_button.click()
    visitor.wait_for_run()
    assert Run.objects.filter(owner=run_of(page).owner).count() == 1
    assert len(answers_of(page)) == 2


def test_an_answer_that_was_not_sent_is_said_to_be_so(visitor: Visitor) -> None:
    visitor.run()
    card = visitor.question("s1-passes")
    with offline(visitor):
        visitor.answer("s1-passes", "50", "Sure")
        expect(card.locator(".unsent")).to_have_text(NO_ANSWER)
        expect(card.get_by_role("textbox")).to_have_value("50")
        expect(card.get_by_role("radio", name="Sure")).to_be_checked()
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".feedback.right")).to_be_visible()
    assert len(answers_of(visitor.page)) == 3


def test_a_failure_of_the_site_is_said_too(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.watch.expect("500", "Response Status Error Code 500")
    page.route("/pipeline/*", lambda route: route.fulfill(status=500, body="broken"))
    page.locator("#loss").get_by_role("link", name="Show me").click()
    note = page.locator("#loss .unsent")
    expect(note).to_contain_text("The site could not do this just now.")
    page.unroute("/pipeline/*")
    page.locator("#loss").get_by_role("link", name="Show me").click()
    expect(page.locator("#loss .evidence-of-stage")).to_be_visible()
    expect(note).to_have_count(0)


def test_a_site_that_cannot_reach_its_records_says_so_and_keeps_what_is_typed(
    visitor: Visitor,
) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict(loss="0.42")
    visitor.watch.expect("503", "Response Status Error Code 503")
    gone = {"HX-Reswap": "none", "Retry-After": "3"}
    page.route("/pipeline/", lambda route: route.fulfill(status=503, headers=gone, body="<p>No"))
    visitor.run_button.click()
    expect(visitor.ask.locator(".unsent")).to_contain_text("What you typed is still here")
    expect(visitor.ask.get_by_role("textbox", name="Where will")).to_have_value("0.42")
    page.unroute("/pipeline/")
    visitor.run_button.click()
    visitor.wait_for_run()


def test_a_result_whose_page_did_not_come_says_so(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict()
    visitor.watch.expect(*UNHEARD)
    page.route("/pipeline/?run=*", lambda route: route.abort())
    visitor.run_button.click()
    expect(visitor.result.locator(".unsent")).to_contain_text("Reload it.")
    page.unroute("/pipeline/?run=*")
    page.reload()
    visitor.wait_for_run()


def test_back_forward_and_reload_make_nothing(visit: Visit) -> None:
    visitor = visit(plotly=True)
    page = visitor.page
    visitor.run()
    run = run_of(page)
    page.reload()
    visitor.wait_for_run()
    page.go_back()
    expect(page).to_have_url(re.compile("/pipeline/$"))
    expect(visitor.ask).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(re.compile(f"run={run.pk}"))
    visitor.wait_for_run()
    page.goto("/runs/")
    page.go_back()
    visitor.wait_for_run()
    expect(page.get_by_role("button", name="Use dark colours")).to_be_visible()
    expect(page.locator("#training-trace .plot .main-svg").first).to_be_visible()
    assert list(Run.objects.filter(owner=run.owner)) == [run]
    assert len(answers_of(page)) == 2


def test_a_page_that_came_back_asks_once(visitor: Visitor) -> None:
    """Going back loads the page anew, so that no script stands on it twice."""
    page = visitor.page
    visitor.run()
    page.go_back()
    expect(page).to_have_url(re.compile("/pipeline/$"))
    expect(visitor.ask.get_by_role("heading", name="Run it again")).to_be_visible()
    visitor.predict()
    visitor.watch.asked.clear()
    visitor.run_button.click()
    expect(visitor.result).to_be_focused()
    visitor.wait_for_run()
    assert visitor.watch.asked.count("POST /pipeline/") == 1
    assert Run.objects.filter(owner=run_of(page).owner).count() == 2
