"""Mastery of an objective: two right answers, in different modes, far enough apart."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.progress.given import Given
from course.progress.mastery import State, standings
from course.quiz.objectives import OBJECTIVES
from tests.course.progress.rows import row, rows


def state(*given_: Given) -> State:
    return standings(given_)["4.1"].state


def test_every_objective_has_a_standing() -> None:
    found = standings([])
    assert list(found) == list(OBJECTIVES)
    assert {each.state for each in found.values()} == {State.UNMET}


@pytest.mark.parametrize(
    ("second", "reached"),
    [
        ({"mode": "recall", "hours": 20}, State.MASTERED),
        ({"mode": "recall", "hours": 19.9}, State.RIGHT),
        ({"mode": "recall", "hours": -20}, State.MASTERED),
        ({"mode": "learn", "hours": 400, "question": 2}, State.RIGHT),
        ({"mode": "recall", "hours": 400, "correct": False}, State.RIGHT),
        ({"mode": "recall", "hours": 400, "correct": False, "score": 0.5}, State.RIGHT),
        ({"mode": "recall", "hours": 400, "objective": "4.2"}, State.RIGHT),
        ({"mode": "recall", "hours": 400, "attempt": 3}, State.MASTERED),
        ({"mode": "recall", "hours": 400, "question": 2}, State.MASTERED),
    ],
)
def test_what_a_second_right_answer_makes_of_the_first(
    second: dict[str, object], reached: State
) -> None:
    assert state(row(1), row(2, **second)) == reached  # type: ignore[arg-type]


def test_a_second_attempt_in_a_lesson_earns_nothing() -> None:
    assert state(row(1, correct=False), row(2, attempt=2)) == State.MET
    assert state(row(2, attempt=2)) == State.UNMET


def test_a_later_wrong_answer_takes_nothing_back() -> None:
    right = row(1), row(2, mode="recall", hours=30)
    assert state(*right, row(3, mode="recall", hours=60, correct=False)) == State.MASTERED


def test_two_that_are_close_wait_for_a_third() -> None:
    close = row(1), row(2, mode="recall", hours=1)
    assert state(*close) == State.RIGHT
    assert state(*close, row(3, mode="recall", hours=21)) == State.MASTERED


def brute(given_: list[Given], objective: str) -> State:
    """The rule, read off the sentence that tells it."""
    first = [each for each in given_ if each.is_first and each.objective == objective]
    right = [each for each in first if each.correct]
    apart = (
        one.mode != other.mode and abs(one.created - other.created) >= timedelta(hours=20)
        for one, other in combinations(right, 2)
    )
    if any(apart):
        return State.MASTERED
    return State.RIGHT if right else State.MET if first else State.UNMET


@given(given_=rows(), objective=st.sampled_from(["4.1", "4.2"]))
def test_it_is_what_the_rule_says(given_: list[Given], objective: str) -> None:
    assert standings(given_)[objective].state == brute(given_, objective)


@given(given_=rows(), more=rows())
def test_more_answers_never_lower_a_standing(given_: list[Given], more: list[Given]) -> None:
    order = list(State)
    before, after = standings(given_), standings([*given_, *more])
    for name in OBJECTIVES:
        assert order.index(before[name].state) <= order.index(after[name].state)


@given(given_=rows())
def test_questions_without_an_objective_count_for_none(given_: list[Given]) -> None:
    assert standings(given_) == standings([each for each in given_ if each.objective])
