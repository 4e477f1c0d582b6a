"""Addresses of runs: who may see what, and what they see."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from tests.staging import (
    SHORT,
    browser,
    cut_short,
    nothing_written,
    short,
    stored,
    text,
    without_trace,
)
from tests.trainer.engine.reading import strict
from trainer import runs
from trainer.engine.trace import Trace
from trainer.exercise import exercise_of
from trainer.models import ABANDONED, Run
from trainer.script import script_of

pytestmark = pytest.mark.django_db

OF_A_RUN = ("/runs/{}/", "/runs/{}/trace.json", "/runs/{}/script.py", "/runs/{}/exercise.py")
URLENCODED = "application/x-www-form-urlencoded"
SETTINGS = {name: str(value) for name, value in SHORT.as_dict().items()}


@pytest.fixture
def mine(alice: User) -> Run:
    return stored(short(), alice)


@pytest.fixture
def course_s() -> Run:
    return stored(short(seed=1), name="calm")


# -- who may see what ----------------------------------------------------------------------


@pytest.mark.parametrize("address", OF_A_RUN)
def test_a_run_is_its_owner_s(address: str, mine: Run, alice: User, bob: User) -> None:
    assert browser(alice).get(address.format(mine.pk)).status_code == 200
    for stranger in (bob, User.objects.create_guest(), None):
        assert browser(stranger).get(address.format(mine.pk)).status_code == 404


@pytest.mark.parametrize("address", OF_A_RUN)
def test_a_run_of_the_course_is_everybody_s(address: str, course_s: Run, alice: User) -> None:
    for person in (alice, User.objects.create_guest(), None):
        assert browser(person).get(address.format(course_s.pk)).status_code == 200


@pytest.mark.parametrize("address", OF_A_RUN)
@pytest.mark.parametrize("bad", ["nothing", "0", "x" * 300, "a-b_c", "%00", "é", "' OR 1=1"])
def test_there_is_no_run_of_a_bad_id(address: str, bad: str, mine: Run, alice: User) -> None:
    client = browser(alice)
    with nothing_written():
        assert client.get(address.format(bad)).status_code == 404


@pytest.mark.parametrize("address", ["/runs/", *OF_A_RUN])
@pytest.mark.parametrize("signed_in", [False, True])
def test_reading_writes_nothing(address: str, alice: User, course_s: Run, signed_in: bool) -> None:
    client = browser(alice) if signed_in else browser()
    with nothing_written():
        for method in (client.get, client.head):
            response = method(address.format(course_s.pk))
            assert response.status_code == 200
            assert "sessionid" not in response.cookies


def test_head_has_no_body(mine: Run, alice: User) -> None:
    assert browser(alice).head(mine.get_absolute_url()).content == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", OF_A_RUN)
def test_a_run_is_only_read(address: str, method: str, mine: Run, alice: User) -> None:
    client = browser(alice)
    with nothing_written():
        assert getattr(client, method)(address.format(mine.pk)).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/runs/", "/runs/progress/abc/"])
def test_other_methods_are_refused(address: str, method: str) -> None:
    with nothing_written():
        assert getattr(browser(), method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/runs/", "/runs/progress/abc/"])
def test_a_post_needs_its_token(address: str, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    with nothing_written():
        assert client.post(address, SETTINGS).status_code == 403


# -- the list ------------------------------------------------------------------------------


def test_the_list_is_the_learner_s_own(mine: Run, alice: User, bob: User) -> None:
    theirs = stored(short(seed=2), bob)
    page = browser(alice).get("/runs/").content.decode()
    assert mine.get_absolute_url() in page
    assert theirs.get_absolute_url() not in page


def test_a_visitor_has_no_runs(course_s: Run) -> None:
    page = browser().get("/runs/")
    assert b"No runs yet" in page.content
    assert course_s.get_absolute_url() not in page.content.decode()


def test_the_list_shows_runs_of_every_kind(alice: User) -> None:
    stored(short("loss,forward"), alice)
    stored(short(optimizer="sgd", lr=1e9), alice)
    stored(cut_short(), alice)
    for status in ("pending", "interrupted", "refused"):
        without_trace(alice, status)
    words = text(browser(alice).get("/runs/").content).lower()
    for state in ("finished", "failed", "stopped", "pending", "interrupted", "refused"):
        assert state in words


def test_a_long_list_has_pages(alice: User) -> None:
    for _ in range(21):
        stored(short(), alice)
    client = browser(alice)
    first, second = (client.get(f"/runs/?page={n}").content.decode() for n in (1, 2))
    ids = [set(re.findall(r'/runs/([^/"]{10})/"', page)) for page in (first, second)]
    assert (len(ids[0]), len(ids[1])) == (20, 1)
    assert not ids[0] & ids[1]
    for odd in ("0", "-1", "x", "9" * 5000):
        assert client.get(f"/runs/?page={odd}").status_code == 200


def test_the_number_of_queries_does_not_grow(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = browser(alice), []
    for number in (2, 15):
        for seed in range(number):
            run = stored(short(seed=seed), alice)
        with django_assert_max_num_queries(8) as asked:
            assert client.get("/runs/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    for address in OF_A_RUN:
        with django_assert_max_num_queries(5):
            assert client.get(address.format(run.pk)).status_code == 200


# -- one run -------------------------------------------------------------------------------


def test_a_run_page_shows_numbers_program_and_receipt(mine: Run, alice: User) -> None:
    page = browser(alice).get(mine.get_absolute_url()).content
    document = short().document
    words = text(page)
    for part in (document["digest"], document["key"], mine.pk, document["versions"]["torch"]):
        assert part in words
    for line in document["source"].splitlines():
        assert f"<code>{html.escape(line)}</code>" in page.decode()
    for epoch in document["epochs"]:
        assert f"{epoch['running_loss']:.3f}" in words
        assert epoch["observation"] in words
    for file in ("trace.json", "script.py", "exercise.py"):
        assert f'href="/runs/{mine.pk}/{file}"' in page.decode()


def test_a_failed_run_s_page_marks_the_line(alice: User) -> None:
    document = short("loss,forward").document
    run = stored(short("loss,forward"), alice)
    page = browser(alice).get(run.get_absolute_url()).content.decode()
    (lit,) = re.findall(r'<li class="lit"><code>(.*?)</code>', page)
    assert lit == document["source"].splitlines()[document["error"]["line"] - 1]
    assert document["error"]["message"] in html.unescape(page)


def test_a_diverged_run_s_page_says_so(alice: User) -> None:
    run = stored(short(optimizer="adamw", lr=1e9), alice)
    words = text(browser(alice).get(run.get_absolute_url()).content)
    assert "Diverged" in words
    assert "Finished" in words


@pytest.mark.parametrize(("trace", "again"), [(short(), True), (cut_short(), False)])
def test_a_receipt_promises_the_same_run_again_where_it_will_be(
    alice: User, trace: Trace, again: bool
) -> None:
    words = text(browser(alice).get(stored(trace, alice).get_absolute_url()).content)
    assert ("The script repeats this run" in words) == again


@pytest.mark.parametrize(
    ("status", "reasons", "said"),
    [
        ("pending", {}, "under way"),
        ("interrupted", {"run": runs.LOST}, runs.LOST),
        ("refused", {"lr": "Must be above 0."}, "Must be above 0."),
    ],
)
def test_a_run_without_a_result_has_a_page_and_no_files(
    alice: User, status: str, reasons: dict[str, str], said: str
) -> None:
    run, client = without_trace(alice, status, reasons=reasons), browser(alice)
    assert said in text(client.get(run.get_absolute_url()).content)
    document = client.get(f"/runs/{run.pk}/trace.json")
    assert document.status_code == 409
    answer = strict(document.content.decode())
    assert (answer["id"], answer["status"]) == (run.pk, status)
    assert answer["error"]["message"] == " ".join(reasons.values())
    assert client.get(f"/runs/{run.pk}/script.py").status_code == 404
    assert client.get(f"/runs/{run.pk}/exercise.py").status_code == 409


def test_an_abandoned_run_s_page_does_not_wait_for_ever(alice: User) -> None:
    run = without_trace(alice, "pending")
    Run.objects.update(created=timezone.now() - 2 * ABANDONED)
    page = browser(alice).get(run.get_absolute_url()).content.decode()
    assert "interrupted" in page
    assert "hx-trigger" not in page
    assert browser(alice).get(f"/runs/{run.pk}/trace.json").json()["status"] == "interrupted"


def test_what_was_sent_is_shown_as_text(alice: User) -> None:
    sent = "<img src=x onerror=alert(1)>"
    run = without_trace(alice, "refused", spec={sent: sent}, reasons={sent: sent})
    for address in ("/runs/", run.get_absolute_url()):
        assert sent not in browser(alice).get(address).content.decode()


@pytest.mark.parametrize(
    "trace",
    [short(), short("loss,forward"), short(optimizer="adamw", lr=1e9), short(""), cut_short()],
    ids=["finished", "failed", "diverged", "empty", "stopped"],
)
def test_the_document_is_the_contract_s_with_the_run_s_id(alice: User, trace: Trace) -> None:
    run = stored(trace, alice)
    response = browser(alice).get(f"/runs/{run.pk}/trace.json")
    assert response["Content-Type"] == "application/json"
    document = strict(response.content.decode())
    expected = run.load()
    assert expected is not None
    assert document == expected.document | {"id": run.pk}
    keys = (
        "schema id key digest status error spec program source versions stages epochs steps updates"
    )
    assert set(keys.split()) <= set(document)
    assert document["schema"] == 1


def test_the_script_downloads(mine: Run, alice: User) -> None:
    response = browser(alice).get(f"/runs/{mine.pk}/script.py")
    assert response["Content-Disposition"] == f'attachment; filename="loopwise_{mine.badge}.py"'
    assert response.content.decode() == script_of(short().document)
    compile(response.content, "script.py", "exec")


def test_the_exercise_downloads(mine: Run, alice: User) -> None:
    response = browser(alice).get(f"/runs/{mine.pk}/exercise.py")
    name = f"loopwise_{mine.badge}_exercise.py"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.content.decode() == exercise_of(short().document)


@pytest.mark.parametrize(
    "trace",
    [short("loss,forward"), short("forward,loss,backward,step"), cut_short()],
    ids=["failed", "another loop", "stopped"],
)
def test_a_run_that_is_no_example_has_no_exercise_and_says_so(alice: User, trace: Trace) -> None:
    run, client = stored(trace, alice), browser(alice)
    assert "exercise.py" not in client.get(run.get_absolute_url()).content.decode()
    response = client.get(f"/runs/{run.pk}/exercise.py")
    assert response.status_code == 409
    assert "no loss to aim at" in response.content.decode().replace("\n", " ")
