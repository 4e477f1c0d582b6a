"""Settings of a run: refused, filled in, too large for the weights, slow, and called off."""

import re

import pytest
from playwright.sync_api import expect

from course.quiz.models import Answer
from tests.browser.conftest import Visit
from tests.browser.rows import run_of
from tests.browser.visitor import Visitor
from trainer.models import Run


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def reader(visit: Visit, request: pytest.FixtureRequest) -> Visitor:
    """Somebody at the form, with and without scripts."""
    visitor = visit(java_script_enabled=request.param)
    visitor.page.goto("/pipeline/")
    return visitor


def test_a_refused_value_comes_back_with_its_reason(reader: Visitor) -> None:
    reader.watch.expect("422")
    reader.predict(loss="0.42")
    reader.set(lr="-3", epochs="3")
    reader.run_button.click()
    field = reader.ask.get_by_label("Learning rate")
    expect(field).to_have_value("-3")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("above 0"))
    expect(reader.ask.get_by_role("alert")).to_contain_text("No run was made")
    expect(reader.ask.get_by_role("alert")).to_be_focused()
    expect(reader.ask.get_by_label("Epochs")).to_have_value("3")
    expect(reader.ask.get_by_role("radio", checked=True)).to_have_count(1)
    expect(reader.ask.get_by_role("textbox", name="Where will")).to_have_value("0.42")

    reader.set(lr="0.05")
    reader.run_button.click()
    reader.wait_for_run()
    run = run_of(reader.page)
    assert (run.spec["lr"], run.spec["epochs"]) == (0.05, 3)
    assert Answer.objects.filter(learner=run.owner, run=run).count() == 2


def test_a_prediction_that_cannot_be_read_comes_back(reader: Visitor) -> None:
    reader.watch.expect("422")
    reader.predict(loss="rather low")
    reader.run_button.click()
    field = reader.ask.get_by_role("textbox", name="Where will")
    expect(field).to_have_value("rather low")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(reader.ask.get_by_role("radio", checked=True)).to_have_count(1)


def test_a_preset_fills_the_form_and_nothing_else(visitor: Visitor) -> None:
    visitor.page.goto("/pipeline/")
    visitor.predict(loss="0.42")
    visitor.set(seed="9")
    visitor.ask.get_by_role("link", name="published").click()
    expect(visitor.ask.get_by_label("Hidden units")).to_have_value("64")
    expect(visitor.ask.get_by_label("Learning rate")).to_have_value("0.09")
    expect(visitor.ask.get_by_label("Seed")).to_have_value("138")
    expect(visitor.ask.get_by_role("textbox", name="Where will")).to_have_value("0.42")
    expect(visitor.page).to_have_url(re.compile("/pipeline/$"))
    visitor.ask.get_by_role("link", name="iris").click()
    expect(visitor.ask.get_by_label("Data")).to_have_value("iris")
    expect(visitor.ask.get_by_label("Batch size")).to_have_value("20")


def test_choosing_a_data_set_is_enough_to_run_on_it(reader: Visitor) -> None:
    reader.predict()
    reader.set()
    reader.ask.get_by_label("Data").select_option(label="handwritten digits")
    reader.run_button.click()
    reader.wait_for_run()
    spec = run_of(reader.page).spec
    assert (spec["dataset"], spec["rows"]) == ("digits", 1200)
    expect(reader.page.locator("#data-loading")).to_contain_text("1,797 digits written by hand")
    expect(reader.page.locator("#prediction-trace")).to_contain_text("64 scaled features, 8 by 8")


def test_a_batch_larger_than_the_data_set_comes_back_with_the_limit(reader: Visitor) -> None:
    reader.watch.expect("422")
    reader.predict()
    reader.set(batch_size="500")
    reader.ask.get_by_label("Data").select_option(label="wines")
    reader.run_button.click()
    field = reader.ask.get_by_label("Batch size")
    expect(field).to_have_accessible_description(re.compile("between 1 and 118"))
    expect(reader.ask.get_by_label("Data")).to_have_value("wine")


def test_a_run_that_diverges_is_told_as_such(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict()
    visitor.set(lr="1e9")
    visitor.ask.get_by_label("Optimizer").select_option("sgd")
    visitor.run_button.click()
    visitor.wait_for_run()
    assert run_of(page).spec["lr"] == 1e9
    expect(visitor.result).to_contain_text(re.compile("no longer a finite|diverged"))
    expect(page.locator("#training-trace > .scroll tbody tr")).to_have_count(5)
    page.goto(run_of(page).get_absolute_url())
    expect(page.locator("#run")).to_contain_text(re.compile("no longer a finite|diverged"))


SLOW = {"batch_size": "1", "epochs": "2", "hidden": "256"}


def test_a_slow_run_counts_its_steps_and_can_be_called_off(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict()
    visitor.set(**SLOW)
    visitor.run_button.click()
    button = visitor.ask.locator("button[type=submit]")
    expect(button).to_be_disabled()
    expect(button).to_contain_text(re.compile(r"Running, step \d+ of 2000"))
    visitor.ask.get_by_role("button", name="Cancel").click()
    visitor.wait_for_run()
    run = run_of(page)
    assert run.status == Run.Status.STOPPED
    expect(visitor.result).to_contain_text("Cancelled on request.")
    expect(visitor.result).to_be_focused()
    visitor.predict()
    expect(visitor.run_button).to_be_enabled()
    expect(visitor.ask.get_by_role("button", name="Cancel")).to_be_hidden()


def test_a_double_click_makes_one_run(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    visitor.predict()
    visitor.run_button.dblclick()
    visitor.wait_for_run()
    assert Run.objects.filter(owner=run_of(page).owner).count() == 1
    assert visitor.watch.asked.count("POST /pipeline/") == 1


def test_a_double_click_makes_one_run_without_scripts(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.page.goto("/pipeline/")
    visitor.predict()
    visitor.run_button.dblclick(no_wait_after=True)
    visitor.wait_for_run()
    assert Run.objects.filter(owner=run_of(visitor.page).owner).count() == 1
