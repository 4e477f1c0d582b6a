"""Starts Python as an operator would: with the site's own settings, not those of the tests."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent

PATIENCE = 600
"""Seconds after which a process is taken for one that hangs: `make soak` races for minutes."""


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return this process's environment, cleared of what the tests set, for a site in `data`."""
    ours = ("LOOPWISE_", "DJANGO_", "DATABASE_URL", "TEST_DATABASE_URL")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    site = {"DJANGO_SETTINGS_MODULE": "course.settings", "LOOPWISE_DATA": str(data)}
    return inherited | site | _database(data) | more


def _database(data: Path) -> dict[str, str]:
    """Where the tests run on PostgreSQL, a site in `data` has a database there."""
    if not postgres.SERVER:
        return {}
    name = f"site_{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
    return {"DATABASE_URL": postgres.ensure_database(name)}


def manage(data: Path, *command: str, **more: str) -> str:
    """Run a management command as an operator would; what it says. Fails where it does."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment(data, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(code: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own and return what it said."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(data, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
