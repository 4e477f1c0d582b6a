"""Pages of a run on a table whose every name is odd: they render, and nothing becomes markup."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from course.accounts.models import User
from course.lessons.lesson.text import parse
from course.lessons.models import Lesson
from tests.browser.places import EVERYTHING, LESSONS
from tests.staging import browser, text
from tests.tables import ODD_CLASSES, ODD_NAMES, odd_table, run_on
from trainer.own_tables import OwnTable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

KINDS = {
    "a run": "",
    "a failed run": "zero_grad,forward,loss,backward,backward,step",
    "no forward": "zero_grad,loss,backward,step",
}


class Tags(HTMLParser):
    """The tags of a page that names could have brought: none of them is the site's own."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        handlers = [name for name in given if name.startswith("on")]
        elsewhere = "elsewhere" in str(given.get("href"))
        if tag in ("b", "i", "img") or handlers or elsewhere:
            self.odd.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.odd.append(tag)


def pages(run_id: str, table: OwnTable) -> list[str]:
    found = [
        "/", "/lab/data/", f"/lab/data/{table.pk}/", "/runs/", f"/runs/{run_id}/", "/progress/",
        f"/pipeline/?run={run_id}&row=3&{EVERYTHING}",
        f"/runs/{run_id}/steps/1/", f"/runs/{run_id}/predict/?row=3", f"/runs/{run_id}/weights/",
        f"/runs/{run_id}/autopsy/", f"/lab/?run={run_id}", f"/lab/sweeps/?run={run_id}",
    ]  # fmt: skip
    for slug in LESSONS:
        shown = parse(Lesson.objects.get(slug=slug).text).sections
        query = "&".join(f"open={section.slug}" for section in shown)
        found.append(f"/lessons/{slug}/?run={run_id}&{query}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_names_stay_words_on_every_page(kind: str, alice: User) -> None:
    table = odd_table(alice)
    run = run_on(table, KINDS[kind])
    client = browser(alice)
    for at in pages(run.pk, table):
        response = client.get(at)
        assert response.status_code == 200, at
        tags = Tags()
        tags.feed(response.content.decode())
        assert tags.odd == [], at
        assert "<em>bold" not in response.content.decode(), at


def test_names_are_told_whole_and_as_they_are(alice: User) -> None:
    table = odd_table(alice)
    run = run_on(table)
    client = browser(alice)
    for at in (f"/pipeline/?run={run.pk}&{EVERYTHING}", f"/lab/data/{table.pk}/"):
        page = client.get(at).content.decode()
        said = html.unescape(re.sub(r"<[^>]+>", "", page))
        for name in ODD_NAMES[:-1]:
            assert name in said, (at, name)
        for name in ODD_CLASSES:
            assert name in said, (at, name)
    assert table.name in text(client.get(run.get_absolute_url()).content)


def test_what_the_page_says_of_the_data_is_true(alice: User) -> None:
    run = run_on(odd_table(alice))
    said = text(browser(alice).get(f"/pipeline/?run={run.pk}&{EVERYTHING}").content)
    assert "The data are 80 rows of a table that a learner brought, with 6 numbers each." in said
    assert "60 rows to learn from" in said
    first, second, *_ = sorted(ODD_CLASSES)
    assert f"In y, 0 means {first}, 1 {second}" in said


def test_the_document_and_the_scripts_hold_no_name_as_code(alice: User) -> None:
    run = run_on(odd_table(alice))
    client = browser(alice)
    document = json.loads(client.get(f"{run.get_absolute_url()}trace.json").content)
    assert document["data"]["class_names"] == sorted(ODD_CLASSES)
    for name in ("script.py", "exercise.py"):
        script = client.get(f"{run.get_absolute_url()}{name}").content.decode()
        assert not any(odd in script for odd in (*ODD_NAMES, *ODD_CLASSES))
        compile(script, name, "exec")
