"""Bring a table, look at what was understood, delete it: what a browser sends and is told."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from course.accounts.models import User
from course.lab.data.views import MAX_BODY, TOO_LARGE
from tests.forms import form_of
from tests.staging import browser, nothing_changed, text
from tests.tables import csv_of, own_table, run_on
from trainer.models import Run
from trainer.own_tables import OwnTable
from trainer.tables import MOST

pytestmark = pytest.mark.django_db

AT = "/lab/data/"
BAD = b"a,b\n1,x\nno,x\n"


def upload(raw: bytes, name: str = "penguins.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw, content_type="text/csv")


def page_of(client: Client, at: str) -> str:
    response = client.get(at)
    assert response.status_code == HTTPStatus.OK
    return text(response.content)


# -- bringing one ----------------------------------------------------------------------------


def test_a_visitor_brings_a_file_and_becomes_a_guest() -> None:
    client = Client()
    assert "A new data set" in page_of(client, AT)
    assert not User.objects.exists()
    response = client.post(AT, {"file": upload(csv_of(rows=60))})
    table = OwnTable.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{AT}{table.pk}/")
    assert (table.name, table.owner.is_guest) == ("penguins", True)
    said = page_of(client, f"{AT}{table.pk}/")
    assert "60 rows, 2 columns of numbers, 3 classes." in said
    assert "45 rows are there to train on. 15 rows, one in four, are held out" in said
    assert "The class, kind" in said
    assert "x[0] width" in said
    assert "0 left 20" in said


def test_pasted_text_does_as_well(alice: User) -> None:
    sent = {"text": csv_of().decode().replace(",", "\t"), "name": " my  table\x07", "label": "kind"}
    assert browser(alice).post(AT, sent).status_code == 303
    assert OwnTable.objects.get().name == "my table"


def test_the_same_file_again_is_the_same_data_set(alice: User) -> None:
    client, names = browser(alice), ("one.csv", "two.csv")
    answers = [client.post(AT, {"file": upload(csv_of(), name)}) for name in names]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert OwnTable.objects.get().name == "one"
    assert "You have this data set already" in page_of(client, answers[1]["Location"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\data\\x.csv", "x"),
        ("n" * 200 + ".csv", "n" * 60),
        ("<script>.csv", "<script>"),
        (".csv", ".csv"),
        ("\u202e.csv", ".csv"),
    ],
)
def test_a_data_set_is_called_like_its_file(alice: User, name: str, shown: str) -> None:
    client = browser(alice)
    client.post(AT, {"file": upload(csv_of(), name)})
    assert OwnTable.objects.get().name.endswith(shown)
    assert "<script>." not in client.get(AT).content.decode()


# -- what is refused -------------------------------------------------------------------------


def test_a_bad_file_is_told_why_and_nothing_of_it_is_kept(alice: User) -> None:
    for client in (Client(), browser(alice)):
        with nothing_changed():
            response = client.post(AT, {"file": upload(BAD), "name": "kept", "label": "b"})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "sessionid" not in response.cookies
        said = text(response.content)
        assert "Row 3, column a: 'no' is no number." in said
        assert "Nothing of it was kept." in said
        form = form_of(response.content, action=AT)
        assert (form["name"], form["label"]) == ("kept", "b")


def test_pasted_text_comes_back_with_its_reasons(alice: User) -> None:
    pasted = "a,b\n" + "<script>,x\n" * 40
    client = browser(alice)
    with nothing_changed():
        response = client.post(AT, {"text": pasted})
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.count("&lt;script&gt;,x") == 40
    assert "<script>," not in page
    assert "And 30 more like these." in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": ""},
        {"text": "a,b\x00"},
        {"text": csv_of().decode(), "label": "nothing"},
        {"text": csv_of().decode(), "label": "n" * 99},
        {"text": csv_of().decode(), "name": "n" * 99},
        {"text": "x," * 100_000 + "y"},
        {"file": "no file"},
    ],
    ids=["none", "empty", "nul", "no such class", "long class", "long name", "large", "no file"],
)
def test_what_cannot_be_read_is_422(alice: User, sent: dict[str, str]) -> None:
    client = browser(alice)
    with nothing_changed():
        response = client.post(AT, sent)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'class="errorlist"' in response.content.decode()


def test_a_file_and_text_are_one_too_many(alice: User) -> None:
    client = browser(alice)
    with nothing_changed():
        response = client.post(AT, {"file": upload(csv_of()), "text": "a,b"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Send one of the two." in text(response.content)


def test_a_huge_body_is_refused_before_it_is_read(alice: User) -> None:
    class Unreadable:
        """A body that must not be looked at."""

        def read(self, *_: int) -> bytes:
            raise AssertionError("The body was read.")

        readline = read

    huge: Any = {"CONTENT_LENGTH": str(MAX_BODY + 1), "wsgi.input": Unreadable()}
    for client in (Client(enforce_csrf_checks=True), browser(alice)):
        with nothing_changed():
            response = client.post(AT, **huge)
        assert response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert TOO_LARGE in text(response.content)


def test_a_large_table_within_the_limits_is_taken(alice: User) -> None:
    names = tuple(f"column {index}" for index in range(12))
    raw = csv_of((*names, "kind"), rows=1500)
    assert len(raw) < 200_000
    assert browser(alice).post(AT, {"file": upload(raw)}).status_code == 303


def test_a_post_without_its_token_is_refused(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    with nothing_changed():
        response = client.post(AT, {"file": upload(csv_of())})
    assert response.status_code == HTTPStatus.FORBIDDEN


def test_there_is_a_limit_and_it_is_told(alice: User) -> None:
    for seed in range(MOST):
        own_table(alice, f"table {seed}", csv_of(seed=seed))
    client = browser(alice)
    assert f"{MOST} of {MOST}, the most" in page_of(client, AT)
    with nothing_changed():
        response = client.post(AT, {"text": csv_of(seed=99).decode(), "name": "kept"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert f"You have {MOST} data sets" in text(response.content)
    assert form_of(response.content, action=AT)["name"] == "kept"


# -- training on it --------------------------------------------------------------------------


def test_its_page_offers_a_run_on_it(alice: User) -> None:
    table, client = own_table(alice), browser(alice)
    page = client.get(f"{AT}{table.pk}/").content
    response = client.post("/runs/", form_of(page, action="/runs/"))
    assert response.status_code == HTTPStatus.SEE_OTHER
    run = Run.objects.get()
    assert (run.status, run.table) == ("finished", table)
    said = client.get(run.get_absolute_url()).content.decode()
    assert f'href="{AT}{table.pk}/"' in said
    assert run.badge in page_of(client, f"{AT}{table.pk}/")


# -- deleting it -----------------------------------------------------------------------------


def test_it_is_said_what_goes_with_it_and_asked_once_more(alice: User) -> None:
    table, client = own_table(alice, "mine"), browser(alice)
    at = f"{AT}{table.pk}/"
    assert "Yes, delete this data set." in page_of(client, at)
    run_on(table)
    run_on(table, seed="2")
    assert "Yes, delete this data set and 2 runs made on it." in page_of(client, at)
    with nothing_changed():
        response = client.post(at)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Tick this first." in text(response.content)
    response = client.post(at, {"sure": "on"})
    assert (response.status_code, response["Location"]) == (303, AT)
    assert "mine is deleted and 2 runs with it." in page_of(client, AT)
    assert client.post(at, {"sure": "on"}).status_code == HTTPStatus.NOT_FOUND


def test_what_the_site_holds_of_one_tells_the_tables(alice: User, bob: User) -> None:
    table, client = own_table(alice, "mine"), browser(alice)
    run = run_on(table)
    own_table(bob, "theirs")
    told = client.get("/account/export.json").json()
    (data_set,) = told["data_sets"]
    assert (data_set["name"], data_set["table"]) == ("mine", table.text)
    assert told["runs"][0]["data_set"] == table.pk == run.table_id
