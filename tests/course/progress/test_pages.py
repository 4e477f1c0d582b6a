"""Certainty, objectives and beliefs, each on a page of its own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from course.accounts.merging import merge
from course.accounts.models import User
from course.lab.models import Experiment
from course.lessons.models import Lesson
from course.progress.contents import contents, said
from course.progress.given import given
from course.progress.mastery import Standing, State
from course.progress.pages.beliefs import my_beliefs
from course.progress.pages.moments import LATEST
from course.progress.pages.objectives import my_objectives, next_for
from course.quiz.content import Option
from course.quiz.files import QuestionFile
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Answer, Mode, Question
from course.quiz.objectives import OBJECTIVES
from course.quiz.stored import write
from course.recall.models import Memory
from tests.course.progress.rows import MONDAY
from tests.course.quiz.conftest import COLOUR, Ask, stored
from tests.course.quiz.examples import MULTIPLE, ORDER, PROGRAM
from tests.course.quiz.posting import card, place, send
from tests.course.recall.recalling import recall_option
from tests.staging import browser, nothing_written, text
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db

CERTAINTY, OBJECTIVE, BELIEF = "/progress/certainty/", "/progress/objectives/", "/progress/beliefs/"
PAGES = (CERTAINTY, OBJECTIVE, BELIEF)
EMPTY = {CERTAINTY: "Nothing to compare", OBJECTIVE: "Nothing to show", BELIEF: "No answers yet"}


def answer(question: Question, learner: User, option: str, confidence: str = "") -> Answer:
    """Choose in the lesson; gives what was stored."""
    shown = card(question, learner)
    found = send(learner, shown, place(shown, option), confidence).answer
    assert found
    return found


def recall(question: Question, learner: User, option: str) -> Answer:
    """Choose from memory, whenever it is due."""
    Memory.objects.update(due=timezone.now() - timedelta(days=1))
    found = recall_option(question, learner, option).answer
    assert found
    return found


def given_at(answered: Answer, days: float) -> Answer:
    """Let an answer be of another day: for tests alone, as answers do not change."""
    rows = Answer.objects.filter(pk=answered.pk)
    models.QuerySet.update(rows, created=MONDAY + timedelta(days=days))
    return answered


def about(question: Question, objective: str) -> Question:
    Question.objects.filter(pk=question.pk).update(objective=objective)
    return question


def states(learner: User | None) -> dict[str, str]:
    """The beliefs that are told, and their states."""
    return {
        each["said"]: each["state"]
        for stage in my_beliefs(learner)["stages"]
        for each in stage["met"]
    }


# -- every page --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_who_has_answered_nothing_is_led_on(address: str, course: None, alice: User) -> None:
    for person in (None, User.objects.create_guest(), alice):
        client = browser(person)
        with nothing_written():
            shown = client.get(address)
        assert shown.status_code == 200
        assert EMPTY[address] in text(shown.content)
        assert 'href="/lessons/"' in shown.content.decode()
        assert "<table" not in shown.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_it_answers_get_alone_and_writes_nothing(address: str, ask: Ask, alice: User) -> None:
    answer(ask(), alice, "zero", "sure")
    client = browser(alice)
    with nothing_written():
        assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_nobody_sees_another_s(address: str, ask: Ask, alice: User, bob: User) -> None:
    answer(ask(), alice, "zero", "sure")
    assert EMPTY[address] not in text(browser(alice).get(address).content)
    for person in (bob, None, User.objects.create_guest()):
        assert EMPTY[address] in text(browser(person).get(address).content)


@pytest.mark.parametrize("address", ["/progress/", *PAGES])
def test_each_leads_to_all_and_says_which_it_is(address: str, ask: Ask, alice: User) -> None:
    answer(ask(), alice, "step")
    shown = browser(alice).get(address).content.decode()
    for each in ("/progress/", *PAGES):
        current = ' aria-current="page"' if each == address else ""
        assert f'<li><a href="{each}"{current}>' in shown


@pytest.mark.parametrize("address", ["/progress/", *PAGES])
def test_the_number_of_queries_does_not_grow_with_answers(
    address: str, ask: Ask, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = [about(ask(f"q{number}", max_attempts=3), "5.2") for number in range(12)]
    client, counts = browser(alice), []
    for some in (asked[:2], asked[2:]):
        for question in some:
            answer(question, alice, "zero", "sure")
            answer(question, alice, "backward", "guess")
        with django_assert_max_num_queries(8) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", PAGES)
def test_what_is_archived_still_counts(address: str, ask: Ask, alice: User) -> None:
    question = about(ask(), "5.2")
    answer(question, alice, "zero", "sure")
    before = text(browser(alice).get(address).content)
    Question.objects.update(archived=True)
    Lesson.objects.update(archived=True)
    after = text(browser(alice).get(address).content)
    if address != OBJECTIVE:
        assert after == before
    assert "No question asks this now." in text(browser(alice).get(OBJECTIVE).content)


# -- certainty ---------------------------------------------------------------------------------


def test_it_tells_counts_marks_and_what_follows(ask: Ask, alice: User) -> None:
    for number in range(9):
        answer(ask(f"q{number}"), alice, "step" if number < 2 else "zero", "sure")
    answer(ask("other"), alice, "step", "guess")
    words = text(browser(alice).get(CERTAINTY).content)
    assert "Sure: 22 % right of 9, too sure: less often" in words
    assert "Guess: 1 answer says little." in words
    average = (2 * 3 - 7 * 6 + 1) / 10
    assert f"Average mark{average:.3f}".replace("-", "−") in words
    assert "No answer with a confidence so far: Data loading, " in words
    assert "All answers Sure 9 2 22" in words
    assert "Backpropagation Sure 9 2 22" in words


def test_answers_without_a_confidence_leave_it_empty(ask: Ask, alice: User) -> None:
    answer(ask(), alice, "step")
    assert EMPTY[CERTAINTY] in text(browser(alice).get(CERTAINTY).content)


def test_how_sure_one_was_lowers_no_score(ask: Ask, alice: User, bob: User) -> None:
    question = ask()
    for learner, confidence in ((alice, "sure"), (bob, "")):
        answer(question, learner, "zero", confidence)
    told = [text(browser(each).get("/progress/").content) for each in (alice, bob)]
    assert all("0 of 1 point so far." in each for each in told)


# -- objectives --------------------------------------------------------------------------------


def row_of(learner: User, name: str) -> dict[str, Any]:
    stages = my_objectives(learner)["stages"]
    found: dict[str, Any] = next(
        row for stage in stages for row in stage["rows"] if row["said"] == OBJECTIVES[name]
    )
    return found


def test_an_objective_is_mastered_in_a_lesson_and_on_a_later_day_from_memory(
    ask: Ask, alice: User
) -> None:
    question = about(ask(), "5.2")
    answer(about(ask("another"), "5.3"), alice, "zero")
    assert row_of(alice, "5.2")["next"] == {"text": "Answer it in Lesson", "href": "/pipeline/"}
    given_at(answer(question, alice, "step"), 0)
    assert row_of(alice, "5.2")["state"] == "right once"
    assert row_of(alice, "5.2")["next"]["href"] == "/recall/"
    again = given_at(recall(question, alice, "step"), 0.5)
    assert row_of(alice, "5.2")["state"] == "right once"
    given_at(again, 1)
    assert row_of(alice, "5.2")["state"] == "mastered"
    assert row_of(alice, "5.2")["next"] == {"text": ""}
    assert row_of(alice, "5.3")["state"] == "asked, not right at a first try so far"
    assert row_of(alice, "5.4")["state"] == "not asked so far"
    words = text(browser(alice).get(OBJECTIVE).content)
    assert "5 Backpropagation 7 2 1 1" in words
    assert "1 of 7 mastered, 1 right once or more" in words


def test_it_leads_to_a_first_try_as_long_as_a_lesson_has_one(ask: Ask, alice: User) -> None:
    old, fresh = ask(), ask("fresh")
    right_from_memory = Standing(State.RIGHT, {Mode.RECALL: (MONDAY,)}, frozenset({old.pk}))
    right_in_a_lesson = Standing(State.RIGHT, {Mode.LEARN: (MONDAY,)}, frozenset({old.pk}))
    spent = {old.pk}
    assert next_for(right_from_memory, [old, fresh], spent)["href"] == "/pipeline/"
    assert "left so far" in next_for(right_from_memory, [old], spent)["text"]
    assert next_for(right_in_a_lesson, [old, fresh], spent)["href"] == "/recall/"
    # What was answered is asked no more: another question has to enter recall first.
    assert next_for(right_in_a_lesson, [fresh], spent)["href"] == "/pipeline/"
    assert next_for(Standing(), [], spent) == {"text": "No question asks this now."}


# -- beliefs -----------------------------------------------------------------------------------


SAID = {name: BELIEFS[name] for name in ("backward-updates", "zero-grad-resets-weights")}


def test_a_belief_is_shown_overcome_and_shown_again(ask: Ask, alice: User) -> None:
    question = ask(max_attempts=3)
    shown, other = SAID["zero-grad-resets-weights"], SAID["backward-updates"]
    given_at(answer(question, alice, "zero"), 0)
    assert states(alice) == {shown: "shown on 23 Mar 2026"}
    # At a second attempt, after the reply, it is no proof; another option is another belief.
    given_at(answer(question, alice, "backward"), 1)
    given_at(answer(question, alice, "step"), 1)
    assert set(states(alice)) == {shown, other}
    given_at(recall(question, alice, "step"), 3)
    assert states(alice) == dict.fromkeys((other, shown), "overcome on 26 Mar 2026")
    given_at(recall(question, alice, "zero"), 9)
    assert states(alice)[shown] == "shown 2 times, last on 1 Apr 2026"
    assert states(alice)[other] == "overcome on 26 Mar 2026"


def test_it_lists_the_answers_and_the_experiment(ask: Ask, alice: User) -> None:
    Experiment.objects.create(
        name="erased", stage="backpropagation", misconception="zero-grad-resets-weights",
        title="Erased?", question="?", belief="!", comparison="x", look="?", truth="!",
    )  # fmt: skip
    question = ask(prompt="Which `line` moves <b>them</b>?")
    given_at(answer(question, alice, "zero"), 0)
    page = browser(alice).get(BELIEF).content.decode()
    words = text(page)
    assert "Shown on 23 Mar 2026, in Lesson" in words
    assert "Which line moves <b>them</b>?" in words
    assert "You said: optimizer.zero_grad()" in words
    assert "<b>them</b>" not in page
    assert 'href="/lab/experiments/erased/"' in page


def test_the_list_stays_short(ask: Ask, alice: User) -> None:
    for number in range(LATEST + 3):
        answer(ask(f"q{number}"), alice, "zero")
    words = text(browser(alice).get(BELIEF).content)
    assert f"Shown {LATEST + 3} times, last on" in words
    assert words.count("You said:") == LATEST
    assert "3 earlier answers not listed." in words


@pytest.mark.parametrize("kind", ["multiple", "order", "program"])
def test_all_beliefs_of_an_answer_are_shown_whatever_its_kind(kind: str, alice: User) -> None:
    content = {"multiple": MULTIPLE, "order": ORDER, "program": PROGRAM}[kind]
    lesson = Lesson.objects.create(slug="lesson", title="Lesson")
    write(QuestionFile("asked", "quiz", "backpropagation", 1, content), lesson.pk, "")
    question = Question.objects.get()
    options = [each for each in content.options if each.misconception]
    response = {
        "multiple": [each.name for each in options],
        "order": ["update", "clear"],
        "program": "zero_grad:2,step:2",
    }[kind]
    raw = "optimizer.step()\noptimizer.zero_grad()  # &"
    Answer(
        learner=alice, question=question, version=question.versions.get(), attempt=1, raw=raw,
        response=response, matched=" ".join(each.name for each in options), max_score=1, score=0,
        correct=False,
    ).save()  # fmt: skip
    assert set(states(alice)) == {BELIEFS[each.misconception] for each in options}
    page = browser(alice).get(BELIEF).content.decode()
    assert "# &amp;" in page or kind != "program"
    assert kind != "program" or text(raw) in text(page)


def test_a_right_answer_shows_none_and_a_left_out_option_offers_it(alice: User) -> None:
    lesson = Lesson.objects.create(slug="lesson", title="Lesson")
    write(QuestionFile("asked", "quiz", "backpropagation", 1, COLOUR), lesson.pk, "")
    answer(Question.objects.get(), alice, "step")
    rows = given(alice)
    (only,) = said(rows, contents(rows))
    assert (only.shows, only.offers) == (frozenset(), frozenset(SAID))


def test_what_was_said_is_read_off_the_version_that_was_answered(ask: Ask, alice: User) -> None:
    question = ask()
    answer(question, alice, "zero")
    ask(options=COLOUR.options[:2], prompt="Something else?")
    assert set(states(alice)) == {SAID["zero-grad-resets-weights"]}
    assert "Which line moves the weights?" in text(browser(alice).get(BELIEF).content)


def test_a_question_whose_run_is_gone_is_told_as_that(ask: Ask, alice: User, calm: Trace) -> None:
    wrong = Option("one", value="1", misconception="epoch-is-one-update", feedback="No.")
    question = ask(
        kind="number", key="{probe epochs}", prompt="Of {probe epochs d}?", options=(wrong,)
    )
    run = stored(calm, alice)
    assert send(alice, card(question, alice, run), "1").status == 200
    assert "Of 5?" in text(browser(alice).get(BELIEF).content)
    Answer.objects.all().let_go()
    words = text(browser(alice).get(BELIEF).content)
    assert "A question about a run whose data were deleted." in words
    assert "You said: 1" in words


def test_a_merged_guest_brings_beliefs_along(ask: Ask, alice: User) -> None:
    question, guest = ask(max_attempts=3), User.objects.create_guest()
    given_at(answer(question, guest, "zero"), 0)
    given_at(answer(ask("second"), alice, "step"), 2)
    assert states(alice) == {}
    merge(guest, alice)
    assert states(alice) == {SAID["zero-grad-resets-weights"]: "overcome on 25 Mar 2026"}


def test_a_locked_prediction_shows_nothing_so_far(ask: Ask, alice: User) -> None:
    question = ask(place="prediction")
    Answer(
        learner=alice, question=question, version=question.versions.get(), attempt=1, raw="0",
        response="zero", max_score=1,
    ).save()  # fmt: skip
    assert EMPTY[BELIEF] in text(browser(alice).get(BELIEF).content)


def test_the_map_and_its_numbers_agree(course: None, ask: Ask, alice: User) -> None:
    answer(ask(), alice, "zero")
    page = browser(alice).get(BELIEF).content.decode()
    assert f"Of {len(BELIEFS)} false beliefs, your answers showed 1; 0 of them overcome." in page
    rows = re.findall(r'<th scope="row"[^>]*>[^<]*</th>((?:\s*<td[^>]*>\d+</td>)+)', page)
    numbers = [int(each) for row in rows for each in re.findall(r">(\d+)<", row)]
    assert sum(numbers) == len(BELIEFS)
    for drawn in ("drawing-wide", "drawing-tall"):
        svg = next(each for each in page.split("<svg") if drawn in each).split("</svg>")[0]
        assert svg.count('class="sign-ring"') == len(BELIEFS) - 1
        assert svg.count('class="sign-wrong"') == 1
