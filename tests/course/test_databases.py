"""DATABASE_URL: what it may look like, and what is said where it does not."""

import json
import subprocess
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from course.databases import PATIENCE, database
from tests import postgres
from tests.processes import manage, python

HERE = Path("data")
TOLD = {"USER": "u", "PASSWORD": "p", "HOST": "h", "PORT": "5432", "NAME": "n"}


def said(url: str) -> str:
    """What the process ends with."""
    with pytest.raises(SystemExit) as end:
        database(url, HERE)
    return str(end.value)


def test_without_an_address_it_is_sqlite_in_the_data_directory() -> None:
    settings = database("", HERE)
    assert settings["ENGINE"].endswith("sqlite3")
    assert settings["NAME"] == HERE / "loopwise.sqlite3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_names_user_password_host_port_and_database(scheme: str) -> None:
    settings = database(f"{scheme}://u:p@h:5432/n", HERE)
    assert settings["ENGINE"].endswith("postgresql")
    assert {name: settings[name] for name in TOLD} == TOLD


@pytest.mark.parametrize(
    "url", ["postgres:///n?host=/run/postgresql", "postgres://%2Frun%2Fpostgresql/n"]
)
def test_it_may_be_a_unix_socket(url: str) -> None:
    settings = database(url, HERE)
    assert (settings["HOST"], settings["NAME"], settings["USER"]) == ("/run/postgresql", "n", "")


def test_signs_in_a_password_are_written_as_codes() -> None:
    assert database("postgres://u:%40%3A%2F%25%23@h/n", HERE)["PASSWORD"] == "@:/%#"


def test_what_else_libpq_knows_is_handed_on_and_wins() -> None:
    options = database("postgres://h/n?sslmode=require&connect_timeout=2", HERE)["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"]) == ("require", "2")
    assert options["options"] == f"-c lock_timeout={PATIENCE}s"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/n",
        "secret",
        "sqlite:///secret",
        "postgres://u:secret@h:port/n",
        "postgres://u:secret@h",
        "postgres://u:secret@h/",
        "postgres://u:%zzsecret@h/n",
        "postgres://u:secret@h/n?secret=1",
        "postgres://u:secret@[::1/n",
        " postgres://u:secret@h/n",
    ],
)
def test_a_wrong_address_gets_one_sentence_that_tells_no_password(url: str) -> None:
    assert said(url).startswith(
        "DATABASE_URL must look like postgres://user:password@host:port/name"
    )
    assert "\n" not in said(url)
    assert "secret" not in said(url)


def test_a_process_with_a_wrong_address_ends_with_that_sentence_alone(tmp_path: Path) -> None:
    code = "from django.conf import settings; settings.DATABASES"
    done = python(code, tmp_path, DATABASE_URL="postgres://h")
    assert (done.returncode, done.stderr) == (1, f"{said('postgres://h')}\n")


@pytest.mark.django_db
def test_a_site_has_its_data_where_the_address_says(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity=0")
    manage(tmp_path, "ensureinstructor")
    assert (tmp_path / "secret_key").exists()
    assert (tmp_path / "loopwise.sqlite3").exists() is not bool(postgres.SERVER)


def on_sqlite(code: str, data: Path) -> subprocess.CompletedProcess[str]:
    """What a process with a file of SQLite says, whatever the tests themselves run on."""
    return python(code, data, DATABASE_URL="")


def test_sqlite_waits_keeps_what_it_acknowledged_and_wipes_what_it_deletes(
    tmp_path: Path,
) -> None:
    code = """
import django, json
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    row = [cursor.execute(f"PRAGMA {name}").fetchone()[0]
           for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys",
                        "secure_delete")]
print(json.dumps(row))
"""
    full = 2
    assert json.loads(on_sqlite(code, tmp_path).stdout) == ["wal", full, 20_000, 1, 1]


COUNT = """
import django
django.setup()
from django.db import connection, transaction
for _ in range(25):
    with transaction.atomic(), connection.cursor() as cursor:
        (n,) = cursor.execute("SELECT n FROM counter").fetchone()
        cursor.execute("UPDATE counter SET n = %s", [n + 1])
"""


def test_writers_that_read_first_lose_nothing_to_each_other(tmp_path: Path) -> None:
    prepare = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE counter (n)")
    cursor.execute("INSERT INTO counter VALUES (0)")
"""
    assert on_sqlite(prepare, tmp_path).returncode == 0
    with ThreadPool(4) as pool:
        done = pool.map(lambda _: on_sqlite(COUNT, tmp_path), range(4))
    assert [one.stderr for one in done] == [""] * 4
    read = prepare.splitlines()[:4]
    ask = ["with connection.cursor() as c: print(c.execute('SELECT n FROM counter').fetchone()[0])"]
    assert on_sqlite("\n".join(read + ask), tmp_path).stdout == "100\n"
