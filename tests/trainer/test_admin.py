"""What an instructor sees of runs in the admin site, and that it can be trusted as a record."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from tests.staging import browser, short, stored, without_trace
from trainer.models import Run, StoredTrace

pytestmark = pytest.mark.django_db

RUNS = "/admin/trainer/run/"


@pytest.fixture
def instructor() -> User:
    return User.objects.create_superuser("instructor", "secret")


@pytest.fixture
def desk(instructor: User) -> Client:
    """The browser of somebody who may do everything."""
    return browser(instructor)


@pytest.fixture
def assistant() -> User:
    """Staff who may look at runs."""
    return _staff("view_run")


def _staff(*rights: str) -> User:
    user = User.objects.create_user("assistant", "secret")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


def change(run: Run, page: str = "change") -> str:
    return f"{RUNS}{run.pk}/{page}/"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_it_lists_runs_with_whose_they_are_and_how_they_ended(desk: Client, alice: User) -> None:
    mine, course = stored(short(), alice), stored(short(seed=1), name="calm")
    page = text(desk, RUNS)
    accuracy = short().document["epochs"][-1]["heldout_accuracy"]
    for part in (mine.badge, "alice", "Finished", "rows 40, batch_size 20", f"{accuracy:.3f}", "4"):
        assert part.lower() in page.lower(), part
    assert course.badge in page
    assert "the course&#x27;s: calm" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"adam", "sgd", "course", "refused", "pending"}),
        ("?status__exact=refused", {"refused"}),
        ("?optimizer=sgd", {"sgd"}),
        ("?optimizer=nonsense", {"adam", "sgd", "course", "refused", "pending"}),
        ("?whose=course", {"course"}),
        ("?whose=learners", {"adam", "sgd", "refused", "pending"}),
        ("?whose=nonsense", {"adam", "sgd", "course", "refused", "pending"}),
        ("?q=alice", {"adam", "refused"}),
        ("?q=calm", {"course"}),
        ("?created__year=1999", set()),
    ],
)
def test_it_finds_runs(
    desk: Client, alice: User, bob: User, query: str, expected: set[str]
) -> None:
    runs = {
        "adam": stored(short(), alice),
        "sgd": stored(short(optimizer="sgd"), bob),
        "course": stored(short(seed=1), name="calm"),
        "refused": without_trace(alice, "refused", spec={"lr": "-1"}, reasons={"lr": "No."}),
        "pending": without_trace(bob, "pending"),
    }
    page = text(desk, RUNS + query)
    assert {name for name, run in runs.items() if change(run) in page} == expected


def test_it_finds_a_run_by_its_id_and_by_the_handle_of_a_guest(desk: Client) -> None:
    guest, other = User.objects.create_guest(), User.objects.create_guest()
    run, another = stored(short(), guest), stored(short(), other)
    for words in (run.pk, run.badge + run.pk[4], guest.handle):
        page = text(desk, f"{RUNS}?q={words}")
        assert change(run) in page
        assert change(another) not in page


def test_it_calls_an_abandoned_run_interrupted(desk: Client, alice: User) -> None:
    run = without_trace(alice, "pending")
    Run.objects.update(created="2020-01-01T00:00:00Z")
    assert "interrupted" in re.findall(r'field-state">([^<]*)<', text(desk, RUNS))
    assert "interrupted" in text(desk, change(run))


def test_it_shows_everything_of_a_run(desk: Client, alice: User) -> None:
    trace = short()
    run = stored(trace, alice, duration_ms=31)
    page = text(desk, change(run))
    assert "<svg" in page
    for epoch in trace.document["epochs"]:
        assert f"{epoch['running_loss']:.3f}" in page
        assert epoch["observation"].replace("'", "&#x27;") in page
    assert "optimizer = torch.optim.Adam(model.parameters(), lr=lr)" in page
    for part in (trace.document["digest"], trace.document["key"], "31 ms", run.pk, "alice"):
        assert part in page, part


def test_it_shows_a_failed_run_with_python_s_message(desk: Client, alice: User) -> None:
    trace = short("loss,forward")
    page = text(desk, change(stored(trace, alice)))
    assert trace.document["error"]["message"].replace("'", "&#x27;") in page


@pytest.mark.parametrize("status", ["pending", "refused", "interrupted"])
def test_it_shows_a_run_without_a_result(desk: Client, alice: User, status: str) -> None:
    run = without_trace(alice, status, spec={"lr": "-1"}, reasons={"lr": "Must be above 0."})
    page = text(desk, change(run))
    assert "There is no result" in page
    assert "Must be above 0." in page


def test_it_shows_what_learners_sent_as_text(desk: Client, alice: User) -> None:
    sent = "<script>alert(1)</script>"
    run = without_trace(alice, "refused", spec={sent: sent}, reasons={sent: sent})
    for page in (text(desk, RUNS), text(desk, change(run))):
        assert sent not in page
        assert "&lt;script&gt;alert" in page


def test_it_keeps_to_the_content_policy(desk: Client, alice: User) -> None:
    run = stored(short(), alice)
    for address in (RUNS, change(run)):
        response = desk.get(address)
        assert "unsafe" not in response["Content-Security-Policy"]
        page = response.content.decode()
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", page)
        assert all("src=" in about or not code.strip() for about, code in scripts)


def test_it_gives_document_and_script_along(desk: Client, alice: User) -> None:
    trace = short()
    run = stored(trace, alice)
    page = text(desk, change(run))
    links = [f"{RUNS}{run.pk}/trace.json", f"{RUNS}{run.pk}/script.py"]
    assert all(f'href="{link}"' in page for link in links)
    document, script = (desk.get(link) for link in links)
    assert document.json() == trace.document | {"id": run.pk}
    assert f"loopwise_{run.badge}.py" in script["Content-Disposition"]
    assert trace.document["digest"] in script.content.decode()


def test_it_links_the_page_of_a_run_only_where_an_instructor_may_go(
    desk: Client, alice: User
) -> None:
    mine, course = stored(short(), alice), stored(short(seed=1), name="calm")
    assert f'href="{course.get_absolute_url()}"' in text(desk, change(course))
    assert f'href="{mine.get_absolute_url()}"' not in text(desk, change(mine))
    assert desk.get(mine.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("file", ["trace.json", "script.py"])
def test_it_has_no_files_of_a_run_without_a_trace(desk: Client, alice: User, file: str) -> None:
    run = without_trace(alice, "pending")
    assert desk.get(f"{RUNS}{run.pk}/{file}").status_code == 404
    assert desk.get(f"{RUNS}nothing/{file}").status_code == 404


def test_it_knows_no_run_of_a_bad_id(desk: Client) -> None:
    assert desk.get(f"{RUNS}nothing/change/").status_code == 302  # the admin's own way


def test_guests_and_learners_are_sent_to_the_login(alice: User) -> None:
    run = stored(short(), alice)
    for client in (browser(), browser(User.objects.create_guest()), browser(alice)):
        for page in (RUNS, change(run), f"{RUNS}{run.pk}/trace.json", f"{RUNS}{run.pk}/script.py"):
            response = client.get(page)
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")


def test_staff_without_the_right_see_no_runs(alice: User) -> None:
    run, client = stored(short(), alice), browser(_staff())
    for page in (RUNS, change(run), f"{RUNS}{run.pk}/trace.json", f"{RUNS}{run.pk}/script.py"):
        assert client.get(page).status_code == 403


def test_an_assistant_looks_but_deletes_nothing(alice: User, assistant: User) -> None:
    run, client = stored(short(), alice), browser(assistant)
    for page in (RUNS, change(run), f"{RUNS}{run.pk}/trace.json"):
        assert client.get(page).status_code == 200
    assert client.post(change(run, "delete"), {"post": "yes"}).status_code == 403
    client.post(RUNS, {"action": "delete_selected", "_selected_action": run.pk, "post": "yes"})
    assert Run.objects.filter(pk=run.pk).exists()


def test_nobody_adds_or_edits_a_run(desk: Client, alice: User) -> None:
    run = stored(short(), alice)
    assert desk.get(f"{RUNS}add/").status_code == 403
    assert desk.post(change(run), {"status": "failed"}).status_code == 403
    run.refresh_from_db()
    assert run.status == "finished"


def test_a_superuser_deletes_a_run_and_leaves_its_trace_to_others(
    desk: Client, alice: User, bob: User
) -> None:
    run, same = stored(short(), alice), stored(short(), bob)
    assert desk.post(change(run, "delete"), {"post": "yes"}).status_code == 302
    assert list(Run.objects.all()) == [same]
    assert StoredTrace.objects.count() == 1


def test_runs_go_with_a_person_who_is_deleted(alice: User) -> None:
    stored(short(), alice)
    client = browser(_staff("view_user", "delete_user"))
    response = client.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Run.objects.exists()


def test_traces_have_no_page_of_their_own(desk: Client) -> None:
    assert desk.get("/admin/trainer/storedtrace/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_list(
    desk: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    counts = []
    for number in (2, 20):
        for seed in range(number):
            stored(short(seed=seed), User.objects.create_guest())
        with django_assert_max_num_queries(12) as asked:
            text(desk, RUNS)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with django_assert_max_num_queries(8):
        text(desk, change(Run.objects.all()[0]))
