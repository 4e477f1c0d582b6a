"""The page of one's progress, and one's data to take along."""

import json
import re
from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.progress.pages.overview import PREDICTIONS
from course.quiz import predictions
from course.quiz.models import Answer, Question
from course.quiz.reply import reply
from tests.course.quiz.conftest import stored
from tests.course.quiz.posting import card, nobody, send
from tests.staging import browser, nothing_written, text, without_trace
from tests.trainer.engine.reading import strict
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = pytest.mark.django_db

PAGE, DATA = "/progress/", "/account/export.json"


def lock(learner: User, run: Run) -> None:
    """Predict both things that the course asks before a run."""
    form = dict[str, str]()
    for asked in predictions.cards("pipeline", learner, None):
        form[asked.field] = "0" if asked.kind == "choice" else "0.9"
        form[f"{asked.field}-token"] = asked.token
    predictions.lock(learner, run, predictions.parse("pipeline", learner, form))


def predict(learner: User, trace: Trace) -> Run:
    """A run, with both predictions settled."""
    run = stored(trace, learner)
    lock(learner, run)
    assert len(predictions.settle(run)) == 2
    return run


def answer_stage(learner: User, run: Run, raw: str) -> None:
    question = Question.objects.get(slug="s1-passes")
    assert send(learner, card(question, learner, run), raw).status == 200


# -- the page --------------------------------------------------------------------------------


def test_who_has_done_nothing_is_led_on(course: None, alice: User) -> None:
    for person in (None, User.objects.create_guest(), alice):
        client = browser(person)
        with nothing_written():
            page = client.get(PAGE)
        assert "Nothing to show yet" in text(page.content)
        assert 'href="/pipeline/"' in page.content.decode()
        assert "<table" not in page.content.decode()


def test_who_has_only_run_is_led_on(course: None, alice: User, calm: Trace) -> None:
    run = stored(calm, alice)
    page = browser(alice).get(PAGE)
    assert "answered nothing so far" in text(page.content)
    assert "No predictions yet" in text(page.content)
    assert f'href="/runs/{run.pk}/"' in page.content.decode()


def test_scores_predictions_and_runs_are_told(course: None, alice: User, calm: Trace) -> None:
    run = predict(alice, calm)
    answer_stage(alice, run, "5")
    answer_stage(alice, run, "50")
    client = browser(alice)
    with nothing_written():
        page = client.get(PAGE)
    words = text(page.content)
    points = sum(q.points for q in Question.objects.exclude(place="prediction"))
    assert f"1 of {points} points so far." in words
    asked = Question.objects.filter(lesson__slug="pipeline").exclude(place="prediction")
    assert f"The pipeline 1 of {asked.count()}" in words
    assert "0 of 1 2" in words  # the first try, and how many there were
    assert "too high" in words
    assert page.content.decode().count(f'href="/runs/{run.pk}/"') == 2
    assert "You are a guest" not in words


def test_every_link_leads_somewhere(course: None, alice: User, calm: Trace) -> None:
    answer_stage(alice, predict(alice, calm), "50")
    client = browser(alice)
    links = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', client.get(PAGE).content.decode()))
    assert {"/pipeline/", "/runs/"} < links
    assert len([link for link in links if link.startswith("/lessons/")]) >= 1
    statuses = {link: client.get(link, follow=True).status_code for link in links}
    assert statuses == dict.fromkeys(links, 200)


def test_a_guest_is_told_what_it_hangs_on(course: None, calm: Trace) -> None:
    guest = User.objects.create_guest()
    answer_stage(guest, predict(guest, calm), "50")
    page = browser(guest).get(PAGE)
    assert "You are a guest: sign up" in text(page.content)
    assert 'href="/account/sign-up/"' in page.content.decode()


def test_a_locked_prediction_waits(course: None, alice: User, calm: Trace) -> None:
    predict(alice, calm)
    run = without_trace(alice, "pending")
    lock(alice, run)
    page = text(browser(alice).get(PAGE).content)
    assert page.count("locked: no run has said so far") == 2


def test_nobody_sees_another_s(course: None, alice: User, bob: User, calm: Trace) -> None:
    run = predict(alice, calm)
    answer_stage(alice, run, "50")
    for person in (bob, User.objects.create_guest(), None):
        client = browser(person)
        assert "Nothing to show yet" in text(client.get(PAGE).content)
        assert run.pk not in client.get(DATA).content.decode()


def test_the_number_of_queries_does_not_grow(
    course: None, alice: User, calm: Trace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = browser(alice), []
    for number in (1, PREDICTIONS):
        for _ in range(number):
            answer_stage(alice, predict(alice, calm), "50")
        with django_assert_max_num_queries(8) as asked:
            page = client.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert text(page.content).count("of 1 point") == PREDICTIONS


# -- the data --------------------------------------------------------------------------------


def test_the_data_are_everything_of_the_person(
    course: None, alice: User, bob: User, calm: Trace, broken: Trace
) -> None:
    run = predict(alice, calm)
    answer_stage(alice, run, "5")
    stored(broken, alice)
    without_trace(alice, "refused", spec={"lr": "x" * 99}, reasons={"lr": "No."}, program="")
    predict(bob, calm)
    client = browser(alice)
    with nothing_written():
        response = client.get(DATA)
    assert response["Content-Type"] == "application/json"
    name = f"loopwise_{alice.handle[:4]}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    document = strict(response.content.decode())
    assert document["schema"] == 1
    assert document["profile"] | {"joined": "", "last_seen": "", "last_login": ""} == {
        "kind": "account", "handle": alice.handle, "name": "alice", "email": "",
        "joined": "", "last_seen": "", "last_login": "",
    }  # fmt: skip
    rows = {row["id"]: row for row in document["runs"]}
    assert set(rows) == set(Run.objects.filter(owner=alice).values_list("pk", flat=True))
    assert rows[run.pk]["spec"] == run.spec
    assert rows[run.pk]["digest"] == calm.document["digest"]
    assert {row["status"] for row in rows.values()} == {"finished", "failed", "refused"}
    mine = Answer.objects.filter(learner=alice)
    assert [row["id"] for row in document["answers"]] == list(mine.values_list("pk", flat=True))
    given = document["answers"][-1]
    assert (given["lesson"], given["question"], given["version"]) == ("pipeline", "s1-passes", 1)
    assert (given["raw"], given["response"], given["score"]) == ("5", 5, 0)
    assert (given["run"], given["attempt"], given["max_score"]) == (run.pk, 1, 1)
    assert given["misconceptions"] == ["epoch-is-one-update"]
    assert datetime.fromisoformat(given["created"]).tzinfo


def test_the_data_do_not_give_an_answer_away(course: None, alice: User, calm: Trace) -> None:
    """With an attempt left, neither the right number nor the way to it stands in there."""
    answer_stage(alice, predict(alice, calm), "5")
    stored_answer = Answer.objects.get(question__slug="s1-passes")
    assert stored_answer.gap == -45
    (row,) = (
        row
        for row in json.loads(browser(alice).get(DATA).content)["answers"]
        if row["question"] == "s1-passes"
    )
    assert not {"gap", "evidence", "matched"} & set(row)
    assert "50" not in {str(value) for value in row.values()}
    assert "-45" not in {str(value) for value in row.values()}


def test_a_guest_has_data_and_nobody_has_none(calm: Trace) -> None:
    guest = User.objects.create_guest()
    stored(calm, guest)
    document = browser(guest).get(DATA).json()
    assert (document["profile"]["kind"], document["profile"]["name"]) == ("guest", None)
    assert len(document["runs"]) == 1
    assert browser().get(DATA)["Location"] == "/account/"


def test_what_was_typed_comes_back_as_it_was(course: None, alice: User, calm: Trace) -> None:
    question, run = Question.objects.get(slug="s1-passes"), predict(alice, calm)
    odd = ' \uff15 <b>"'
    assert send(alice, card(question, alice, run), odd).status in (200, 422)
    Answer(
        learner=alice, question=question, version=question.versions.get(), attempt=7, raw=odd,
        response=odd, max_score=1, score=0, correct=False,
    ).save()  # fmt: skip
    assert strict(browser(alice).get(DATA).content.decode())["answers"][-1]["raw"] == odd


def test_hints_that_were_taken_are_exported(course: None, alice: User, calm: Trace) -> None:
    question, run = Question.objects.get(slug="s1-passes"), predict(alice, calm)
    shown = card(question, alice, run)
    reply(alice, nobody, {"token": shown.token, "hint": "1"})
    send(alice, shown, "50")
    document = strict(browser(alice).get(DATA).content.decode())
    assert document["answers"][-1]["hints"] == 1
    (hint,) = document["hints"]
    assert hint.pop("at")
    assert hint == {
        "lesson": "pipeline", "question": "s1-passes", "version": 1, "run": run.pk,
        "mode": "learn", "attempt": 1, "number": 1,
    }  # fmt: skip


def test_many_runs_are_exported_in_few_queries(
    course: None, alice: User, calm: Trace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        answer_stage(alice, predict(alice, calm), "50")
    client = browser(alice)
    with django_assert_max_num_queries(11):
        client.get(DATA)
