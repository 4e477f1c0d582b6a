"""What an instructor can and cannot do with people in the admin site."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from course.accounts.models import User

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def owner(client: Client) -> User:
    """A superuser, signed in."""
    user = User.objects.create_superuser("owner", "secret")
    client.force_login(user)
    return user


@pytest.fixture
def assistant(client: Client) -> User:
    """Staff with every right over people that permissions can give, signed in."""
    user = User.objects.create_user("assistant", "secret")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(user)
    return user


def fields(user: User, **changes: object) -> dict[str, object]:
    """The change form as the browser would send it, with `changes`."""
    form: dict[str, object] = {"username": user.username, "email": user.email, "is_active": "on"}
    return form | changes


def test_staff_sign_in_through_the_form(client: Client) -> None:
    User.objects.create_superuser("Owner", "secret")
    data = {"username": "owner", "password": "secret", "next": "/admin/"}
    response = client.post("/admin/login/", data, follow=True)
    assert response.status_code == 200
    assert b"Course and learners" in response.content


def test_a_guest_and_an_account_are_sent_to_the_login(client: Client) -> None:
    for user in (User.objects.create_guest(), User.objects.create_user("alice", "secret")):
        client.force_login(user)
        response = client.get(PEOPLE)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_looking_at_the_login_writes_no_session(client: Client) -> None:
    client.get("/admin/login/")
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"guest", "alice", "owner"}),
        ("?kind=guest", {"guest"}),
        ("?kind=account", {"alice", "owner"}),
        ("?kind=nonsense", {"guest", "alice", "owner"}),
        ("?is_staff__exact=1", {"owner"}),
        ("?q=alice%40example", {"alice"}),
        ("?q=ALICE", {"alice"}),
    ],
)
def test_people_are_found(client: Client, owner: User, query: str, shown: set[str]) -> None:
    people = {
        "guest": User.objects.create_guest(),
        "alice": User.objects.create_user("alice", "secret", email="alice@example.org"),
        "owner": owner,
    }
    page = client.get(PEOPLE + query).content.decode()
    assert {name for name, user in people.items() if user.handle in page} == shown


def test_a_guest_is_found_by_the_handle(client: Client, owner: User) -> None:
    guest, other = User.objects.create_guest(), User.objects.create_guest()
    page = client.get(f"{PEOPLE}?q={guest.handle}").content.decode()
    assert guest.handle in page
    assert other.handle not in page


def test_a_guest_can_be_looked_at_but_not_edited(client: Client, owner: User) -> None:
    guest = User.objects.create_guest()
    assert client.get(f"{PEOPLE}{guest.pk}/change/").status_code == 200
    response = client.post(f"{PEOPLE}{guest.pk}/change/", {"username": "bob", "is_staff": "on"})
    assert response.status_code == 403
    passwords = {"password1": "x9-long-enough", "password2": "x9-long-enough"}
    assert client.post(f"{PEOPLE}{guest.pk}/password/", passwords).status_code == 403
    guest.refresh_from_db()
    assert guest.is_guest


def test_an_account_is_added_with_a_password_that_works(client: Client, owner: User) -> None:
    password = "x9-long-enough"
    form = {"username": "bob", "usable_password": "true"}
    form |= {"password1": password, "password2": password}
    assert client.post(f"{PEOPLE}add/", form).status_code == 302
    assert User.objects.get(username="bob").check_password(password)


@pytest.mark.parametrize("name", ["", "OWNER", "b b"])
def test_an_account_is_not_added_under_a_bad_name(client: Client, owner: User, name: str) -> None:
    form = {"username": name, "usable_password": "true"}
    form |= {"password1": "x9-long-enough", "password2": "x9-long-enough"}
    response = client.post(f"{PEOPLE}add/", form)
    assert response.status_code == 200
    assert b"Please correct the error" in response.content
    assert list(User.objects.all()) == [owner]


def test_an_account_cannot_be_made_a_guest_by_taking_its_name(client: Client, owner: User) -> None:
    response = client.post(f"{PEOPLE}{owner.pk}/change/", fields(owner, username=""))
    assert response.status_code == 200
    assert b"This field is required" in response.content


def test_a_superuser_gives_rights(client: Client, owner: User) -> None:
    alice = User.objects.create_user("alice", "secret")
    client.post(f"{PEOPLE}{alice.pk}/change/", fields(alice, is_staff="on"))
    alice.refresh_from_db()
    assert alice.is_staff


def test_an_assistant_edits_a_learner_but_gives_no_rights(client: Client, assistant: User) -> None:
    alice = User.objects.create_user("alice", "secret")
    form = fields(alice, email="alice@example.org", is_staff="on", is_superuser="on")
    assert client.post(f"{PEOPLE}{alice.pk}/change/", form).status_code == 302
    alice.refresh_from_db()
    assert (alice.email, alice.is_staff, alice.is_superuser) == ("alice@example.org", False, False)


@pytest.mark.parametrize("page", ["change", "password", "delete"])
def test_an_assistant_cannot_touch_staff(client: Client, assistant: User, page: str) -> None:
    owner = User.objects.create_superuser("owner", "secret")
    form = {"password1": "x9-long-enough", "password2": "x9-long-enough", "post": "yes"}
    assert client.post(f"{PEOPLE}{owner.pk}/{page}/", form).status_code == 403
    owner.refresh_from_db()
    assert owner.check_password("secret")


def test_an_assistant_cannot_delete_staff_from_the_list(client: Client, assistant: User) -> None:
    owner = User.objects.create_superuser("owner", "secret")
    form = {"action": "delete_selected", "_selected_action": owner.pk, "post": "yes"}
    client.post(PEOPLE, form)
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_name_is_shown_as_text(client: Client, owner: User) -> None:
    alice = User.objects.create_user("alice", "secret")
    User.objects.filter(pk=alice.pk).update(username="<script>alert(1)</script>")
    page = client.get(PEOPLE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
