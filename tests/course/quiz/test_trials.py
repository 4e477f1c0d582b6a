"""Answers that are run before they are graded: the whole way, and when no runner is free."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from course.accounts.models import User
from course.quiz import evidence, marking, versions
from course.quiz.content import Content
from course.quiz.models import Answer, Question
from course.quiz.parts import Card
from course.quiz.reply import Reply, reply
from tests.course.quiz.conftest import Ask
from tests.course.quiz.examples import ORDER, PROGRAM, asked, said
from tests.course.quiz.posting import card, nobody, send
from tests.staging import Raising, runner_raises
from trainer.engine.facts import FACT_VERSION, FACTS
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy, Overdue, RunnerLost

__all__ = ["runner_raises"]

pytestmark = pytest.mark.django_db

RIGHT = ["zero_grad()", "model(x)", "criterion(", "backward()", "step()"]
WRONG = ["model(x)", "criterion(", "backward()", "zero_grad()", "step()"]


@pytest.fixture
def question(ask: Ask) -> Question:
    return ask(**_fields(ORDER))


def _fields(content: Content) -> dict[str, Any]:
    return asdict(content) | {"options": content.options}


def ordered(shown: Card, lines: list[str]) -> str:
    """What the form sends for lines in this order."""
    texts = [line["text"] for line in shown.asks["lines"]]
    sent = [f"{place}=" for place in range(len(texts))]
    for number, line in enumerate(lines, 1):
        place = next(index for index, text in enumerate(texts) if line in text)
        sent[place] = f"{place}={number}"
    return "\n".join(sent)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each run of an answer, whether a transaction was open."""
    seen: list[bool] = []
    real = executor().run

    def run(spec: RunSpec, program: Program, **options: str) -> Trace:
        seen.append(len(connection.savepoint_ids) > 0)
        return real(spec, program, **options)

    monkeypatch.setattr(executor(), "run", run)
    return seen


def test_an_order_is_run_and_its_facts_are_kept(question: Question, alice: User) -> None:
    shown = card(question, alice)
    after = send(alice, shown, ordered(shown, RIGHT))
    assert (after.status, after.card.state) == (200, "right")
    kept = Answer.objects.get().evidence
    assert {name: kept[f"fact.{name}"] for name in FACTS} == {
        name: {"value": True, "version": FACT_VERSION} for name in FACTS
    }


def test_a_wrong_order_gets_the_numbers_of_its_own_run(ask: Ask, alice: User) -> None:
    wiped = said("wiped", "zero-between", value="back clear update")
    told = replace(wiped, evidence="It moved by {probe ran.largest_change .3f}.")
    question = ask(**_fields(replace(ORDER, options=(*ORDER.options[:6], told))))
    shown = card(question, alice)
    after = send(alice, shown, ordered(shown, WRONG)).card
    assert after.feedback
    assert after.feedback.evidence == ("It moved by 0.000.",)
    assert Answer.objects.get().evidence["ran.largest_change"]["value"] == 0


@pytest.mark.parametrize("error", [Busy(7), RunnerLost(), Overdue()])
def test_without_a_runner_the_form_is_kept_and_no_attempt_is_used(
    question: Question, alice: User, runner_raises: Raising, error: Exception
) -> None:
    shown = card(question, alice)
    raw = ordered(shown, RIGHT)
    runner_raises(error)
    after = send(alice, shown, raw, "sure")
    assert after.status == 503
    assert after.retry_after
    assert (after.card.typed, after.card.confidence) == (raw, "sure")
    assert after.card.error
    assert after.card.attempts_left == shown.attempts_left
    assert not Answer.objects.exists()


def test_the_same_answer_twice_is_run_once(
    question: Question, alice: User, runs: list[bool]
) -> None:
    shown = card(question, alice)
    for _ in range(3):
        assert send(alice, shown, ordered(shown, WRONG)).status == 200
    assert Answer.objects.count() == 1
    assert len(runs) <= 2  # one of them may be the correct loop's


def test_a_form_of_before_is_not_run(question: Question, alice: User, runs: list[bool]) -> None:
    shown = card(question, alice)
    send(alice, shown, ordered(shown, WRONG))
    runs.clear()
    assert send(alice, shown, ordered(shown, RIGHT)).status == 409
    assert runs == []


def test_no_transaction_is_open_while_it_runs(
    question: Question, alice: User, runs: list[bool]
) -> None:
    shown = card(question, alice)
    send(alice, shown, ordered(shown, RIGHT))
    assert runs
    assert not any(runs)


def test_a_program_is_typed_mended_and_right(ask: Ask, alice: User) -> None:
    question = ask(**_fields(PROGRAM))
    body = ["x = scale(x)", "optimizer.zero_grad()", "logits = model(x)",
            "loss = criterion(logits, y)", "loss.backward()"]  # fmt: skip
    text = "for epoch in range(epochs):\n  for x, y in loader:\n    " + "\n    ".join(body)
    shown = card(question, alice)
    slip = send(alice, shown, text.replace("backward", "backwards"))
    assert (slip.status, slip.card.attempts_left) == (422, 2)
    assert slip.card.errors[0].startswith("Line 7: <code>loss.backwards</code> ")
    still = send(alice, shown, text)
    assert still.card.feedback
    assert "CANARY-heading of still." in str(still.card.feedback.title)
    assert still.card.typed == text
    right = send(alice, still.card, f"{text}\n    optimizer.step()\n")
    assert right.card.state == "right"
    assert right.card.rows[0].text == f"{text}\n    optimizer.step()"


def test_grading_again_gives_the_same_without_a_runner(
    question: Question, alice: User, runner_raises: Raising
) -> None:
    shown = card(question, alice)
    send(alice, shown, ordered(shown, WRONG))
    runner_raises(Busy(3))
    answer = Answer.objects.get()
    content = Content.from_json(answer.version.content)
    verdict = marking.grade(content, evidence.recall(answer.evidence), answer.response)
    assert verdict
    assert (verdict.share, verdict.matched) == (answer.score, answer.matched)


def test_a_form_may_send_many_values(ask: Ask, alice: User) -> None:
    """As a browser does: several boxes under one name, several lists under names of their own."""
    question = ask(**_fields(asked("multiple", *ORDER.options[:1], said("b", text="b"))))
    shown = card(question, alice)
    form = QueryDict(mutable=True)
    form.update({"token": shown.token, "confidence": "", "response.other": "7", "responses": "9"})
    form.setlist("response", ["0", "1"])
    after: Reply = reply(alice, nobody, form)
    assert after.status == 422  # `response.other` belongs to it
    del form["response.other"]
    assert reply(alice, nobody, form).status == 200
    assert Answer.objects.get().raw == "0\n1"


def test_what_has_no_new_field_is_the_version_that_it_was(ask: Ask) -> None:
    content = versions.current_of(ask().pk).content
    assert not {"unit", "code", "facts", "levels"} & set(content)
    assert Content.from_json(content).as_json() == content
