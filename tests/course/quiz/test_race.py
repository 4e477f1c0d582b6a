"""The last attempt, by eight at once, over and over."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.processes import python
from tests.sizes import size

# Its own site has the database that is tested; the mark says so to whoever selects tests.
pytestmark = pytest.mark.django_db

ROUNDS = size(10, 250)


def raced(how: str, place: Path) -> Any:  # noqa: ANN401
    done = python(f"from tests.course.quiz import race; race.{how}()", place)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_race_for_the_last_attempt_uses_one(tmp_path: Path) -> None:
    came = raced("guarded", tmp_path)
    # Eight times the same answer: one row, and everybody sees its verdict.
    assert came["equal"] == [{"200": 8}] * ROUNDS
    # Different answers: whoever sent the one that was stored sees it, the others are too late.
    for statuses in came["mixed"]:
        assert set(statuses) == {"200", "409"}
        assert statuses["200"] in (2, 3)
    assert came["answers"] == 2 * 2 * ROUNDS


def test_a_race_for_a_hint_takes_it_once(tmp_path: Path) -> None:
    came = raced("hinted", tmp_path)
    assert came["statuses"] == [{"200": 8}] * ROUNDS
    assert came["hints"] == ROUNDS


def test_a_race_for_a_run_locks_one_answer_and_makes_one_run(tmp_path: Path) -> None:
    equal, mixed = raced("locked", tmp_path)
    for came in (equal, mixed):
        assert (came["runs"], came["settled"]) == (["finished"], [True])
    assert equal["statuses"] == {"200": 8}
    assert set(mixed["statuses"]) == {"200", "409"}
    assert mixed["statuses"]["200"] in (2, 3)


def test_without_the_constraint_a_race_would_use_more(tmp_path: Path) -> None:
    came = raced("unguarded", tmp_path)
    assert came["answers"] > 2 * came["rounds"]
