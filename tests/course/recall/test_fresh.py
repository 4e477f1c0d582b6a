"""Which run is asked about: never one that was, and where it can be one with another answer."""

import pytest

from course.accounts.models import User
from course.quiz.content import Content
from course.quiz.models import Answer, Question
from course.quiz.versions import content_of
from course.recall.fresh import fresh_run
from course.recall.models import Memory
from course.recall.turn import turn
from tests.course.quiz.conftest import Ask
from tests.course.quiz.posting import card, send
from tests.course.recall.conftest import Clock
from tests.course.recall.recalling import asked, recall
from tests.staging import nothing_written, short, stored
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = pytest.mark.django_db

LOSS = {"kind": "number", "key": "{probe last_running_loss}", "tolerance": 1e-9}
STEPS = {"kind": "number", "key": "{probe steps_planned}"}


@pytest.fixture(autouse=True)
def warmed(calm: Trace) -> None:
    """The first run of a process is slow, and a short one may not outlast that."""


def enter(question: Question, learner: User, run: Run) -> Memory:
    """Answer it beside a run, whatever that is worth."""
    assert send(learner, card(question, learner, run), "1").status == 200
    return Memory.objects.get(learner=learner, question=question)


def found(memory: Memory) -> Run | None:
    content: Content = content_of(memory.question)
    with nothing_written():
        return fresh_run(memory.learner, memory, content)


def course_run(name: str, **settings: float) -> Run:
    return stored(short("", **settings), None, name=name)


def test_a_run_of_the_course_with_another_seed_is_asked_about(
    ask: Ask, alice: User, clock: Clock
) -> None:
    memory = enter(ask(**LOSS), alice, stored(short(seed=1), alice))
    course_run("calm", seed=9)
    course_run("calm-seed-1", seed=1)  # the same numbers as alice's own
    fresh = course_run("calm-seed-2", seed=2)
    assert found(memory) == fresh


def test_it_is_the_same_until_the_answer_and_then_another(
    ask: Ask, alice: User, clock: Clock
) -> None:
    question = ask(**LOSS)
    memory = enter(question, alice, stored(short(seed=1), alice))
    for seed in range(2, 6):
        course_run(f"calm-seed-{seed}", seed=seed)
    used = list[Run]()
    for _ in range(4):
        memory.refresh_from_db()
        run = found(memory)
        assert run
        assert found(memory) == run
        clock.now = memory.due
        assert recall(alice, asked(question, alice, run), "1").status == 200
        used.append(run)
    assert len(set(used)) == 4
    memory.refresh_from_db()
    assert found(memory) is None


def test_of_runs_the_one_with_another_right_answer_is_taken(
    ask: Ask, alice: User, clock: Clock
) -> None:
    """What settings alone decide is the same number under every seed."""
    memory = enter(ask(**STEPS), alice, stored(short(seed=1), alice))
    for seed in range(2, 8):
        course_run(f"calm-seed-{seed}", seed=seed)
    longer = course_run("published", epochs=3)
    assert found(memory) == longer


def test_where_every_answer_would_be_the_same_another_run_will_do(
    ask: Ask, alice: User, clock: Clock
) -> None:
    memory = enter(ask(**STEPS), alice, stored(short(seed=1), alice))
    fresh = course_run("calm-seed-2", seed=2)
    assert found(memory) == fresh


def test_own_runs_come_after_those_of_the_course(ask: Ask, alice: User, clock: Clock) -> None:
    memory = enter(ask(**LOSS), alice, stored(short(seed=1), alice))
    mine = stored(short(seed=3), alice)
    assert found(memory) == mine
    fresh = course_run("calm-seed-2", seed=2)
    assert found(memory) == fresh


def test_runs_of_others_and_broken_ones_are_not_asked_about(
    ask: Ask, alice: User, bob: User, clock: Clock
) -> None:
    memory = enter(ask(**LOSS), alice, stored(short(seed=1), alice))
    stored(short(seed=2), bob)
    stored(short("loss,forward", seed=3), alice)
    stored(short("forward,loss,backward,zero_grad,step", seed=4), None, name="zero-between")
    assert found(memory) is None


def test_a_question_without_a_run_waits_and_the_others_are_asked(
    ask: Ask, alice: User, clock: Clock
) -> None:
    memory = enter(ask(**LOSS), alice, stored(short(seed=1), alice))
    other = ask("other", kind="number", key="1")
    assert send(alice, card(other, alice), "1").status == 200
    clock.go(days=9)
    first = turn(alice, [memory])
    assert (first.card, first.waiting) == (None, 1)
    both = turn(alice, list(Memory.objects.select_related("question")))
    assert both.card
    assert (both.card.slug, both.run, both.waiting) == ("other", None, 1)
    fresh = course_run("calm-seed-2", seed=2)
    again = turn(alice, [memory])
    assert (again.run, again.waiting) == (fresh, 0)


def test_the_review_is_of_the_run_that_was_shown(ask: Ask, alice: User, clock: Clock) -> None:
    question = ask(**LOSS)
    enter(question, alice, stored(short(seed=1), alice))
    fresh = course_run("calm-seed-2", seed=2)
    clock.go(days=3)
    loss = short(seed=2).document["epochs"][-1]["running_loss"]
    assert recall(alice, asked(question, alice, fresh), repr(loss)).card.state == "right"
    answer = Answer.objects.latest("pk")
    assert (answer.run, answer.variant, answer.correct) == (fresh, fresh.pk, True)
