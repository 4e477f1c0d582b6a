"""A learner brings a table, trains on it and deletes it: by hand, by keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import stops, tab_to
from tests.tables import csv_of
from trainer.models import Run
from trainer.own_tables import OwnTable

FILE = {"name": "mine.csv", "mimeType": "text/csv", "buffer": csv_of(seed=11)}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_table_is_brought_trained_on_and_deleted(visit: Visit, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts).page
    page.goto("/runs/")
    page.get_by_role("link", name="Bring data of your own").click()
    page.get_by_label("A CSV file").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the data set").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mine")
    expect(page.locator(".lead")).to_have_text("60 rows, 2 columns of numbers, 3 classes.")
    one = page.url
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Run "))
    page.get_by_role("link", name="Open in the pipeline").click()
    expect(page.locator("#data-loading")).to_contain_text("60 rows of a table that a learner")
    expect(page.locator("#ask select[name=dataset]")).to_have_value(re.compile("^csv:"))
    page.goto(one)
    page.get_by_label("Yes, delete this data set and 1 run made on it.").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status").first).to_contain_text("mine is deleted and 1 run with it.")
    table = one.rstrip("/").rpartition("/")[2]
    assert not OwnTable.objects.filter(pk=table).exists()
    assert not Run.objects.filter(table=table).exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_bad_table_comes_back_with_its_reasons(visit: Visit, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    visitor.watch.expect("422")
    page = visitor.page
    page.goto("/lab/data/")
    page.get_by_label("Or its text").fill("width;kind\n" + "1,5;x\n" * 12)
    page.get_by_label("What you call it").fill("my data")
    page.get_by_role("button", name="Add the data set").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Nothing of it was kept")
    field = page.get_by_label("Or its text")
    expect(field).to_have_value(re.compile("^width;kind\n1,5;x\n"))
    expect(field).to_have_accessible_description(re.compile("write it with a point"))
    expect(page.get_by_label("What you call it")).to_have_value("my data")


def test_the_keyboard_alone_brings_and_deletes_one(visit: Visit) -> None:
    page = visit().page
    page.goto("/lab/data/")
    tab_to(page, page.get_by_label("Or its text"))
    page.keyboard.insert_text(csv_of(seed=12).decode())
    tab_to(page, page.get_by_role("button", name="Add the data set"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("pasted table")
    found = stops(page)
    assert [stop["name"] for stop in found if not (stop["ring"] and stop["seen"])] == []
    page.reload()
    tab_to(page, page.get_by_label("Yes, delete this data set."))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("pasted table is deleted.")
