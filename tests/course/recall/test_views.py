"""The pages of recall: what is asked, what an answer does, and that nothing is told before it."""

import json
import re
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.quiz.models import Answer, Question
from course.recall.models import Memory, Review
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, send, snapshot
from tests.course.recall.conftest import Clock
from tests.course.recall.recalling import learn
from tests.forms import form_of
from tests.staging import browser, nothing_changed, nothing_written, short, stored, text
from tests.trainer.engine.reading import strict
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db

PAGE, ANSWERS = "/recall/", "/recall/answers/"
QUERIES = 14
EVERYTHING = (Answer, Memory, Review)


def page(client: Client, at: str = PAGE) -> str:
    with nothing_written():
        response = client.get(at)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def fill(client: Client, option: str = "optimizer.step()", **more: str) -> dict[str, str]:
    """What the browser would send with that option chosen."""
    shown = page(client)
    found = re.search(rf'value="(\d)" required><span class="text">{re.escape(option)}', shown)
    assert found
    form = form_of(shown.encode(), action=ANSWERS)
    return form | {"response": found[1], "confidence": "sure"} | more


# -- what is asked ---------------------------------------------------------------------------


def test_who_has_answered_nothing_is_led_on(ask: Ask, alice: User, bob: User) -> None:
    learn(ask(), bob)
    for person in (None, User.objects.create_guest(), alice):
        shown = page(browser(person))
        assert "Nothing to recall yet" in shown
        assert 'href="/lessons/"' in shown
        assert "<form" not in shown.split("<main")[1].split("</main>")[0]


def test_before_its_day_nothing_is_asked(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=1)
    words = text(page(browser(alice)))
    assert "Nothing is due" in words
    assert "The next question comes on 25 Mar 2026, tomorrow." in words
    clock.go(hours=23)
    assert "comes today at 09:30 UTC" in text(page(browser(alice)))


def test_a_due_question_is_asked_how_sure_comes_first(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    learn(ask("second"), alice)
    clock.go(days=2)
    shown = page(browser(alice))
    assert "2 questions are due" in shown
    assert shown.count('<article class="question"') == 1
    assert shown.index('name="confidence"') < shown.index('name="response"')
    assert "point" not in text(shown.split("<article", 1)[1].split("</article>", 1)[0])


def test_nothing_is_told_before_the_answer(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice, "zero")
    clock.go(days=2)
    client = browser(alice)
    assert "CANARY" not in page(client)
    assert "CANARY-explanation" in page(client, _send(client, fill(client)))


def test_a_question_about_a_run_says_which_with_its_settings(
    ask: Ask, alice: User, clock: Clock, calm: Trace
) -> None:
    question = ask(kind="number", key="{probe last_running_loss}")
    send(alice, card(question, alice, stored(calm, alice)), "1")
    clock.go(days=2)
    client = browser(alice)
    assert "1 question waits for a run" in text(page(client))
    fresh = stored(short(seed=7), None, name="calm-seed-7")
    shown = page(client)
    assert f"run {fresh.badge}, seed 7" in text(shown)
    assert "batch size 20, epochs 2" in text(shown)
    answer = form_of(shown.encode(), action=ANSWERS) | {"response": "9", "confidence": "guess"}
    assert f"run {fresh.badge}" in text(page(client, _send(client, answer)))


def test_few_queries_are_asked(
    ask: Ask, alice: User, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for slug in ("one", "two", "three", "four", "five"):
        learn(ask(slug), alice)
    clock.go(days=2)
    client = browser(alice)
    with django_assert_max_num_queries(QUERIES):
        client.get(PAGE)


# -- answering -------------------------------------------------------------------------------


def _send(client: Client, form: dict[str, str]) -> str:
    """Post a card; where it leads."""
    response = client.post(ANSWERS, form)
    assert response.status_code == HTTPStatus.SEE_OTHER
    return str(response["Location"])


def test_an_answer_leads_to_its_reply_and_on(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    learn(ask("second"), alice)
    clock.go(days=3)
    client = browser(alice)
    at = _send(client, fill(client))
    answer = Answer.objects.get(mode="recall")
    assert at == f"/recall/answers/{answer.pk}/"
    words = text(page(client, at))
    assert "Rated Good. 1 more question is due." in words
    back = Memory.objects.get(question=answer.question).due
    assert f"It comes back on {back.day} {back:%b %Y}, in" in words
    assert 'href="/recall/">Next question' in page(client, at)
    words = text(page(client, _send(client, fill(client, "loss.backward()"))))
    assert "Rated Again. Nothing more is due." in words
    assert "It comes back on 27 Mar 2026, tomorrow" in words


def test_to_htmx_the_answer_is_the_changed_part(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    client = browser(alice)
    response = client.post(ANSWERS, fill(client), headers={"hx-request": "true"})
    answer = Answer.objects.get(mode="recall")
    assert (response.status_code, response["HX-Retarget"]) == (200, "#recall")
    assert response["HX-Push-Url"] == f"/recall/answers/{answer.pk}/"
    part = response.content.decode()
    assert "<html" not in part
    assert "Rated Good" in part
    assert 'id="recall-due" hx-swap-oob="true"></span>' in part


def test_the_same_post_again_changes_nothing(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    client = browser(alice)
    form = fill(client)
    at = _send(client, form)
    with nothing_changed():
        assert _send(client, form) == at
        other = form | {"response": str((int(form["response"]) + 1) % 3)}
        assert client.post(ANSWERS, other).status_code == HTTPStatus.CONFLICT


def test_what_cannot_be_read_comes_back_beside_its_field(
    ask: Ask, alice: User, clock: Clock
) -> None:
    question = ask(kind="number", key="7")
    send(alice, card(question, alice), "7")
    clock.go(days=3)
    client = browser(alice)
    form = form_of(page(client).encode(), action=ANSWERS)
    for headers in ({}, {"hx-request": "true"}):
        with nothing_changed():
            response = client.post(
                ANSWERS, form | {"response": "<b>", "confidence": "fairly"}, headers=headers
            )
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        shown = response.content.decode()
        assert 'value="&lt;b&gt;"' in shown
        assert 'value="fairly" checked' in shown
        assert "errorlist" in shown


def test_what_is_no_longer_due_is_said_and_the_page_stands(
    ask: Ask, alice: User, clock: Clock
) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    client = browser(alice)
    form = fill(client)
    clock.go(days=-2)
    with nothing_changed():
        response = client.post(ANSWERS, form)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "not due any more" in text(response.content)
    assert "Nothing is due" in text(response.content)


def test_a_card_of_a_lesson_or_none_is_refused(ask: Ask, alice: User) -> None:
    shown, client = card(ask(), alice), browser(alice)
    for token in (shown.token, "", "x" * 500):
        with nothing_changed():
            assert client.post(ANSWERS, {"token": token, "response": "0"}).status_code == 400


def test_nobody_becomes_a_guest_here(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    form = fill(browser(alice))
    with nothing_changed():
        assert browser().post(ANSWERS, form).status_code == HTTPStatus.CONFLICT


def test_an_answer_is_its_learner_s(ask: Ask, alice: User, bob: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    client = browser(alice)
    lesson = Answer.objects.get()
    at = _send(client, fill(client))
    for person in (bob, User.objects.create_guest(), None):
        assert browser(person).get(at).status_code == HTTPStatus.NOT_FOUND
    # An answer of a lesson has its page there, with attempts that are left.
    assert client.get(f"/recall/answers/{lesson.pk}/").status_code == HTTPStatus.NOT_FOUND


# -- elsewhere -------------------------------------------------------------------------------


def header(client: Client, at: str = "/runs/") -> str:
    return text(client.get(at).content.decode().split('aria-label="Main"', 1)[1].split("</nav>")[0])


def test_the_header_counts_what_is_due(ask: Ask, alice: User, bob: User, clock: Clock) -> None:
    learn(ask(), alice)
    assert "Recall Progress" in header(browser(alice))
    clock.go(days=2)
    assert "Recall1 due Progress" in header(browser(alice))
    assert "Recall Progress" in header(browser(bob))
    assert "Recall Progress" in header(browser())


def test_the_front_page_and_progress_tell_what_is_due(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    stored(short(), alice)
    client = browser(alice)
    assert "1 question comes back for you to answer from memory. The next comes" in text(
        client.get("/progress/").content
    )
    assert "1 question is due" not in text(client.get("/").content)
    clock.go(days=2)
    front = client.get("/").content.decode()
    assert "1 question is due" in text(front)
    assert 'href="/recall/">Recall</a>' in front
    assert "1 is due." in text(client.get("/progress/").content)


def test_the_export_has_every_review(ask: Ask, alice: User, bob: User, clock: Clock) -> None:
    for person in (alice, bob):
        learn(ask(), person)
    clock.go(days=3)
    client = browser(alice)
    _send(client, fill(client))
    document = strict(client.get("/account/export.json").content.decode())
    (memory,) = document["recall"]
    assert (memory["lesson"], memory["question"]) == ("lesson", "colour")
    assert memory["due"] == Memory.objects.get(learner=alice).due.isoformat()
    first, second = memory["reviews"]
    assert (first["rating"], first["was_due"], first["elapsed_days"]) == ("Good", None, None)
    assert (second["rating"], second["elapsed_days"]) == ("Good", 3.0)
    assert [each["mode"] for each in document["answers"]] == ["learn", "recall"]
    assert [each["id"] for each in document["answers"]] == [first["answer"], second["answer"]]


def test_how_sure_one_was_is_told_apart(ask: Ask, alice: User, clock: Clock) -> None:
    for slug in ("one", "two"):
        learn(ask(slug), alice)
    client = browser(alice)
    assert 'id="sureness"' not in page(client)
    clock.go(days=3)
    _send(client, fill(client))
    _send(client, fill(client, "loss.backward()"))
    told = page(client).split('id="sureness"', 1)[1].split("</table>", 1)[0]
    assert text(told.split("<tbody>", 1)[1]).split() == ["Sure", "2", "1"]


def test_what_is_archived_is_gone_and_its_log_is_not(ask: Ask, alice: User, clock: Clock) -> None:
    learn(ask(), alice)
    clock.go(days=3)
    client = browser(alice)
    form = fill(client)
    Question.objects.update(archived=True)
    assert "Nothing to recall yet" in page(client)
    # Whoever was answering it meanwhile may still send it.
    assert "Rated Good" in page(client, _send(client, form))
    before = snapshot(*EVERYTHING)
    assert json.loads(client.get("/account/export.json").content)["recall"]
    assert snapshot(*EVERYTHING) == before
