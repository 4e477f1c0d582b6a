"""Tries are counted: of a name from an address, of an address, of mails. Then 429, and a wait."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.utils import timezone

from course.accounts import throttle
from course.accounts.models import Throttle, User
from course.accounts.throttle import Bucket
from tests.staging import browser, text

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"
LOGINS = ("/account/sign-in/", "/admin/login/")
TRIES = 10


@pytest.fixture(autouse=True)
def owner() -> User:
    return User.objects.create_superuser("owner", PASSWORD)


def attempt(client: Client, address: str, name: str = "owner", **sent: str) -> int:
    return client.post(address, {"username": name, "password": "wrong"} | sent).status_code


# -- a bucket --------------------------------------------------------------------------------


def test_a_bucket_takes_so_many_and_then_tells_how_long_to_wait() -> None:
    bucket = Bucket("key", 3, timedelta(minutes=1))
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert 55 <= bucket.take() <= 60
    assert Throttle.objects.get().count == 3


def test_a_bucket_is_empty_again_after_its_period() -> None:
    bucket = Bucket("key", 1, timedelta(minutes=1))
    assert bucket.take() == 0
    assert bucket.take() > 0
    Throttle.objects.update(since=timezone.now() - timedelta(seconds=61))
    assert bucket.take() == 0
    assert bucket.take() > 0


def test_a_try_that_was_good_is_given_back_and_never_more() -> None:
    bucket = Bucket("key", 1, timedelta(minutes=1))
    assert bucket.take() == 0
    for _ in range(3):
        bucket.give_back()
    assert [bucket.take() == 0 for _ in range(2)] == [True, False]


def test_a_try_that_one_bucket_refuses_counts_in_none() -> None:
    wide, full = Bucket("wide", 9, timedelta(hours=1)), Bucket("full", 1, timedelta(hours=1))
    assert full.take() == 0
    assert throttle.take([wide, full]) > 0
    assert Throttle.objects.get(key="wide").count == 0


def test_what_is_long_over_is_swept_away() -> None:
    Throttle.objects.create(key="old", since=timezone.now() - 2 * throttle.KEPT)
    Bucket("new", 1, timedelta(hours=1)).take()
    assert [row.key for row in Throttle.objects.all()] == ["new"]


def test_the_table_tells_nobody_s_name_and_no_address() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7")
    throttle.take(throttle.password_tries(request, "owner"))
    stored = str(list(Throttle.objects.values()))
    assert "owner" not in stored
    assert "203.0.113.7" not in stored


@pytest.mark.parametrize("name", ["OWNER", " owner ", "\uff4fwner"])
def test_other_spellings_of_a_name_have_no_tries_of_their_own(name: str) -> None:
    request = RequestFactory().post("/")
    keys = [throttle.password_tries(request, each)[0].key for each in ("owner", name)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("proxy", "sent", "expected"),
    [
        (False, "198.51.100.1", "203.0.113.7"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (True, "", "203.0.113.7"),
    ],
)
def test_an_address_is_believed_only_from_the_proxy(
    settings: LazySettings, proxy: bool, sent: str, expected: str
) -> None:
    settings.HTTPS = proxy
    headers = {"X-Forwarded-For": sent} if sent else {}
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR="203.0.113.7")
    assert throttle.address_of(request) == expected


@pytest.mark.parametrize(
    ("given", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_of_many_addresses_counts_as_one(given: str, counted_as: str) -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=given)
    assert throttle.address_of(request) == counted_as


# -- the doors -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", LOGINS)
def test_a_password_is_not_guessed(address: str) -> None:
    client = browser()
    assert {attempt(client, address) for _ in range(TRIES)} <= {200, 422}
    response = client.post(address, {"username": "owner", "password": PASSWORD})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 600
    assert "Wait 10 minutes" in text(response.content)
    # Nor by the other door, nor in other letters.
    for other in LOGINS:
        assert attempt(browser(), other, "Owner", password=PASSWORD) == 429
    Throttle.objects.update(since=timezone.now() - timedelta(minutes=11))
    assert attempt(client, address, password=PASSWORD) in (302, 303)


def test_others_of_the_same_address_sign_in_meanwhile() -> None:
    for _ in range(TRIES + 1):
        attempt(browser(), LOGINS[0])
    User.objects.create_user("bob", PASSWORD)
    assert attempt(browser(), LOGINS[0], "bob", password=PASSWORD) == 303


def test_the_same_name_signs_in_from_elsewhere_meanwhile() -> None:
    for _ in range(TRIES + 1):
        attempt(browser(), LOGINS[0])
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert attempt(elsewhere, LOGINS[0], password=PASSWORD) == 303


def test_a_name_that_nobody_has_is_throttled_alike() -> None:
    found = [
        [attempt(browser(), LOGINS[0], name) for _ in range(TRIES + 1)]
        for name in ("owner", "nobody")
    ]
    assert found[0] == found[1] == [422] * TRIES + [429]


def test_one_address_does_not_try_a_list_of_names() -> None:
    for number in range(100):
        assert attempt(browser(), LOGINS[0], f"name{number}") == 422
    assert attempt(browser(), LOGINS[0], "another") == 429


def test_signing_in_often_is_no_offence() -> None:
    for _ in range(TRIES + 2):
        assert attempt(browser(), LOGINS[0], password=PASSWORD) == 303


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/account/password/", {"old_password": "wrong"}),
        ("/account/details/", {"username": "bob", "password": "wrong"}),
        ("/account/erase/", {"name": "bob", "password": "wrong"}),
    ],
)
def test_a_computer_left_alone_is_no_place_to_guess(address: str, sent: dict[str, str]) -> None:
    client = browser(User.objects.create_user("bob", PASSWORD))
    assert {client.post(address, sent).status_code for _ in range(TRIES)} == {422}
    response = client.post(address, sent)
    assert response.status_code == 429
    assert response["Retry-After"]


# -- guests ----------------------------------------------------------------------------------


def begin(client: Client, address: str) -> int:
    """Ask for a run that is refused: it makes a guest of a new visitor all the same."""
    return client.post("/runs/", {"lr": "-1"}, REMOTE_ADDR=address).status_code


def test_one_address_has_guests_for_a_large_class_and_no_more() -> None:
    here, elsewhere = "192.0.2.1", "192.0.2.2"
    learner = browser()
    assert begin(learner, here) == 422
    Throttle.objects.filter(count=1).update(count=300)
    response = browser().post("/runs/", {"lr": "-1"}, REMOTE_ADDR=here)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert response["HX-Reswap"] == "none"
    assert "60 minutes" in text(response.content)
    assert User.objects.filter(username=None).count() == 1
    assert begin(learner, here) == 422
    assert begin(browser(), elsewhere) == 422
    Throttle.objects.update(since=timezone.now() - timedelta(hours=1))
    assert begin(browser(), here) == 422
