"""The account's own page, its details, and the way out for good."""

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts import people
from course.accounts.forms import NOT_YOURS, TAKEN
from course.accounts.models import User
from course.accounts.people import NameTakenError, NoLongerGuestError
from course.quiz.models import Answer
from tests.staging import browser, nothing_changed, nothing_written, short, stored, text
from trainer.models import Run, StoredTrace

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"
DETAILS, ERASE = "/account/details/", "/account/erase/"


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", PASSWORD, "alice@example.org")


@pytest.fixture
def guest() -> User:
    return User.objects.create_guest()


# -- who I am --------------------------------------------------------------------------------


def test_the_page_says_who_somebody_is(alice: User, guest: User) -> None:
    for person, said in ((None, "Nothing is stored about you"), (guest, "You are a guest")):
        assert said in text(browser(person).get("/account/").content)
    page = text(browser(alice).get("/account/").content)
    assert "alice@example.org" in page
    assert "Sign out" in page
    assert "Admin site" not in page


def test_the_page_leads_staff_to_the_admin_site() -> None:
    page = browser(User.objects.create_superuser("owner", PASSWORD)).get("/account/")
    assert 'href="/admin/"' in page.content.decode()


def test_looking_takes_three_queries_and_writes_nothing(
    alice: User, guest: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for person, count in ((alice, 3), (guest, 3), (None, 0)):
        client = browser(person)
        with nothing_written():
            client.get("/account/")
        with django_assert_num_queries(count):
            assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("address", ["/runs/", "/progress/", "/pipeline/", "/nowhere/"])
def test_every_page_says_who_is_there(address: str, alice: User, guest: User) -> None:
    for person, said in ((None, "Sign in"), (guest, "Guest"), (alice, "alice")):
        page = browser(person).get(address).content.decode()
        header = page[page.index("<header") : page.index("</header>")]
        assert said in text(header)


def test_a_name_is_inert_and_does_not_burst_the_header() -> None:
    person = User.objects.create_user("x" * 64, PASSWORD)
    page = browser(person).get("/runs/").content.decode()
    assert "x" * 64 not in page[: page.index("</header>")]
    User.objects.filter(pk=person.pk).update(username="<b>bold</b>")
    assert "<b>bold" not in browser(person).get("/account/").content.decode()


# -- details ---------------------------------------------------------------------------------


def test_name_and_email_are_changed(alice: User) -> None:
    client = browser(alice)
    sent = {"username": "Alice", "email": "a@EXAMPLE.org", "password": PASSWORD}
    assert client.post(DETAILS, sent)["Location"] == "/account/"
    alice.refresh_from_db()
    assert (alice.username, alice.email) == ("Alice", "a@example.org")
    assert "Your details are changed." in text(client.get("/account/").content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, NOT_YOURS),
        ({"password": ""}, "required"),
        ({"username": "BOB"}, TAKEN),
        ({"username": ""}, "required"),
        ({"username": "al ice"}, "valid username"),
        ({"email": "nowhere"}, "valid email"),
    ],
)
def test_details_are_not_changed_like_that(alice: User, change: dict[str, str], said: str) -> None:
    User.objects.create_user("bob", PASSWORD)
    client = browser(alice)
    before = list(User.objects.values())
    sent = {"username": "eve", "email": "eve@example.org", "password": PASSWORD} | change
    response = client.post(DETAILS, sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in text(page)
    assert f'value="{sent["email"]}"' in page
    # Who is signed in has not changed, whatever was typed.
    assert "alice" in text(page[: page.index("</header>")])
    assert list(User.objects.values()) == before


def test_what_else_is_sent_is_ignored(alice: User) -> None:
    sent = {"username": "alice", "email": "", "password": PASSWORD, "is_staff": "on", "handle": "x"}
    browser(alice).post(DETAILS, sent)
    before, handle = alice.is_staff, alice.handle
    alice.refresh_from_db()
    assert (alice.is_staff, alice.handle, alice.email) == (before, handle, "")


# -- rules without a page --------------------------------------------------------------------


def test_a_name_that_is_taken_in_the_meantime_changes_nothing(alice: User, guest: User) -> None:
    wanted = User(username="ALICE", password="!")
    for person in (guest, None):
        with nothing_changed(), pytest.raises(NameTakenError):
            people.sign_up(person, wanted)
    bob = User.objects.create_user("bob", PASSWORD)
    bob.username = "ALICE"
    with nothing_changed(), pytest.raises(NameTakenError) as error:
        people.change(bob)
    assert isinstance(error.value.__cause__, IntegrityError)


def test_a_guest_becomes_one_account(guest: User) -> None:
    people.sign_up(guest, User(username="alice", password="!"))
    for gone in (guest, User(pk=0)):
        with nothing_changed(), pytest.raises(NoLongerGuestError):
            people.sign_up(gone, User(username="eve", password="!"))


# -- erasing ---------------------------------------------------------------------------------


def confirmed(person: User) -> dict[str, str]:
    return {"sure": "on"} if person.is_guest else {"name": "Alice", "password": PASSWORD}


@pytest.mark.parametrize("as_guest", [True, False])
def test_a_person_goes_with_everything_of_theirs(alice: User, guest: User, as_guest: bool) -> None:
    person, other = (guest, alice) if as_guest else (alice, guest)
    for owner in (person, other):
        stored(short(), owner)
    client: Client = browser(person)
    with nothing_written():
        assert client.get(ERASE).status_code == 200
    assert client.post(ERASE, confirmed(person))["Location"] == "/account/"
    assert list(User.objects.all()) == [other]
    assert [run.owner for run in Run.objects.all()] == [other]
    assert not Answer.objects.exists()
    assert not Session.objects.exists()
    page = text(client.get("/account/").content)
    assert "Everything of yours is erased." in page
    assert "Nothing is stored about you" in page
    # A trace is no person's: others may share it.
    assert StoredTrace.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"name": "alice"}, {"password": PASSWORD}, {"sure": "on"}])
def test_an_account_is_not_erased_by_accident(alice: User, sent: dict[str, str]) -> None:
    with_wrong = {"name": "alice", "password": "wrong"}, {"name": "bob", "password": PASSWORD}
    for each in (sent, *with_wrong):
        assert browser(alice).post(ERASE, each).status_code == 422
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_guest_is_not_erased_without_a_word(guest: User) -> None:
    assert browser(guest).post(ERASE).status_code == 422
    assert User.objects.filter(pk=guest.pk).exists()


def test_nobody_has_nothing_to_erase() -> None:
    with nothing_written():
        assert browser().get(ERASE)["Location"] == "/account/"
        assert browser().post(ERASE, {"sure": "on"})["Location"] == "/account/"


def test_staff_do_not_erase_themselves() -> None:
    owner = User.objects.create_superuser("alice", PASSWORD)
    client = browser(owner)
    with nothing_changed():
        assert client.get(ERASE).status_code == 403
        assert client.post(ERASE, confirmed(owner)).status_code == 403
