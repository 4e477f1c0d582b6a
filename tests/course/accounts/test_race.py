"""One bucket tried at by several processes at once, and one guest merged by many threads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course.accounts.race import ROOM, THREADS
from tests.processes import ROOT, environment, manage

# Its sites have the database that is tested; the mark says so to whoever selects tests.
pytestmark = pytest.mark.django_db

PROCESSES = 3


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with an empty database."""
    manage(tmp_path, "migrate", "--verbosity=0")
    return tmp_path


def started(site: Path, what: str) -> "subprocess.Popen[str]":
    """A process of that site."""
    code = f"from tests.course.accounts.race import {what}; {what}()"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(site),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_no_more_are_let_through_than_there_is_room_for(site: Path) -> None:
    processes = [started(site, "tries") for _ in range(PROCESSES)]
    waits = [wait for each in processes for wait in json.loads(each.communicate(timeout=90)[0])]
    assert len(waits) == PROCESSES * THREADS
    assert waits.count(0) == ROOM
    assert all(wait > 3500 for wait in waits if wait)


def test_a_guest_goes_into_one_account_however_many_ask(site: Path) -> None:
    said, _ = started(site, "merges").communicate(timeout=90)
    assert json.loads(said) == {"merged": 1, "owners": [0, 0, 0, 20], "left": 0}
