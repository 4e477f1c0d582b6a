"""One bucket, tried at by the threads of several processes at once."""

import json
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT, environment, manage

PROCESSES = 3


def test_no_more_are_let_through_than_there_is_room_for(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity=0")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", "import tests.course.accounts.race"],
            env=environment(tmp_path),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    waits = [wait for each in started for wait in json.loads(each.communicate(timeout=60)[0])]
    assert len(waits) == PROCESSES * 8
    assert waits.count(0) == 5
    assert all(wait > 3500 for wait in waits if wait)
