"""The same way without JavaScript: forms post, links open, curves are drawings of the server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.rows import answers_of, figure, run_of
from tests.browser.visitor import Visitor
from trainer.models import Run


@pytest.fixture
def plain(visit: Visit) -> Visitor:
    """Somebody whose browser runs no scripts."""
    return visit(java_script_enabled=False)


@pytest.fixture
def runner(plain: Visitor) -> Visitor:
    """The same, after a run."""
    plain.run()
    return plain


def test_a_run_is_a_page_of_its_own_address(plain: Visitor) -> None:
    plain.run(epochs="3")
    page = plain.page
    expect(page).to_have_url(re.compile(r"/pipeline/\?run=\w{10}#result$"))
    expect(plain.result.locator(".prediction")).to_have_count(2)
    expect(plain.result).to_contain_text("Finished. 30 updates")
    page.reload()
    run = run_of(page)
    assert list(Run.objects.filter(owner=run.owner)) == [run]
    assert [each.question.slug for each in answers_of(page)] == ["p-falls", "p-end"]


def test_nothing_is_shown_that_would_not_work(runner: Visitor) -> None:
    page = runner.page
    expect(page.get_by_role("button", name="colours", include_hidden=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Cancel", include_hidden=True)).to_be_hidden()
    expect(page.locator(".busy:visible")).to_have_count(0)


def test_curves_are_drawings_and_numbers_are_tables(runner: Visitor) -> None:
    page = runner.page
    curves = page.locator("#training-trace > .charts .chart-place > svg")
    expect(curves).to_have_count(2)
    for curve in curves.all():
        box = curve.bounding_box()
        assert box
        assert box["width"] > 200
    expect(page.locator(".plot")).to_have_count(0)
    ended = figure(page, "last_running_loss")
    expect(page.locator("#training-trace > .scroll tbody tr").last).to_contain_text(ended)
    page.get_by_text("Every value as a number").click()
    expect(page.get_by_role("region", name="Every value of this row")).to_be_visible()


def test_answers_are_graded_and_the_reader_comes_back_to_them(runner: Visitor) -> None:
    page, stage = runner.page, runner.page.locator("#data-loading")
    runner.answer("s1-passes", "5")
    expect(page).to_have_url(re.compile("#q-s1-passes$"))
    expect(runner.question("s1-passes")).to_contain_text("An epoch is not one pass.")
    runner.answer("s1-passes", "50")
    expect(stage.locator(".evidence-of-stage")).to_be_visible()
    runner.answer("q-clear", "It runs to its end, and no weight ever moves.")
    expect(page.locator("#quiz")).to_contain_text("1 of 3 points")
    given = [(each.question.slug, each.score) for each in answers_of(page)[2:]]
    assert given == [("s1-passes", 0), ("s1-passes", 1), ("q-clear", 1)]


def test_an_answer_that_cannot_be_read_comes_back(runner: Visitor) -> None:
    runner.watch.expect("422")
    runner.answer("s1-passes", "fifty")
    field = runner.question("s1-passes").get_by_role("textbox")
    expect(field).to_have_value("fifty")
    expect(field).to_have_accessible_description(re.compile("number"))
    expect(field).to_have_attribute("aria-invalid", "true")


def test_show_me_opens_a_stage_and_keeps_what_is_open(runner: Visitor) -> None:
    page = runner.page
    for stage in ("loss", "preprocessing"):
        page.locator(f"#{stage}").get_by_role("link", name="Show me").click()
        expect(page).to_have_url(re.compile(f"#{stage}$"))
    expect(page.locator(".evidence-of-stage")).to_have_count(2)
    page.locator("#row").fill("7")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".evidence-of-stage")).to_have_count(2)


def test_any_row_can_be_followed(runner: Visitor) -> None:
    page = runner.page
    page.locator("#row").fill("7")
    page.locator("#row").press("Enter")
    expect(page.locator("#row")).to_have_value("7")
    page.get_by_role("button", name="Row after").click()
    expect(page.locator("#row")).to_have_value("8")
    page.get_by_role("button", name="Row before").click()
    expect(page.locator("#row")).to_have_value("7")


def test_other_seeds_can_be_run(plain: Visitor) -> None:
    page = plain.page
    plain.run(batch_size="250", epochs="2")
    page.get_by_role("button", name="Run other seeds").click()
    expect(page.locator("#training-trace figcaption").first).to_contain_text("12 other seeds")
    expect(page.get_by_role("button", name="Run other seeds")).to_have_count(0)


def test_a_preset_is_a_link(plain: Visitor) -> None:
    plain.page.goto("/pipeline/")
    plain.ask.locator("summary").click()
    plain.ask.get_by_role("link", name="published").click()
    expect(plain.ask.get_by_label("Hidden units")).to_have_value("64")
    expect(plain.ask.get_by_label("Learning rate")).to_have_value("0.09")
