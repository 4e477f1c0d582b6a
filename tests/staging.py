"""What tests of pages share: the loaded course, people, runs, and what a request did.

Fixtures of this module are imported by the conftest of the packages that use them.
"""

import hashlib
import html
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from course.accounts.models import User
from course.lessons.management.commands import loadcourse
from trainer.engine import execute
from trainer.engine.program import Program
from trainer.engine.recorder import Stop
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.models import Run
from trainer.storage import keep

SHORT = RunSpec(rows=40, batch_size=20, epochs=2, hidden=4)
READS = (
    "SELECT",
    "DECLARE",
    "SAVEPOINT",
    "RELEASE SAVEPOINT",
    "ROLLBACK TO SAVEPOINT",
    "PRAGMA",
    "BEGIN",
)


@cache
def trained(spec: RunSpec, program: Program) -> Trace:
    """A run, made once for all tests that ask for it: however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.engine.recorder.TIME_BUDGET", 120.0)
        return execute.run(spec, program)


def short(lines: str = "", **settings: str | float) -> Trace:
    """A run of four quick steps; `lines` arranges its batch."""
    program = Program.parse(lines) if lines else Program.correct()
    return trained(replace(SHORT, **settings), program)  # type: ignore[arg-type]


def cut_short(reason: str = "Enough.", at: int = 0, spec: RunSpec = SHORT) -> Trace:
    """A run that is stopped on its way: in the first line that it comes to after `at` steps."""

    def stop(step: int) -> None:
        if step >= at:
            raise Stop(reason)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.engine.recorder.WATCH_EVERY", 0.0)
        return execute.run(spec, Program.correct(), stop)


def stored(trace: Trace, owner: User | None = None, **fields: object) -> Run:
    """A run as the trainer would have left it."""
    document = trace.document
    lines = ",".join(f"{line['id']}:{line['level']}" for line in document["program"])
    values = {"spec": document["spec"], "status": document["status"], "program": lines}
    return Run.objects.create(owner=owner, trace=keep(trace), **values | fields)


def without_trace(owner: User, status: str, **fields: object) -> Run:
    """A run that left nothing."""
    values: dict[str, object] = {"spec": SHORT.as_dict(), "program": Program.correct().spelling()}
    return Run.objects.create(owner=owner, status=status, **values | fields)


# -- the course ------------------------------------------------------------------------


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is written in the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The course with all of its runs, once for a module: each test's own rows come on top.

    Without the atlas, whose hundreds of loops only its own tests read.
    """
    with django_db_blocker.unblock(), rolled_back(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))
        patch.setattr(loadcourse, "ensure_atlas", lambda: 0)
        call_command("loadcourse", stdout=StringIO())
        patch.undo()
        yield


def text(page: bytes | str) -> str:
    """A page's words, as a reader sees them."""
    found = page if isinstance(page, str) else page.decode()
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found)))


# -- people ----------------------------------------------------------------------------


@pytest.fixture
def alice(db: None) -> User:
    """The owner of what is asked for."""
    return User.objects.create_user("alice", "a-long-password")


@pytest.fixture
def bob(db: None) -> User:
    """Another learner."""
    return User.objects.create_user("bob", "a-long-password")


def browser(user: User | None = None) -> Client:
    """A browser in which the user is signed in, or nobody is."""
    client = Client()
    if user:
        client.force_login(user)
    return client


# -- what a request did ----------------------------------------------------------------


def fingerprint() -> str:
    """A hash of every row of every table."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found.update(pickle.dumps((table, cursor.fetchall())))
    return found.hexdigest()


@contextmanager
def nothing_changed() -> Iterator[None]:
    """Fails where the database is not as it was before the block."""
    before = fingerprint()
    yield
    assert fingerprint() == before


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fails where the block writes to the database, even if that leaves it as it was."""
    with nothing_changed(), CaptureQueriesContext(connection) as asked:
        yield
    assert [query["sql"] for query in asked if not query["sql"].startswith(READS)] == []


Raising = Callable[[Exception], None]


@pytest.fixture
def runner_raises(monkeypatch: pytest.MonkeyPatch) -> Raising:
    """Let the executor of this process fail: `runner_raises(Busy(3))`."""

    def install(error: Exception) -> None:
        def run(*args: object, **options: object) -> Trace:
            raise error

        monkeypatch.setattr(executor(), "run", run)

    return install
