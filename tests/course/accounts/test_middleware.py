"""Reading makes nobody. The first write makes one guest and signs the session in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from course.accounts.middleware import LearnerOnReadError
from course.accounts.models import User
from trainer.requests import LearnerRequest

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def who(request: LearnerRequest) -> HttpResponse:
    """Look at the learner, three times, and write nothing."""
    names = {str(request.learner) for _ in range(3)}
    return HttpResponse(", ".join(names))


def write(request: LearnerRequest) -> HttpResponse:
    """Do what a view that stores something does, twice in one request."""
    assert request.ensure_learner() == request.ensure_learner() == request.learner
    return HttpResponse(str(request.learner))


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def keep(request: HttpRequest) -> HttpResponse:
    """Store something in a session that belongs to nobody."""
    request.session["kept"] = "yes"
    return HttpResponse()


urlpatterns = [
    path("who/", who),
    path("write/", write),
    path("form/", form),
    path("keep/", keep),
]


@pytest.fixture
def guest(client: Client) -> User:
    """The guest that the client's session belongs to."""
    client.post("/write/")
    return User.objects.get()


def session_key(client: Client) -> str:
    return client.cookies["sessionid"].value


def test_reading_writes_nothing_and_asks_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/who/")
    assert response.content == b"None"
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()
    assert not User.objects.exists()


def test_the_first_write_makes_one_guest_and_the_next_finds_it(client: Client) -> None:
    client.post("/write/")
    client.post("/write/")
    guest = User.objects.get()
    assert guest.is_guest
    assert Session.objects.count() == 1
    assert client.get("/who/").content.decode() == str(guest)


def test_reading_as_somebody_costs_the_session_and_one_user(
    client: Client, guest: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert client.get("/who/").content.decode() == str(guest)


def test_the_session_key_rotates_when_a_guest_is_made(client: Client) -> None:
    client.get("/keep/")
    before = session_key(client)
    client.post("/write/")
    assert session_key(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    assert client.session["kept"] == "yes"


def test_a_planted_session_key_is_not_taken_over(client: Client) -> None:
    client.cookies["sessionid"] = "planted-by-somebody-else-0000000"
    client.post("/write/")
    assert session_key(client) != "planted-by-somebody-else-0000000"


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_a_request_that_may_not_write_gets_no_learner(client: Client, method: str) -> None:
    with pytest.raises(LearnerOnReadError, match="/write/"):
        getattr(client, method)("/write/")
    assert not User.objects.exists()


def test_the_page_that_made_the_guest_may_post_again() -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/form/").content.decode()
    for _ in range(2):
        response = client.post("/write/", {"csrfmiddlewaretoken": token})
        assert response.status_code == 200
    assert User.objects.count() == 1


def test_a_write_without_a_token_is_refused_and_makes_nobody() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/write/").status_code == 403
    assert not User.objects.exists()


def test_an_account_keeps_its_session(client: Client) -> None:
    account = User.objects.create_user("alice", "secret")
    client.force_login(account)
    assert client.post("/write/").content == b"alice"
    assert list(User.objects.all()) == [account]


def test_signing_in_leaves_the_session_of_the_guest_behind(client: Client, guest: User) -> None:
    before = session_key(client)
    client.force_login(User.objects.create_user("alice", "secret"))
    assert session_key(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    assert User.objects.filter(pk=guest.pk).exists()


def test_a_session_of_somebody_deleted_belongs_to_nobody(client: Client, guest: User) -> None:
    guest.delete()
    assert client.get("/who/").content == b"None"
    client.post("/write/")
    assert User.objects.get().pk != guest.pk


def test_somebody_switched_off_is_nobody(client: Client, guest: User) -> None:
    User.objects.update(is_active=False)
    assert client.get("/who/").content == b"None"


@pytest.mark.parametrize(("minutes", "noted"), [(4, False), (6, True)])
def test_being_seen_is_noted_at_most_every_five_minutes(
    client: Client, guest: User, minutes: int, *, noted: bool
) -> None:
    before = timezone.now() - timedelta(minutes=minutes)
    User.objects.update(last_seen=before)
    client.post("/write/")
    guest.refresh_from_db()
    assert (guest.last_seen > before) is noted


def test_reading_is_not_noted(client: Client, guest: User) -> None:
    before = timezone.now() - timedelta(days=1)
    User.objects.update(last_seen=before)
    client.get("/who/")
    guest.refresh_from_db()
    assert guest.last_seen == before
