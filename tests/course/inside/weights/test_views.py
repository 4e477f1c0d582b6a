"""The page of the ledger: every number is the replay's, and what is left blank stays blank."""

import re
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from course.accounts.models import User
from course.drawings.numerals import decimal
from course.inside.weights.choosing import ACROSS
from course.inside.weights.one_update import exact
from course.inside.weights.places import farthest, parameters_of
from tests.course.inside.reading import HONEST, NAMES, number, tables, trace_of, values
from tests.staging import browser, nothing_written, short, stored, text, without_trace
from trainer.engine.surveys import REPLAYS
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


def at(run: Run, **query: object) -> str:
    return f"/runs/{run.pk}/weights/" + (f"?{urlencode(query)}" if query else "")


def page_of(name: str, owner: User, /, **query: object) -> bytes:
    response = browser(owner).get(at(stored(trace_of(name), owner), **query))
    assert response.status_code == HTTPStatus.OK
    return bytes(response.content)


def rows_of(page: bytes) -> list[list[str]]:
    found = [rows for label, rows in tables(page).items() if label.startswith("Every update")]
    return found[0][1:] if found else []


def shown(value: float | str | None, held: bool | None) -> str:
    if value is None:
        return "none" if held else "–"
    return decimal(float(value), 6)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_table_is_the_replay_s(name: str, alice: User) -> None:
    trace = trace_of(name)
    if not parameters_of(trace):
        assert "no weights to follow" in text(page_of(name, alice))
        return
    for parameter in parameters_of(trace):
        index = [parameter.rows - 1] + ([0] if parameter.columns is not None else [])
        query = dict(zip(("name", "row", "column"), [parameter.name, *index], strict=False))
        found = REPLAYS["ledger"](trace, [parameter.name, *index])
        rows = []
        for number_ in range(1, -(-len(found["step"]) // 20) + 1):
            rows += rows_of(page_of(name, alice, **query, page=number_)) if found["step"] else []
        assert len(rows) == len(found["step"])
        for here, row in enumerate(rows):
            held = found["held"][here]
            assert row[0] == str(here + 1)
            assert row[4] == shown(found["before"][here], None)
            assert row[5] == shown(found["gradient"][here], held)
            assert row[7] == shown(found["after"][here], None)


@pytest.mark.parametrize("name", NAMES)
def test_any_run_has_a_page_and_any_update_of_it(name: str, alice: User) -> None:
    run, client = stored(trace_of(name), alice), browser(alice)
    updates = trace_of(name).document["updates"] if parameters_of(trace_of(name)) else 0
    assert client.get(at(run)).status_code == HTTPStatus.OK
    for step in {1, updates} - {0}:
        for more in ({}, {"show": 1}, {"try": "0.5"}, {"try": "x"}):
            response = client.get(at(run, step=step, **more))
            assert response.status_code in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
            words = text(response.content)
            for bad in ("None", "[object", "{{", "{%"):
                assert bad not in words.replace(".grad was None", "")


@pytest.mark.parametrize("name", [n for n in HONEST if n not in ("diverged", "not finite")])
def test_a_chosen_update_keeps_its_new_value_back(name: str, alice: User) -> None:
    trace, step = trace_of(name), 3
    place = farthest(trace)
    found = REPLAYS["ledger"](trace, [place.parameter.name, *place.indices])
    after = float(found["after"][step - 1])
    blank = page_of(name, alice, step=step)
    assert rows_of(blank)[-1][0] == str(step)
    assert rows_of(blank)[-1][6:] == ["?", "?"]
    told = text(blank)
    assert exact(after) not in told
    assert "You had" not in told
    whole = page_of(name, alice, step=step, show=1)
    assert exact(after) in text(whole)
    assert len(rows_of(whole)) > step
    assert "try" in values(blank)
    assert "try" not in values(whole)


def test_a_right_answer_is_right_and_shows_all(alice: User) -> None:
    trace = trace_of("sgd")
    place = farthest(trace)
    found = REPLAYS["ledger"](trace, [place.parameter.name, *place.indices])
    after = found["after"][1]
    page = page_of("sgd", alice, step=2, **{"try": f"{after:.6f}"})
    assert "Right." in text(page)
    assert f"You had {after:.6f}." in text(page)
    wrong = page_of("sgd", alice, step=2, **{"try": f"{2 * found['before'][1] - after:.8f}"})
    assert "Not right." in text(wrong)
    assert "the other way" in text(wrong)
    assert exact(after) in text(wrong)


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"name": "0.weight", "row": "99"}, "row", "from 0 to 3: the rows of 0.weight."),
        ({"name": "0.weight", "row": "1", "column": "-1"}, "column", "from 0 to 9: the columns"),
        ({"name": "0.weight", "row": "x" * 50}, "row", "at most 40 characters"),
        ({"name": "0.weight", "row": "\u0661"}, "row", "Must be a whole number"),
        ({"step": "0"}, "step", "from 1 to 4: the updates of this run."),
        ({"step": "5"}, "step", "from 1 to 4"),
        ({"step": "9" * 30}, "step", "from 1 to 4"),
        ({"step": "2", "try": "abc"}, "try", "Must be a number"),
        ({"step": "2", "try": ""}, "try", "Type a number."),
        ({"step": "2", "try": "nan"}, "try", "Must be a number"),
        ({"step": "2", "try": "0,5"}, "try", "Write a point"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(
    query: dict[str, str], field: str, words: str, alice: User
) -> None:
    run = stored(short(), alice)
    response = browser(alice).get(at(run, **query))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert words in text(response.content)
    assert values(response.content)[field] == query[field]


def test_a_name_that_is_none_is_refused(alice: User) -> None:
    response = browser(alice).get(at(stored(short(), alice), name="1.weight"))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "Must be one of 0.weight, 0.bias, 2.weight, 2.bias." in text(response.content)


def test_the_map_leads_to_every_cell(alice: User) -> None:
    """By links within it, and from one part of a large tensor to the next."""
    for name, most in (("calm", 16 * 10), ("digits", 64)):
        page = page_of(name, alice).decode()
        cells = re.findall(r'<a href="[^"]*name=0.weight[^"]*" aria-label="0.weight\[', page)
        assert len(cells) == most
        assert page.count('tabindex="0"') - page.count('role="') <= 1
    trace = trace_of("digits")
    rows = parameters_of(trace)[0].rows
    page = page_of("digits", alice, name="0.weight", row=5, column=7).decode()
    assert "row=4&amp;column=7" in page
    assert "row=6&amp;column=7" in page
    last = page_of("digits", alice, name="0.weight", row=rows - 1, column=7).decode()
    assert "Rows after" not in last
    assert parameters_of(trace)[0].columns == 64 > ACROSS


def test_a_bias_has_one_index(alice: User) -> None:
    page = page_of("calm", alice, name="2.bias", row=2, column=7)
    assert "2.bias[2]" in text(page)
    assert "2.bias[2, 7]" not in text(page)


def test_a_tensor_that_the_optimizer_does_not_hold_is_said_to_be_so(alice: User) -> None:
    page = text(page_of("new head", alice, name="2.weight", row=0, column=0, step=1))
    assert "The optimizer does not hold this tensor" in page


def test_a_run_that_left_nothing_says_so(alice: User) -> None:
    for status in ("interrupted", "refused"):
        run = without_trace(alice, status)
        response = browser(alice).get(at(run))
        assert response.status_code == HTTPStatus.OK
        assert "no weight to follow" in text(response.content)


def test_without_a_runner_the_page_says_so(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object) -> Trace:
        raise Busy(3)

    run = stored(short(seed=77), alice)
    monkeypatch.setattr(executor(), "replay", busy)
    response = browser(alice).get(at(run))
    assert response.status_code == HTTPStatus.OK
    assert "every runner is busy" in text(response.content)


def test_looking_asks_little_and_writes_nothing(alice: User) -> None:
    run, client = stored(trace_of("calm"), alice), browser(alice)
    for query in ({}, {"step": 3}, {"step": 3, "try": "1"}):
        with nothing_written(), CaptureQueriesContext(connection) as asked:
            assert client.get(at(run, **query)).status_code == HTTPStatus.OK
        assert len(asked) <= MOST_QUERIES


def test_the_page_of_a_run_leads_there_where_there_are_weights(alice: User) -> None:
    for name, there in (("calm", True), ("linear", True), ("no model", False)):
        run = stored(trace_of(name), alice)
        page = browser(alice).get(run.get_absolute_url()).content.decode()
        assert (f'href="{at(run)}"' in page) == there


def test_another_person_s_run_is_not_there(alice: User, bob: User) -> None:
    run = stored(short(), alice)
    for client in (browser(bob), Client()):
        assert client.get(at(run)).status_code == HTTPStatus.NOT_FOUND


def test_numbers_of_facts_are_the_recorded_ones(alice: User) -> None:
    page = text(page_of("calm", alice, name="0.weight", row=3, column=1, step=7))
    found = REPLAYS["ledger"](trace_of("calm"), ["0.weight", 3, 1])
    was = found["was"]
    for value in (found["before"][6], found["gradient"][6], was["m"][6], was["v"][6]):
        assert exact(value) in page
        assert number(exact(value)) == pytest.approx(value, rel=1e-8)
