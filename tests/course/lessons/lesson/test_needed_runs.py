"""A question in a lesson whose run is made after the answer: its page, its parts, its addresses."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.quiz.models import Answer
from course.recall.due import count_due, memories
from tests.forms import Form, forms
from tests.staging import browser, nothing_written, short, stored, text
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

PAGE = "/lessons/preprocessing/?open=the-loop-does-not-need-the-line-the-training-does"
SLUG = "pp-raw-loss"
CARD = f"q-{SLUG}"
HTMX = {"HX-Request": "true"}


Answered = Any
"""A response, as the client of the tests gives it."""


def form_of(seen: bytes, button: str) -> Form:
    """The form of the question that has this button."""
    card = part(seen).encode()
    (found,) = [form for form in forms(card) if button in card.decode()]
    return found


def part(seen: bytes) -> str:
    (found,) = re.findall(rf'<article [^>]*id="{CARD}".*?</article>', seen.decode(), re.DOTALL)
    return str(found)


def lock(client: Client, said: str, **headers: str) -> Answered:
    form = form_of(client.get(PAGE).content, "Lock and run")
    given = form | {"response": said, "confidence": "sure"}
    return client.post(form.about["action"], given, headers=headers)


@pytest.fixture
def mine(alice: User) -> Run:
    return stored(short(rows=1000, batch_size=100), alice)


def test_the_page_says_what_is_to_be_run_and_nothing_of_what_comes(alice: User, mine: Run) -> None:
    client = browser(alice)
    with nothing_written():
        seen = part(client.get(PAGE).content)
    assert "scale = nn.Identity()" in seen
    assert "Lock and run" in seen
    assert 'name="response"' in seen
    assert "feedback" not in seen


def test_without_a_script_it_leads_back_to_the_page_which_tells_what_came(
    alice: User, mine: Run
) -> None:
    client = browser(alice)
    response = lock(client, "1.1")
    assert response.status_code == 303
    assert response["Location"] == f"{PAGE}#{CARD}"
    seen = client.get(PAGE).content
    answer = Answer.objects.get()
    assert "That is about what scaled rows cost" in part(seen)
    assert answer.run
    assert answer.run.get_absolute_url() in part(seen)
    assert answer.misconception == "scaling-cosmetic"
    assert mine.get_absolute_url() in seen.decode(), "the page goes on with the run of before"


def test_to_htmx_comes_the_section_alone(alice: User, mine: Run) -> None:
    response = lock(browser(alice), "1.1", **HTMX)
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#the-loop-does-not-need-the-line-the-training-does"
    assert "<html" not in response.content.decode()
    assert "That is about what scaled rows cost" in part(response.content)


def test_a_visitor_becomes_a_guest_by_locking(client: Client) -> None:
    with nothing_written():
        form = form_of(client.get(PAGE).content, "Lock and run")
    client.post(form.about["action"], form | {"response": "5"})
    assert Answer.objects.get().learner.is_guest


def test_what_cannot_be_read_is_kept_and_nothing_is_run(alice: User, mine: Run) -> None:
    response = lock(browser(alice), "a lot")
    assert response.status_code == 422
    assert 'value="a lot"' in part(response.content)
    assert Run.objects.of(alice).count() == 1


def test_another_seed_is_asked_at_an_address_of_its_own(alice: User, mine: Run) -> None:
    client = browser(alice)
    lock(client, "1.1")
    (link,) = re.findall(r'href="([^"]*again=[^"]*)"', client.get(PAGE).content.decode())
    with nothing_written():
        seen = client.get(link.replace("&amp;", "&")).content
    assert "139" in part(seen)
    form = form_of(seen, "Lock and run")
    response = client.post(form.about["action"], form | {"response": "9"})
    assert response["Location"] == f"{PAGE}#{CARD}"
    assert "Lock and run" not in part(client.get(PAGE).content)
    assert [answer.run and answer.run.spec["seed"] for answer in Answer.objects.all()] == [138, 139]


@pytest.mark.parametrize("again", ["nothing", "x" * 300, "%00", "pp-skip", ""])
def test_an_odd_wish_is_none(again: str, alice: User, mine: Run) -> None:
    client = browser(alice)
    lock(client, "1.1")
    response = client.get(f"{PAGE}&again={again}")
    assert response.status_code == 200
    assert "Lock and run" not in part(response.content)


def test_a_busy_runner_leaves_it_locked_and_says_when_to_try_again(alice: User, mine: Run) -> None:
    client = browser(alice)

    def busy(*_: object, **__: object) -> Trace:
        raise Busy(7)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor(), "run", busy)
        response = lock(client, "1.1")
    assert (response.status_code, response["Retry-After"]) == (503, "7")
    assert "Your answer is locked." in text(part(response.content))
    seen = client.get(PAGE).content
    form = form_of(seen, "Run it")
    assert "response" not in form
    assert client.post(form.about["action"], form).status_code == 303
    assert "That is about what scaled rows cost" in part(client.get(PAGE).content)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("change", ["x", ""])
def test_an_altered_token_is_refused_and_nothing_is_run(
    change: str, alice: User, mine: Run
) -> None:
    client = browser(alice)
    form = form_of(client.get(PAGE).content, "Lock and run")
    for sent in ({"response": "1"}, {"run": "1"}):
        token = form["token"][:-2] + change if change else ""
        assert client.post(form.about["action"], form | sent | {"token": token}).status_code == 400
    assert Run.objects.of(alice).count() == 1


def test_a_token_about_a_run_of_somebody_else_leads_nowhere(
    alice: User, bob: User, mine: Run
) -> None:
    form = form_of(browser(alice).get(PAGE).content, "Lock and run")
    for sent in ({"response": "1"}, {"run": "1"}):
        assert browser(bob).post(form.about["action"], form | sent).status_code == 404
    assert not Answer.objects.exists()


def test_recall_leaves_it_out(alice: User, mine: Run) -> None:
    lock(browser(alice), "1.1")
    assert Answer.objects.get().score == 0
    assert not memories(alice).exists()
    later = Answer.objects.get().created.replace(year=2099)
    assert count_due(alice, later) == 0


def test_two_queries_more_tell_whose_turn_it_is(
    alice: User, mine: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(alice)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
