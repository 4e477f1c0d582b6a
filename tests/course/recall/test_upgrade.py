"""Answers from before there was recall: all there after the upgrade, and in recall from then on."""

import json
from pathlib import Path

import pytest

from tests.processes import python

pytestmark = pytest.mark.django_db


def test_an_upgrade_keeps_every_answer_and_enters_the_first_of_each(tmp_path: Path) -> None:
    done = python("import tests.course.recall.upgrade", tmp_path)
    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert came["kept"]
    # The last one is of the release before, which knows no modes and still runs meanwhile.
    assert came["modes"] == ["learn"] * 4
    assert came["entered"] == [["one", 1, 1], ["two", 1, 3]]
    assert came["first"] == [1, 3]
    assert came["follow"]
