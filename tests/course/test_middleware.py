"""The id and the line that each request has."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from course.logs import current_request
from course.middleware import RequestLog

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "course.middleware")


def test_a_sane_id_from_the_proxy_is_kept(client: Client) -> None:
    response = client.get("/healthz/live", headers={"X-Request-ID": "Proxy_1.a-b"})
    assert response["X-Request-ID"] == "Proxy_1.a-b"


@pytest.mark.parametrize("given", ["", "a b", "a\tb", "x" * 65, '"}', "é", "a\n", "<b>"])
def test_any_other_is_replaced_by_one_of_its_own(client: Client, given: str) -> None:
    names = {client.get("/healthz/live", headers={"X-Request-ID": given})["X-Request-ID"]}
    names |= {client.get("/healthz/live", headers={"X-Request-ID": given})["X-Request-ID"]}
    assert len(names) == 2
    assert all(len(name) == 16 and name.isalnum() for name in names)


def test_whatever_is_logged_meanwhile_can_tell_the_id_and_nothing_after() -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(current_request.get())
        return HttpResponse()

    response = RequestLog(answer)(RequestFactory().get("/"))
    assert seen == [response["X-Request-ID"]]
    assert current_request.get() == ""


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("/pipeline/?run=secret", "/pipeline/", 404),
        ("/runs/", "/runs/", 200),
        ("/runs/progress/0123456789/", "/runs/progress/<key>/", 200),
        ("/nothing/?secret", "/nothing/", 404),
    ],
)
def test_a_request_has_one_line(
    client: Client, caplog: pytest.LogCaptureFixture, address: str, path: str, status: int
) -> None:
    client.get(address)
    (line,) = [record for record in caplog.records if record.name == "course.middleware"]
    assert line.levelname == "INFO"
    assert line.getMessage() == f"GET {path} {status}"
    facts = vars(line)
    assert (facts["method"], facts["path"], facts["status"]) == ("GET", path, status)
    assert facts["ms"] >= 0


def test_who_asks_for_health_all_the_time_is_not_worth_a_line(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/healthz/live")
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
