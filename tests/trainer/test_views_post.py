"""POST /runs/: what it makes, what each refusal looks like, and a run on its way."""

from typing import Any
from urllib.parse import urlencode

import pytest

from course.accounts.models import User
from tests.forms import form_of
from tests.staging import (
    SHORT,
    Raising,
    browser,
    short,
    stored,
    text,
    without_trace,
)
from trainer import attempts, runs
from trainer.engine import execute
from trainer.engine.datasets import DATASETS
from trainer.engine.trace import Trace
from trainer.executors.contract import Busy, Cancelled, Overdue, RunnerLost
from trainer.models import Run

pytestmark = pytest.mark.django_db

NONCE = "0123456789abcdef" * 2
URLENCODED = "application/x-www-form-urlencoded"
SETTINGS = {name: str(value) for name, value in SHORT.as_dict().items()}


# -- a new run -----------------------------------------------------------------------------


def test_a_visitor_s_first_run_makes_a_guest_and_a_run() -> None:
    client = browser()
    page = client.get("/runs/")
    response = client.post("/runs/", form_of(page.content, action="/runs/"))
    run = Run.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/runs/{run.pk}/")
    assert run.owner == User.objects.get()
    assert run.owner.is_guest
    assert client.get(response["Location"]).status_code == 200


def test_it_runs_what_was_asked_for(alice: User) -> None:
    browser(alice).post("/runs/", SETTINGS | {"lr": "0.5", "lines": "forward,loss"})
    run = Run.objects.get()
    assert run.spec == SHORT.as_dict() | {"lr": 0.5}
    assert "forward:2,loss:2" in run.program
    assert run.status == "finished"


@pytest.mark.parametrize("name", ["iris", "wine", "digits"])
def test_a_data_set_is_all_that_it_takes_to_run_on_it(name: str, alice: User) -> None:
    client = browser(alice)
    form = form_of(client.get("/runs/").content, action="/runs/")
    response = client.post("/runs/", form | {"dataset": name})
    run, known = Run.objects.get(), DATASETS[name]
    assert (run.spec["dataset"], run.spec["rows"]) == (name, known.rows)
    page = text(client.get(response["Location"]).content)
    assert known.about in page
    assert f"Source: {known.source}. Licence: {known.licence}." in page


def test_to_htmx_it_answers_with_the_run_alone(alice: User) -> None:
    response = browser(alice).post("/runs/", SETTINGS, headers={"HX-Request": "true"})
    assert response.status_code == 200
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="run"')
    assert "<html" not in page
    assert Run.objects.get().pk in page


def test_the_same_form_twice_is_one_run(alice: User) -> None:
    client = browser(alice)
    first, again = (client.post("/runs/", SETTINGS | {"nonce": "n"}) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Run.objects.count() == 1


def test_a_diverged_run_is_a_result(alice: User) -> None:
    posted = SETTINGS | {"optimizer": "sgd", "lr": "1e9"}
    response = browser(alice).post("/runs/", posted, follow=True)
    assert response.status_code == 200
    assert Run.objects.get().status == "finished"
    assert "Diverged" in text(response.content)


def test_a_broken_program_is_a_result(alice: User) -> None:
    response = browser(alice).post("/runs/", SETTINGS | {"lines": "loss,forward"}, follow=True)
    assert response.status_code == 200
    assert Run.objects.get().status == "failed"
    assert "NameError: name 'logits' is not defined" in text(response.content)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("lr", "-1", "Must be above 0. Try 0.02."),
        ("hidden", "9" * 5000, None),
        ("seed", "1\0", None),
        ("epochs", "200", None),
        ("batch_size", "1e999", "Must be a whole number."),
        ("optimizer", "lion", "Choose one of sgd, momentum, adam, adamw, rmsprop."),
        ("lr", "\ud800", None),
    ],
)
def test_refused_settings_come_back_with_the_reason(
    alice: User, field: str, value: str, reason: str | None
) -> None:
    client = browser(alice)
    posted = SETTINGS | {"nonce": "n", "batch_size": "1", field: value}
    body = urlencode(posted, errors="surrogatepass")
    response = client.post("/runs/", body, content_type=URLENCODED)
    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {field}
    assert reason is None or form.errors[field] == [reason]
    back = form_of(response.content, action="/runs/")
    assert back["nonce"] == "n"
    kept = {name: back[name] for name in back if name in SETTINGS and name != field}
    assert kept == {name: posted[name] for name in kept}
    run = Run.objects.get()
    assert run.status == "refused"
    assert run.reason in text(client.get(run.get_absolute_url()).content)


@pytest.mark.parametrize("name", ["user", "owner_id", "status", "trace", "is_correct", "x" * 999])
def test_an_unknown_field_is_refused_by_name(alice: User, name: str) -> None:
    body = urlencode(SETTINGS | {name: "1"})
    response = browser(alice).post("/runs/", body, content_type=URLENCODED)
    assert response.status_code == 422
    assert name[:40] in text(response.content)
    assert Run.objects.get().owner == alice


def test_a_refusal_that_is_not_kept_is_told_all_the_same(alice: User) -> None:
    client = browser(alice)
    for _ in range(runs.BUCKET + 2):
        response = client.post("/runs/", SETTINGS | {"lr": "-1"})
        assert response.status_code == 422
    assert "Must be above 0" in text(response.content)
    assert Run.objects.count() == runs.BUCKET


def test_a_flood_of_fields_is_refused(alice: User) -> None:
    posted = SETTINGS | {f"field{number}": "1" for number in range(2000)}
    assert browser(alice).post("/runs/", posted).status_code == 400
    posted = SETTINGS | {f"field{number}": "1" for number in range(900)}
    assert browser(alice).post("/runs/", posted).status_code == 422
    assert len(str(Run.objects.get().spec)) < 5000


def test_a_second_run_meanwhile_is_a_conflict_that_links_to_the_first(alice: User) -> None:
    other = without_trace(alice, "pending")
    response = browser(alice).post("/runs/", SETTINGS)
    assert response.status_code == 409
    assert attempts.UNDER_WAY in text(response.content)
    assert other.get_absolute_url() in response.content.decode()
    assert Run.objects.count() == 1


def test_many_runs_in_a_short_time_are_too_many(alice: User) -> None:
    for _ in range(runs.BUCKET):
        stored(short(), alice)
    response = browser(alice).post("/runs/", SETTINGS)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) < 60
    assert attempts.TOO_MANY in text(response.content)


def test_without_a_free_runner_the_form_comes_back_and_makes_that_run_later(
    alice: User, runner_raises: Raising, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner_raises(Busy(4))
    client = browser(alice)
    page = client.get("/runs/").content
    response = client.post("/runs/", form_of(page, action="/runs/") | {"lr": "0.3"})
    assert (response.status_code, response["Retry-After"]) == (503, "4")
    assert attempts.BUSY in text(response.content)
    waiting = Run.objects.get()
    monkeypatch.undo()
    response = client.post("/runs/", form_of(response.content, action="/runs/"))
    assert response["Location"] == waiting.get_absolute_url()
    waiting.refresh_from_db()
    assert (waiting.status, waiting.spec["lr"]) == ("finished", 0.3)


@pytest.mark.parametrize(
    ("error", "said"),
    [(RunnerLost(), runs.LOST), (Overdue(), runs.OVERDUE), (Cancelled(), runs.CANCELLED)],
)
def test_a_run_that_was_lost_has_a_page_that_says_so(
    alice: User, runner_raises: Raising, error: Exception, said: str
) -> None:
    runner_raises(error)
    response = browser(alice).post("/runs/", SETTINGS, follow=True)
    assert response.status_code == 200
    assert said in text(response.content)
    assert Run.objects.get().status == "interrupted"


# -- on its way ----------------------------------------------------------------------------


def test_of_a_key_nobody_uses_there_is_no_progress_and_nothing_to_cancel() -> None:
    client = browser()
    assert client.get("/runs/progress/nothing/").json() == {"state": "none"}
    assert client.post("/runs/progress/nothing/").status_code == 404


def test_a_run_tells_how_far_it_is_and_can_be_cancelled(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.engine.recorder.WATCH_EVERY", 0.0)
    seen: list[Any] = []
    address = f"/runs/progress/{NONCE}/"
    other = browser()
    train = execute.run

    def run(*args: Any) -> Trace:
        seen.extend([other.get(address), other.post(address)])
        return train(*args)

    monkeypatch.setattr(execute, "run", run)
    browser(alice).post("/runs/", SETTINGS | {"nonce": NONCE})
    now, cancelled = seen
    assert now.json() == {"state": "running", "step": 0, "steps": 4, "ahead": 0}
    assert now["Cache-Control"] == "no-store"
    assert cancelled.status_code == 204
    assert Run.objects.get().status == "stopped"
