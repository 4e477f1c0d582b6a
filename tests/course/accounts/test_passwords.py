"""Another password, or a new one by mail, without telling who has an account."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.models import Session
from django.core import mail
from django.utils.http import urlsafe_base64_encode

from course.accounts.mail import THREAD
from course.accounts.models import User
from tests.staging import browser, nothing_changed, nothing_written, text

pytestmark = pytest.mark.django_db

OLD, NEW = "a-long-password", "another-long-one"
FORGOTTEN, CHANGE = "/account/password/forgotten/", "/account/password/"
WANTED = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", OLD, "alice@example.org")


def ask(email: str) -> list[str]:
    """Ask for a mail; the bodies of those that were sent."""
    response = browser().post(FORGOTTEN, {"email": email})
    assert (response.status_code, response["Location"]) == (303, "/account/password/sent/")
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join()
    sent = [str(each.body) for each in mail.outbox]
    mail.outbox.clear()
    return sent


def link_of(body: str) -> str:
    found = re.search(r"http://testserver(/\S+)", body)
    assert found
    return found[1]


@pytest.fixture
def link(alice: User) -> str:
    (body,) = ask("alice@example.org")
    return link_of(body)


# -- by mail ---------------------------------------------------------------------------------


def test_a_mail_leads_to_a_new_password(alice: User, link: str) -> None:
    client = browser()
    with nothing_written():
        page = client.get(link)
    assert "For the account alice." in text(page.content)
    assert "sessionid" not in client.cookies
    assert client.post(link, WANTED)["Location"] == "/account/sign-in/"
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert "Your new password is set." in text(client.get("/account/sign-in/").content)


def test_a_link_works_once(link: str) -> None:
    browser().post(link, WANTED)
    with nothing_changed():
        for response in (browser().get(link), browser().post(link, WANTED)):
            assert response.status_code == 404
            assert "This link is over" in text(response.content)


def test_a_link_is_over_after_three_days(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now() + timedelta(days=4)  # noqa: DTZ005 (as Django's generator counts)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    assert browser().get(link).status_code == 404


def test_a_link_is_over_after_signing_in(link: str) -> None:
    browser().post("/account/sign-in/", {"username": "alice", "password": OLD})
    assert browser().get(link).status_code == 404


@pytest.mark.parametrize("field", [{"is_active": False}, {"email": "eve@example.org"}])
def test_a_link_is_over_when_the_account_is_another_one(
    link: str, field: dict[str, object]
) -> None:
    User.objects.update(**field)
    assert browser().get(link).status_code == 404


@pytest.mark.parametrize("uid", ["OTk5OTk", "x", "%00", "_", "é", "A" * 500])
def test_a_link_of_nobody_is_refused(link: str, uid: str) -> None:
    with nothing_written():
        assert browser().get(f"/account/password/{uid}/{link.split('/')[4]}/").status_code == 404


def test_a_link_is_its_account_s_alone(link: str) -> None:
    bob = User.objects.create_user("bob", OLD)
    token = link.split("/")[4]
    uid = urlsafe_base64_encode(str(bob.pk).encode())
    changed = token[:-1] + ("1" if token[-1] == "0" else "0")
    for address in (f"/account/password/{uid}/{token}/", link.replace(token, changed)):
        with nothing_written():
            assert browser().get(address).status_code == 404
            assert browser().post(address, WANTED).status_code == 404


def test_the_answer_is_the_same_for_an_address_that_nobody_has(alice: User) -> None:
    # Status and place are compared in `ask`.
    assert len(ask("alice@example.org")) == 1
    assert ask("nobody@example.org") == []


@pytest.mark.parametrize("email", ["", "nowhere", "\0@example.org"])
def test_what_is_no_address_is_said_to_be_none(email: str) -> None:
    assert browser().post(FORGOTTEN, {"email": email}).status_code == 422


def test_guests_and_those_switched_off_get_no_mail() -> None:
    User.objects.create_guest()
    User.objects.create_user("bob", OLD, "bob@example.org")
    User.objects.update(is_active=False)
    assert ask("bob@example.org") == []


def test_every_account_of_an_address_gets_its_link(alice: User) -> None:
    User.objects.create_user("alice2", OLD, "Alice@example.org")
    bodies = ask("alice@EXAMPLE.org")
    assert {link_of(body).split("/")[3] for body in bodies} != {""}
    assert len(bodies) == 2
    assert any("account alice2 on testserver" in body for body in bodies)


def test_nobody_s_mailbox_is_flooded(alice: User) -> None:
    for email in ("alice@example.org", "nobody@example.org"):
        came = [browser().post(FORGOTTEN, {"email": email}) for _ in range(6)]
        assert [each.status_code for each in came] == [303] * 5 + [429]
        assert int(came[-1]["Retry-After"]) > 600


def test_a_new_password_has_to_be_a_good_one(link: str, alice: User) -> None:
    weak = {"new_password1": "password", "new_password2": "password"}
    response = browser().post(link, weak)
    assert response.status_code == 422
    assert "too common" in text(response.content)
    alice.refresh_from_db()
    assert alice.check_password(OLD)


# -- another one -----------------------------------------------------------------------------


def test_another_password_ends_every_other_session(alice: User) -> None:
    client, other = browser(alice), browser(alice)
    before = client.cookies["sessionid"].value
    assert client.post(CHANGE, WANTED | {"old_password": OLD})["Location"] == "/account/"
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "alice" in text(client.get("/account/").content)
    assert "Nothing is stored about you" in text(other.get("/account/").content)
    alice.refresh_from_db()
    assert alice.check_password(NEW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old_password": "wrong"}, "This is not your password."),
        ({"new_password2": "other"}, "match"),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
    ],
)
def test_a_password_is_not_changed_like_that(
    alice: User, change: dict[str, str], said: str
) -> None:
    response = browser(alice).post(CHANGE, WANTED | {"old_password": OLD} | change)
    assert response.status_code == 422
    assert said in text(response.content)
    alice.refresh_from_db()
    assert alice.check_password(OLD)


@pytest.mark.parametrize("address", [CHANGE, "/account/details/"])
def test_guests_and_visitors_are_sent_to_the_door(address: str) -> None:
    for person in (None, User.objects.create_guest()):
        client = browser(person)
        for method in (client.get, client.post):
            with nothing_changed():
                response = method(address)
            assert response.status_code == 303
            assert response["Location"] == f"/account/sign-in/?next={address.replace('/', '%2F')}"
