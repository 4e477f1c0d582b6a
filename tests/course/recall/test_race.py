"""The same review, many times at once."""

import json
from pathlib import Path

import pytest

from tests.processes import python
from tests.sizes import size

# Its own site has the database that is tested; the mark says so to whoever selects tests.
pytestmark = pytest.mark.django_db


def test_a_race_makes_one_log_row(tmp_path: Path) -> None:
    done = python("import tests.course.recall.race", tmp_path)
    assert done.returncode == 0, done.stderr
    came, rounds = json.loads(done.stdout), size(2, 25)
    assert came["entered"] == [{"200": 12}] * rounds
    assert came["begun"] == [rounds, rounds]
    # The same answer twelve times: one review, and everybody sees the reply to it.
    assert came["equal"] == [{"200": 12}] * rounds
    # Three different ones: those who sent the one that counts see it, the others are too late.
    assert came["mixed"] == [{"200": 4, "409": 8}] * rounds
    assert (came["recalled"], came["reviews"]) == (2 * rounds, 3 * rounds)
    assert came["counted"] == 3 * rounds
    assert came["follow"]
