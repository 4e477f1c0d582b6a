"""Answers to questions that need a run: locked before it, settled by it, once."""

from typing import Any

import pytest
from django.db import IntegrityError

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.told import told_run
from course.quiz import commitments, versions
from course.quiz.answering import answered
from course.quiz.cards import card_of
from course.quiz.content import Option
from course.quiz.models import Answer, Question
from course.quiz.parts import Card
from course.quiz.reply import Reply, reply
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, nobody, send, snapshot
from tests.staging import cut_short, short, stored, without_trace
from tests.tables import own_table, run_on
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy, RunnerLost
from trainer.models import Run, StoredTrace

pytestmark = pytest.mark.django_db

NEEDS = "optimizer=sgd&lr=0.5"
STEPS = 4


@pytest.fixture
def counted(ask: Ask) -> Question:
    """How many steps a run under SGD makes: known to be 4 beside a short run, and told by it."""
    return ask(
        kind="number",
        needs=NEEDS,
        max_attempts=1,
        key="{probe steps_run}",
        explanation="CANARY-explanation: it was {probe steps_run}.",
        nudge="CANARY-heading.\nCANARY-nudge: it was {probe steps_run}.",
        options=(
            Option(
                "epochs",
                value="{probe epochs}",
                misconception="epoch-is-one-update",
                feedback="CANARY-feedback.",
                evidence="CANARY-evidence: {probe steps_run}.",
            ),
        ),
    )


@pytest.fixture
def doubted(ask: Ask) -> Question:
    """The same, of runs alone that made more than a thousand steps."""
    return ask(
        kind="number",
        needs=NEEDS,
        max_attempts=1,
        key="{probe steps_run}",
        explanation="CANARY-explanation.",
        only_if="steps_run > 1000",
        otherwise="It made {probe steps_run} steps.",
    )


@pytest.fixture
def mine(alice: User) -> Run:
    return stored(short(), alice)


def settling(question: Question) -> Run:
    run = Answer.objects.get(question=question).run
    assert run
    return run


def again(learner: User, shown: Card, **fields: str) -> Reply:
    assert shown.needs
    return reply(learner, nobody, {"token": shown.needs.token, "run": "1", **fields})


# -- locked, then run ----------------------------------------------------------------------


def test_an_answer_is_locked_and_its_run_is_made_and_settles_it(
    counted: Question, alice: User, mine: Run
) -> None:
    done = send(alice, card(counted, alice, mine), "4", "sure")
    assert (done.status, done.card.state) == (200, "right")
    run = settling(counted)
    assert run != mine
    assert run.owner == alice
    assert run.spec == mine.spec | {"optimizer": "sgd", "lr": 0.5}
    answer = Answer.objects.get()
    assert (answer.score, answer.correct, answer.confidence) == (1, True, "sure")
    assert answer.evidence["steps_run"]["value"] == STEPS
    assert done.card.feedback
    assert "4" in done.card.feedback.text[0]
    assert done.card.feedback.run
    assert run.badge in done.card.feedback.run["name"]


def test_a_wrong_answer_shows_its_belief_and_is_the_only_one(
    counted: Question, alice: User, mine: Run
) -> None:
    done = send(alice, card(counted, alice, mine), "2")
    assert (done.card.state, done.card.token) == ("spent", "")
    answer = Answer.objects.get()
    assert (answer.score, answer.misconception) == (0, "epoch-is-one-update")
    assert done.card.feedback
    assert done.card.feedback.key == "4"


def test_the_answer_is_there_before_the_run_begins(
    counted: Question, alice: User, mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def run(*given: Any, **named: Any) -> Trace:
        locked = Answer.objects.get()
        asked.append((locked.response, locked.score, locked.run_id, locked.ungraded))
        return work(*given, **named)

    work = executor().run
    monkeypatch.setattr(executor(), "run", run)
    send(alice, card(counted, alice, mine), "4")
    assert asked == [(4.0, None, settling(counted).pk, False)]


@pytest.mark.parametrize("raw", ["", "many", "4\n5", "\0"])
def test_no_run_is_made_of_what_is_no_answer(
    counted: Question, alice: User, mine: Run, raw: str
) -> None:
    before = snapshot(Run, Answer, StoredTrace)
    done = send(alice, card(counted, alice, mine), raw)
    assert (done.status, done.card.state) == (422, "open")
    assert snapshot(Run, Answer, StoredTrace) == before


def test_no_run_is_made_without_an_answer(counted: Question, alice: User, mine: Run) -> None:
    """Whoever asks for the run alone, with the token of a card that is open."""
    before = snapshot(Run, Answer, StoredTrace)
    form = {"token": card(counted, alice, mine).token, "run": "1"}
    assert reply(alice, nobody, form).status == 409
    assert snapshot(Run, Answer, StoredTrace) == before


def test_nothing_of_what_came_is_told_before(counted: Question, alice: User, mine: Run) -> None:
    shown = card(counted, alice, mine)
    assert "CANARY" not in repr(shown)
    assert shown.state == "open"
    assert shown.asks == {}


def test_the_card_says_in_what_the_run_differs(counted: Question, alice: User, mine: Run) -> None:
    needs = card(counted, alice, mine).needs
    assert needs
    told = {each["name"]: (each["here"], each["beside"]) for each in needs.settings}
    assert told == {"Optimizer": ("sgd", "adam"), "Learning rate": ("0.5", "0.02")}
    assert needs.lines == []


def test_a_visitor_answers_beside_the_course_s_run(counted: Question, alice: User) -> None:
    course = stored(short(), None, name="calm")
    done = reply(None, lambda: alice, {"token": card(counted, None, course).token, "response": "4"})
    assert done.card.state == "right"
    assert settling(counted).owner == alice


def test_there_may_be_no_run_at_all(counted: Question, alice: User) -> None:
    assert send(alice, card(counted, alice), "50").card.state == "right"


# -- once ----------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_run_and_one_answer(
    counted: Question, alice: User, mine: Run
) -> None:
    shown = card(counted, alice, mine)
    first = send(alice, shown, "4")
    before = snapshot(Run, Answer, StoredTrace)
    second = send(alice, shown, "4")
    assert (second.status, second.card.state) == (first.status, first.card.state) == (200, "right")
    assert snapshot(Run, Answer, StoredTrace) == before


def test_another_answer_in_a_second_tab_comes_too_late(
    counted: Question, alice: User, mine: Run
) -> None:
    one, other = card(counted, alice, mine), card(counted, alice, mine)
    send(alice, one, "2")
    before = snapshot(Run, Answer, StoredTrace)
    late = send(alice, other, "4")
    assert (late.status, late.card.state) == (409, "spent")
    assert late.card.notice
    assert snapshot(Run, Answer, StoredTrace) == before


def test_an_answer_that_meets_another_s_run_on_the_way_comes_too_late(
    counted: Question, alice: User, mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tabs at once: the second looked before the first had locked anything."""
    one, other = card(counted, alice, mine), card(counted, alice, mine)
    send(alice, one, "2")
    blind = [None]
    look = commitments._Turn.locked
    monkeypatch.setattr(
        commitments._Turn, "locked", lambda turn: blind.pop() if blind else look(turn)
    )
    monkeypatch.setattr(commitments, "seen", lambda *_: set())
    before = snapshot(Run, Answer)
    assert send(alice, other, "4").status == 409
    assert snapshot(Run, Answer) == before


def test_the_next_seed_is_asked_anew(counted: Question, alice: User, mine: Run) -> None:
    send(alice, card(counted, alice, mine), "2")
    version = versions.current_of(counted.pk)
    shown = card_of(version, alice, mine, turn=2)
    assert shown.state == "open"
    assert shown.needs
    assert shown.needs.settings[-1] == {"name": "Seed", "here": "139", "beside": "138"}
    assert send(alice, shown, "4").card.state == "right"
    assert [answer.attempt for answer in Answer.objects.all()] == [1, 1]
    assert sorted(run.spec["seed"] for run in Run.objects.exclude(pk=mine.pk)) == [138, 139]
    assert card(counted, alice, mine).state == "right"


def test_a_run_that_was_seen_in_the_lab_is_not_asked_about(
    counted: Question, alice: User, mine: Run
) -> None:
    old = card(counted, alice, mine)
    stored(short(optimizer="sgd", lr=0.5), alice)
    shown = card(counted, alice, mine)
    assert shown.needs
    assert shown.needs.settings[-1]["here"] == "139"
    before = snapshot(Run, Answer)
    late = send(alice, old, "4")
    assert (late.status, late.card.notice) == (409, commitments.SEEN)
    assert snapshot(Run, Answer) == before


def test_equal_runs_are_one_question_whatever_page_asks(
    counted: Question, alice: User, mine: Run
) -> None:
    send(alice, card(counted, alice, mine), "4")
    like = stored(short(lr=0.001), alice)
    assert card(counted, alice, like).state == "right"


# -- what did not come about ---------------------------------------------------------------


def test_an_effect_that_is_absent_is_said_and_costs_nothing(
    doubted: Question, alice: User, mine: Run
) -> None:
    done = send(alice, card(doubted, alice, mine), "4")
    assert (done.status, done.card.state, done.card.is_over) == (200, "ungraded", True)
    answer = Answer.objects.get()
    assert (answer.score, answer.correct, answer.ungraded) == (None, None, True)
    feedback = done.card.feedback
    assert feedback
    assert not feedback.graded
    assert feedback.text == ("It made 4 steps.",)
    assert "CANARY" not in repr(done.card)
    assert (done.card.token, done.card.needs and done.card.needs.token) == ("", "")


def test_what_is_not_graded_is_told_to_nobody(doubted: Question, alice: User, mine: Run) -> None:
    told = []
    answered.connect(listener := lambda answer, **_: told.append(answer))
    try:
        send(alice, card(doubted, alice, mine), "4")
    finally:
        answered.disconnect(listener)
    assert told == []


def test_a_run_without_such_a_number_is_not_graded_either(ask: Ask, alice: User, mine: Run) -> None:
    question = ask(
        kind="number", needs="lines=loss,forward", max_attempts=1, key="{probe heldout_loss}"
    )
    done = send(alice, card(question, alice, mine), "1")
    assert done.card.state == "ungraded"
    assert settling(question).status == "failed"


def test_the_database_takes_no_score_of_what_is_not_graded(
    doubted: Question, alice: User, mine: Run
) -> None:
    send(alice, card(doubted, alice, mine), "4")
    answer = Answer.objects.get()
    with pytest.raises(IntegrityError):
        Answer.objects.create(
            learner=alice, question=doubted, version=answer.version, attempt=2, response=4,
            score=1, max_score=1, correct=True, ungraded=True,
        )  # fmt: skip


# -- when it goes wrong --------------------------------------------------------------------


def fails(patch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: Any, **__: Any) -> Trace:
        raise error

    patch.setattr(executor(), "run", refuse)


@pytest.mark.parametrize(
    ("error", "status"), [(Busy(3), 503), (RunnerLost(), 200)], ids=["busy", "lost"]
)
def test_a_run_that_is_not_made_leaves_the_answer_locked(
    counted: Question,
    alice: User,
    mine: Run,
    error: Exception,
    status: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, error)
        done = send(alice, card(counted, alice, mine), "4")
    assert (done.status, done.card.state) == (status, "locked")
    assert done.retry_after == (3 if status == 503 else None)
    assert Answer.objects.locked().count() == 1
    shown = card(counted, alice, mine)
    assert "CANARY" not in repr(shown)
    assert shown.needs
    assert shown.needs.state
    assert [row.text for row in shown.rows] == ["4"]
    assert again(alice, shown).card.state == "right"
    assert Answer.objects.get().score == 1
    assert Run.objects.exclude(pk=mine.pk).count() == 1


def test_a_locked_answer_is_not_changed(counted: Question, alice: User, mine: Run) -> None:
    shown = card(counted, alice, mine)
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, RunnerLost())
        send(alice, shown, "2")
    before = snapshot(Run, Answer)
    assert send(alice, shown, "4").status == 409
    assert snapshot(Run, Answer) == before
    locked = card(counted, alice, mine)
    assert again(alice, locked, response="4").card.state == "spent"
    assert Answer.objects.get().response == 2


def test_a_run_that_was_stopped_settles_nothing(counted: Question, alice: User, mine: Run) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor(), "run", lambda *_, **__: cut_short(at=2))
        shown = send(alice, card(counted, alice, mine), "4").card
    assert shown.state == "locked"
    assert settling(counted).status == "stopped"
    assert again(alice, shown).card.state == "right"
    assert settling(counted).status == "finished"


def test_while_another_run_is_under_way_nothing_is_locked_and_the_answer_is_kept(
    counted: Question, alice: User, mine: Run
) -> None:
    without_trace(alice, "pending")
    done = send(alice, card(counted, alice, mine), "4")
    assert (done.status, done.card.state, done.card.typed) == (409, "open", "4")
    assert done.card.error
    assert not Answer.objects.exists()


def test_a_run_whose_process_is_gone_is_made_again(
    counted: Question, alice: User, mine: Run
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, KeyboardInterrupt())  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            send(alice, card(counted, alice, mine), "4")
    run = settling(counted)
    assert run.status == "pending"
    shown = card(counted, alice, mine)
    assert shown.state == "locked"
    assert again(alice, shown).card.state == "locked"
    Run.objects.filter(pk=run.pk).update(created="2020-01-01T00:00:00Z")
    shown = card(counted, alice, mine)
    assert again(alice, shown).card.state == "right"


# -- whose ---------------------------------------------------------------------------------


def test_a_run_of_somebody_else_settles_nothing_of_mine(
    counted: Question, alice: User, bob: User
) -> None:
    course = stored(short(), None, name="calm")
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, RunnerLost())
        send(alice, card(counted, alice, course), "4")
    send(bob, card(counted, bob, course), "4")
    assert [(answer.learner, answer.score) for answer in Answer.objects.all()] == [
        (alice, None),
        (bob, 1),
    ]


def test_a_card_of_somebody_else_is_refused(
    counted: Question, alice: User, bob: User, mine: Run
) -> None:
    course = stored(short(), None, name="calm")
    before = snapshot(Run, Answer)
    assert send(bob, card(counted, alice, course), "4").status == 409
    assert snapshot(Run, Answer) == before


def test_a_run_on_rows_of_one_s_own_is_made_on_them(counted: Question, alice: User) -> None:
    mine = run_on(own_table(alice))
    done = send(alice, card(counted, alice, mine), "3")
    assert done.card.state == "spent"
    run = settling(counted)
    assert run.table == mine.table
    assert run.spec == mine.spec | {"optimizer": "sgd", "lr": 0.5}
    assert card(counted, alice, mine).state == "spent"


def test_a_guest_s_locked_answer_is_run_by_the_account(counted: Question, alice: User) -> None:
    guest, course = User.objects.create_guest(), stored(short(), None, name="calm")
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, RunnerLost())
        send(guest, card(counted, guest, course), "4")
    merge(guest, alice)
    shown = card(counted, alice, course)
    assert shown.state == "locked"
    assert again(alice, shown).card.state == "right"
    assert Run.objects.of(alice).count() == 1


def test_of_two_answers_that_a_merge_brings_together_the_settled_one_is_shown(
    counted: Question, alice: User
) -> None:
    guest, course = User.objects.create_guest(), stored(short(), None, name="calm")
    send(alice, card(counted, alice, course), "2")
    with pytest.MonkeyPatch.context() as patch:
        fails(patch, RunnerLost())
        send(guest, card(counted, guest, course), "4")
    merge(guest, alice)
    shown = card(counted, alice, course)
    assert (shown.state, [row.text for row in shown.rows]) == ("spent", ["2"])
    assert Answer.objects.filter(learner=alice).count() == 2


# -- pages go on being told by the run of before ---------------------------------------------


def test_the_page_goes_on_with_the_run_of_before(counted: Question, alice: User, mine: Run) -> None:
    send(alice, card(counted, alice, mine), "4")
    assert told_run(alice, "") == mine
    assert told_run(alice, settling(counted).pk) == settling(counted)
    later = stored(short(seed=7), alice)
    assert told_run(alice, "") == later
