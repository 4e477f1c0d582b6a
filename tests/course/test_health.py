"""Liveness and readiness."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course import health
from course.lessons.models import Lesson
from tests.staging import nothing_written
from trainer.executors import executor

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(db: None) -> None:
    Lesson.objects.create(slug="loss", title="Loss")


@pytest.mark.usefixtures("lesson")
def test_a_site_with_a_course_is_ready_and_says_so_cheaply(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with nothing_written(), django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_without_a_course_it_is_not_ready(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 503
    reasons = {"database": health.NO_COURSE}
    assert response.json() == {"status": "unavailable", "reasons": reasons}


@pytest.mark.usefixtures("lesson")
def test_without_runners_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor(), "fault", lambda: "None comes up.")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == {"runners": "None comes up."}


def test_a_database_that_does_not_answer_is_told_without_its_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exists() -> bool:
        raise OperationalError("no password for alice at 192.0.2.1")

    monkeypatch.setattr(Lesson.objects, "exists", exists)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["reasons"] == {"database": health.NO_ANSWER}


def test_being_alive_takes_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz/live")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize("address", ["/healthz", "/healthz/live"])
def test_health_is_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code in (200, 503)
