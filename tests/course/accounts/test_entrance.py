"""Sign up, sign in, sign out: who comes out, with which session, and where they land."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from course.accounts.forms import TAKEN
from course.accounts.models import User
from course.accounts.views.entrance import KEPT
from tests.staging import browser, nothing_changed, nothing_written, short, stored, text

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"
SIGN_UP = {"username": "alice", "password1": PASSWORD, "password2": PASSWORD, "email": ""}
SIGN_IN = {"username": "alice", "password": PASSWORD}
UP, IN, OUT = "/account/sign-up/", "/account/sign-in/", "/account/sign-out/"
ELSEWHERE = ["https://example.org/", "//example.org/x", "\\\\example.org", "javascript:alert(1)"]


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", PASSWORD)


@pytest.fixture
def guest() -> User:
    return User.objects.create_guest()


def who(client: Client) -> User | None:
    """Whose session it is."""
    return User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


# -- sign up ---------------------------------------------------------------------------------


def test_a_visitor_gets_a_plain_account(client: Client) -> None:
    response = client.post(UP, SIGN_UP | {"email": "A@Example.ORG"})
    assert (response.status_code, response["Location"]) == (303, "/progress/")
    account = User.objects.get()
    assert (account.username, account.email) == ("alice", "A@example.org")
    assert account.check_password(PASSWORD)
    assert (account.is_staff, account.is_superuser) == (False, False)
    assert who(client) == account


def test_a_guest_becomes_the_account_in_place(guest: User) -> None:
    client = browser(guest)
    before = key_of(client)
    assert client.post(UP, SIGN_UP).status_code == 303
    account = User.objects.get()
    assert (account.pk, account.handle) == (guest.pk, guest.handle)
    assert (account.username, account.joined) == ("alice", guest.joined)
    assert who(client) == account
    assert key_of(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    assert KEPT in text(client.get("/progress/").content)


def test_another_session_of_the_guest_does_not_become_the_account(guest: User) -> None:
    client, other = browser(guest), browser(guest)
    client.post(UP, SIGN_UP)
    assert "Sign in" in text(other.get("/account/").content)
    assert other.post(UP, SIGN_UP | {"username": "eve"}).status_code == 303
    assert {user.username for user in User.objects.all()} == {"alice", "eve"}


def test_a_planted_session_key_is_not_taken_over(client: Client) -> None:
    client.cookies["sessionid"] = "planted-by-somebody-else-0000000"
    client.post(UP, SIGN_UP)
    assert key_of(client) != "planted-by-somebody-else-0000000"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": ""}, "This field is required"),
        ({"username": "al ice"}, "valid username"),
        ({"username": "x" * 65}, "at most 64"),
        ({"username": "ALICE"}, TAKEN),
        ({"password2": "another-long-one"}, "match"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password", "password2": "password"}, "too common"),
        ({"password1": "92837465", "password2": "92837465"}, "entirely numeric"),
        ({"username": "bobbington", "password1": "bobbington", "password2": "bobbington"}, "simil"),
        ({"email": "nowhere"}, "valid email"),
    ],
)
@pytest.mark.parametrize("as_guest", [True, False])
def test_what_cannot_be_an_account_is_said_and_kept(
    alice: User, guest: User, change: dict[str, str], said: str, as_guest: bool
) -> None:
    client, sent = browser(guest if as_guest else None), SIGN_UP | {"username": "bob"} | change
    before = list(User.objects.order_by("pk").values())
    response = client.post(UP, sent)
    assert response.status_code == 422
    assert said in text(response.content)
    assert f'value="{sent["username"]}"' in response.content.decode() or not sent["username"]
    if sent["password1"] != sent["username"]:
        assert f'value="{sent["password1"]}"' not in response.content.decode()
    assert list(User.objects.order_by("pk").values()) == before
    # The page that comes back still says who is there.
    assert ("Guest" in text(response.content)) == as_guest


def test_whatever_else_is_sent_is_ignored(guest: User) -> None:
    rights = {"is_staff": "on", "is_superuser": "on", "handle": "admin", "pk": "1", "id": "1"}
    browser(guest).post(UP, SIGN_UP | rights)
    account = User.objects.get()
    assert (account.pk, account.handle) == (guest.pk, guest.handle)
    assert not account.is_staff
    assert not account.is_superuser


def test_an_account_does_not_sign_up_again(alice: User) -> None:
    client = browser(alice)
    assert client.get(UP)["Location"] == "/account/"
    assert client.post(UP, SIGN_UP | {"username": "bob"})["Location"] == "/account/"
    assert User.objects.count() == 1


# -- sign in ---------------------------------------------------------------------------------


def test_an_account_comes_back(client: Client, alice: User) -> None:
    response = client.post(IN, SIGN_IN | {"username": "ALICE"})
    assert (response.status_code, response["Location"]) == (303, "/progress/")
    assert who(client) == alice


def test_the_session_key_changes_and_the_old_one_is_nobody_s(guest: User, alice: User) -> None:
    client, old = browser(guest), Client()
    old.cookies["sessionid"] = before = key_of(client)
    client.post(IN, SIGN_IN)
    assert key_of(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "Nothing is stored about you" in text(old.get("/account/").content)


def test_a_guest_goes_into_the_account_once(guest: User, alice: User) -> None:
    client = browser(guest)
    client.post(IN, SIGN_IN)
    assert KEPT in text(client.get("/account/").content)
    assert list(User.objects.all()) == [alice]
    client.post(IN, SIGN_IN)
    assert KEPT not in text(client.get("/account/").content)
    assert list(User.objects.all()) == [alice]


def test_two_sessions_of_a_guest_give_what_they_have_once(guest: User, alice: User) -> None:
    bob = User.objects.create_user("bob", PASSWORD)
    first, second = browser(guest), browser(guest)
    run = stored(short(), guest)
    first.post(IN, SIGN_IN)
    second.post(IN, SIGN_IN | {"username": "bob"})
    assert (who(first), who(second)) == (alice, bob)
    run.refresh_from_db()
    assert run.owner == alice
    assert KEPT not in text(second.get("/account/").content)
    assert list(User.objects.all()) == [alice, bob]


def test_a_wrong_password_leaves_the_guest_alone(guest: User, alice: User) -> None:
    client = browser(guest)
    before = list(User.objects.order_by("pk").values())
    assert client.post(IN, SIGN_IN | {"password": "wrong"}).status_code == 422
    assert list(User.objects.order_by("pk").values()) == before
    assert who(client) == guest


def test_one_account_after_another_gets_nothing_of_the_first(alice: User) -> None:
    bob = User.objects.create_user("bob", PASSWORD)
    client = browser(alice)
    client.post(IN, SIGN_IN | {"username": "bob"})
    assert who(client) == bob
    assert User.objects.count() == 2
    assert KEPT not in text(client.get("/account/").content)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    for way in ("set_password", "check_password"):
        monkeypatch.setattr(User, way, lambda _, raw: hashed.append(raw))
    answers = []
    for name in ("alice", "nobody"):
        response = browser().post(IN, SIGN_IN | {"username": name, "password": "wrong"})
        answers.append((response.status_code, text(response.content)))
    assert answers[0] == answers[1]
    # As much work for the one as for the other: a password is hashed.
    assert hashed == ["wrong", "wrong"]


def test_somebody_switched_off_gets_that_answer_too(alice: User) -> None:
    wrong = text(browser().post(IN, SIGN_IN | {"password": "wrong"}).content)
    User.objects.update(is_active=False)
    off = browser().post(IN, SIGN_IN)
    assert (off.status_code, text(off.content)) == (422, wrong)


@pytest.mark.parametrize("odd", ["", "a" * 5000, "\0", "é", "' OR 1=1"])
def test_odd_names_and_passwords_are_refused_like_others(odd: str, alice: User) -> None:
    for field in ("username", "password"):
        assert browser().post(IN, SIGN_IN | {field: odd}).status_code == 422


@pytest.mark.parametrize("address", [UP, IN])
def test_next_leads_on_within_this_site(address: str, alice: User) -> None:
    sent = SIGN_IN if address == IN else SIGN_UP | {"username": "bob"}
    page = browser().get(f"{address}?next=/runs/").content.decode()
    assert '<input type="hidden" name="next" value="/runs/">' in page
    assert browser().post(address, sent | {"next": "/runs/"})["Location"] == "/runs/"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_next_leads_nowhere_else(elsewhere: str, alice: User) -> None:
    assert elsewhere not in browser().get(f"{IN}?next={elsewhere}").content.decode()
    for client, sent in ((browser(), {"next": elsewhere}), (browser(), {})):
        response = client.post(f"{IN}?next={elsewhere}", SIGN_IN | sent)
        assert response["Location"] == "/progress/"


# -- sign out --------------------------------------------------------------------------------


def test_an_account_leaves(alice: User) -> None:
    client = browser(alice)
    assert client.post(OUT).status_code == 303
    assert who(client) is None
    assert "You are signed out." in text(client.get("/account/").content)
    assert Session.objects.count() == 0


def test_a_guest_stays(guest: User) -> None:
    client = browser(guest)
    client.post(OUT)
    assert who(client) == guest
    assert "no password to come back with" in text(client.get("/account/").content)


def test_looking_does_not_sign_out(alice: User) -> None:
    client = browser(alice)
    with nothing_written():
        assert client.get(OUT).status_code == 405
    assert who(client) == alice


# -- all of them -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", [UP, IN, OUT, "/admin/login/"])
def test_a_post_needs_its_token(address: str, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    with nothing_changed():
        assert client.post(address, SIGN_IN | SIGN_UP).status_code == 403


def test_the_admin_s_door_merges_too(guest: User) -> None:
    owner = User.objects.create_superuser("owner", PASSWORD)
    client = browser(guest)
    sent = {"username": "owner", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", sent)["Location"] == "/admin/"
    assert list(User.objects.all()) == [owner]
    assert who(client) == owner


def test_the_admin_s_door_does_not_open_to_learners(guest: User, alice: User) -> None:
    client = browser(guest)
    assert client.post("/admin/login/", SIGN_IN).status_code == 200
    assert who(client) == guest
    assert User.objects.count() == 2
