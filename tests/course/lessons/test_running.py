"""Running the loop from the pipeline page: predictions locked, a run made, each refusal told."""

from typing import Any

import pytest
from django.test import Client

from course.accounts.models import User
from course.lessons.pipeline import context
from course.quiz.models import Answer
from tests.forms import Form, form_of
from tests.staging import (
    Raising,
    browser,
    nothing_changed,
    nothing_written,
    short,
    stored,
    text,
    without_trace,
)
from trainer import attempts, runs
from trainer.executors import executor
from trainer.executors.contract import Busy, Cancelled, Overdue, RunnerLost
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

PAGE = "/pipeline/"
HTMX = {"HX-Request": "true"}
SAID = {"prediction-p-falls": "0", "prediction-p-end": "0.61"}
SMALL = {"epochs": "2", "hidden": "4"}


def ask(client: Client) -> dict[str, str]:
    """The form of the next run, filled in as a learner would."""
    return form_of(client.get(PAGE).content, id="ask") | SAID | SMALL


def own() -> Run:
    """The one run that is not the course's."""
    return Run.objects.get(name="")


def refused(response: Any, status: int) -> Form:  # noqa: ANN401
    """The form that comes back, everything kept."""
    assert response.status_code == status
    back = form_of(response.content, id="ask")
    for name, value in SAID.items():
        assert back[name] == value, name
    return back


# -- a run ---------------------------------------------------------------------------------


def test_a_visitor_s_run_makes_a_guest_and_shows_the_run() -> None:
    client = browser()
    response = client.post(PAGE, ask(client))
    run = own()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}?run={run.pk}#result")
    assert run.owner == User.objects.get()
    assert (run.status, run.spec["epochs"]) == ("finished", 2)
    seen = client.get(response["Location"]).content.decode()
    assert run.get_absolute_url() in seen
    assert "Your run" in seen


def test_predictions_are_locked_with_the_run_and_settled_by_it() -> None:
    client = browser()
    response = client.post(PAGE, ask(client), follow=True)
    answers = {answer.question.slug: answer for answer in Answer.objects.all()}
    assert set(answers) == {"p-falls", "p-end"}
    assert {answer.run_id for answer in answers.values()} == {own().pk}
    assert all(answer.score is not None for answer in answers.values())
    trace = own().load()
    assert trace is not None
    last = trace.document["epochs"][-1]["running_loss"]
    assert answers["p-end"].gap == pytest.approx(0.61 - last)
    words = text(response.content)
    assert words.count("You said") == 2
    assert f"{last:.3f}" in words


def test_predictions_are_locked_before_the_run_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, float | None]] = []

    def run(*args: object, **options: object) -> object:
        seen.extend(Answer.objects.values_list("raw", "score"))
        return short()

    client = browser()
    form = ask(client)
    monkeypatch.setattr(executor(), "run", run)
    client.post(PAGE, form)
    assert sorted(seen) == [("0", None), ("0.61", None)]


def test_without_predictions_there_is_no_run() -> None:
    client = browser()
    form = ask(client)
    for missing in SAID:
        for posted in (form | {missing: ""}, form | {missing: "nonsense\0"}):
            with nothing_written():
                response = client.post(PAGE, posted)
            assert response.status_code == 422
            assert context.PREDICT_FIRST in text(response.content)
            back = form_of(response.content, id="ask")
            kept = {name: back[name] for name in SAID if name != missing}
            assert kept == {name: SAID[name] for name in SAID if name != missing}
            assert back["epochs"] == "2"
    assert not Run.objects.filter(name="").exists()


def test_a_broken_program_is_a_result_with_its_line_marked(alice: User) -> None:
    client = browser(alice)
    response = client.post(PAGE, ask(client) | {"lines": "loss,forward"}, follow=True)
    assert own().status == "failed"
    words = text(response.content)
    assert "NameError: name 'logits' is not defined" in words
    assert "It stopped at line" in words
    run_page = client.get(own().get_absolute_url()).content.decode()
    assert run_page.count('<li class="lit"><code>        loss = criterion(logits, y)</code>') == 1


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_diverged_run_is_a_result(alice: User, optimizer: str) -> None:
    client = browser(alice)
    form = ask(client) | {"optimizer": optimizer, "lr": "1e9"}
    response = client.post(PAGE, form, follow=True)
    assert response.status_code == 200
    assert own().status == "finished"
    assert "Diverged" in text(response.content)


# -- to htmx -------------------------------------------------------------------------------


def test_to_htmx_it_answers_with_the_result_that_fetches_the_rest() -> None:
    client = browser()
    response = client.post(PAGE, ask(client), headers=HTMX)
    address = f"{PAGE}?run={own().pk}"
    assert response.status_code == 200
    assert response["HX-Push-Url"] == address
    fragment = response.content.decode()
    assert fragment.lstrip().startswith("<section")
    assert "<html" not in fragment
    assert 'id="result"' in fragment
    assert f'hx-get="{address}"' in fragment
    assert 'hx-trigger="load"' in fragment
    assert "You said" in fragment
    rest = client.get(address).content.decode()
    for part in ("story", "lead", "ask", "loop-card"):
        assert f'id="{part}"' in rest, part
    assert "Vary" in response


def test_to_htmx_a_refusal_is_the_form_again(alice: User) -> None:
    client = browser(alice)
    response = client.post(PAGE, ask(client) | {"lr": "-1"}, headers=HTMX)
    refused(response, 422)
    assert response["HX-Retarget"] == "#ask"
    assert response["HX-Reselect"] == "#ask"
    assert "HX-Push-Url" not in response


def test_to_htmx_a_lost_run_is_announced_too(alice: User, runner_raises: Raising) -> None:
    client = browser(alice)
    form = ask(client)
    runner_raises(RunnerLost())
    response = client.post(PAGE, form, headers=HTMX)
    assert response.status_code == 200
    assert text(response.content).count(runs.LOST) == 2


# -- once ----------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_run_and_one_set_of_predictions() -> None:
    client = browser()
    form = ask(client)
    first, again = (client.post(PAGE, form) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Run.objects.filter(name="").count() == 1
    assert Answer.objects.count() == 2


def test_the_same_form_again_cannot_change_a_prediction() -> None:
    client = browser()
    form = ask(client)
    client.post(PAGE, form)
    client.post(PAGE, form | {"prediction-p-end": "0.1"})
    assert Answer.objects.get(question__slug="p-end").raw == "0.61"


def test_the_form_of_an_earlier_run_with_other_settings_is_not_that_run() -> None:
    client = browser()
    form = ask(client)
    client.post(PAGE, form)
    response = client.post(PAGE, form | {"lr": "0.5"})
    back = refused(response, 409)
    assert attempts.CHANGED in text(response.content)
    assert back["lr"] == "0.5"
    assert back["nonce"] not in ("", form["nonce"])
    client.post(PAGE, back)
    assert {run.spec["lr"] for run in Run.objects.filter(name="")} == {0.02, 0.5}


def test_a_second_run_meanwhile_is_a_conflict(alice: User) -> None:
    client = browser(alice)
    form = ask(client)
    other = without_trace(alice, "pending")
    with nothing_changed():
        response = client.post(PAGE, form)
    assert refused(response, 409)["nonce"] == form["nonce"]
    assert other.get_absolute_url() in response.content.decode()
    assert attempts.UNDER_WAY in text(response.content)


# -- too many, too busy, lost --------------------------------------------------------------


def test_many_runs_in_a_short_time_are_too_many(alice: User) -> None:
    client = browser(alice)
    form = ask(client)
    for _ in range(runs.BUCKET):
        stored(short(), alice)
    with nothing_changed():
        response = client.post(PAGE, form)
    refused(response, 429)
    assert 0 < int(response["Retry-After"]) < 60
    assert attempts.TOO_MANY in text(response.content)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_without_a_free_runner_the_same_form_makes_that_very_run_later(
    headers: dict[str, str], runner_raises: Raising, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    form = ask(client) | {"lr": "0.3"}
    runner_raises(Busy(4))
    response = client.post(PAGE, form, headers=headers)
    back = refused(response, 503)
    assert response["Retry-After"] == "4"
    assert attempts.BUSY in text(response.content)
    assert {name: back[name] for name in ("lr", "nonce", *SMALL)} == {
        name: form[name] for name in ("lr", "nonce", *SMALL)
    }
    waiting = own()
    assert waiting.status == "interrupted"
    monkeypatch.undo()
    client.post(PAGE, back)
    run = own()
    assert (run.pk, run.status, run.spec["lr"]) == (waiting.pk, "finished", 0.3)
    assert Answer.objects.count() == 2
    assert not Answer.objects.locked().exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [(RunnerLost(), runs.LOST), (Overdue(), runs.OVERDUE), (Cancelled(), runs.CANCELLED)],
)
def test_a_lost_run_is_told_in_a_sentence_and_its_predictions_stay_locked(
    runner_raises: Raising, error: Exception, said: str
) -> None:
    client = browser()
    form = ask(client) | {"lr": "0.3"}
    runner_raises(error)
    response = client.post(PAGE, form, follow=True)
    assert response.status_code == 200
    words = text(response.content)
    assert said in words
    assert "No run has said so far who is right" in words
    assert (own().status, own().reason) == ("interrupted", said)
    again = form_of(response.content, id="ask")
    assert again["lr"] == "0.3"
    assert again["nonce"] != form["nonce"]


# -- refused settings ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lr", "-1"),
        ("lr", "1e999"),
        ("lr", "\0"),
        ("hidden", "9" * 5000),
        ("hidden", "100000"),
        ("seed", "1_000"),
        ("epochs", "many"),
        ("batch_size", "0"),
        ("optimizer", "lion"),
    ],
)
def test_refused_settings_come_back_with_the_reason_beside_the_field(
    alice: User, field: str, value: str
) -> None:
    client = browser(alice)
    response = client.post(PAGE, ask(client) | {"lr": "0.3", field: value})
    refused(response, 422)
    form = response.context["form"]
    assert set(form.errors) == {field}
    reason = form.errors[field][0]
    assert reason in text(response.content)
    assert form[field].value() == value
    assert (own().status, own().reasons) == ("refused", {field: reason})
    assert reason in text(client.get(own().get_absolute_url()).content)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["user", "owner", "run", "score", "is_correct", "attempt"])
def test_an_unknown_field_is_refused_by_name(alice: User, name: str) -> None:
    client = browser(alice)
    response = client.post(PAGE, ask(client) | {name: "1"})
    refused(response, 422)
    assert f"{name}: Not a setting." in text(response.content)


def test_lines_that_are_not_in_the_vocabulary_are_refused_by_name(alice: User) -> None:
    client = browser(alice)
    response = client.post(PAGE, ask(client) | {"lines": "forward,__import__('os')"})
    refused(response, 422)
    assert "__import__('os')" in text(response.content)


def test_what_was_posted_comes_back_as_text(alice: User) -> None:
    client, evil = browser(alice), '"><script>alert(1)</script>'
    form = ask(client)
    for field in ("lr", "optimizer", "nonce", "lines", evil):
        page = client.post(PAGE, form | {"lr": "-1", field: evil}).content.decode()
        assert "<script>alert" not in page
