"""The last attempt, twenty times at once."""

import json
from pathlib import Path

import pytest

from tests.processes import python
from tests.sizes import size

# Its own site has the database that is tested; the mark says so to whoever selects tests.
pytestmark = pytest.mark.django_db


def test_a_race_for_the_last_attempt_uses_one(tmp_path: Path) -> None:
    done = python("import tests.course.quiz.race", tmp_path)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    rounds = size(1, 25)
    # Twenty times the same answer: one row, and everybody sees its verdict.
    assert came["equal"] == [{"200": 20}] * rounds
    # Different answers: whoever sent the one that was stored sees it, the others are too late.
    for statuses in came["mixed"]:
        assert set(statuses) == {"200", "409"}
        assert statuses["200"] in (6, 7)
    assert came["answers"] == 2 * rounds
