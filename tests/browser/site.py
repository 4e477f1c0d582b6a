"""The site that the tests visit: served by threads of this process, with the course loaded.

Its database is one of its own, as on a real site. The tests' own one is in memory, where all
threads of a server would share a single connection. Nothing is cleared between tests: each brings
visitors of its own, and nobody sees what another has done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from pytest_django.live_server_helper import LiveServer

from tests import postgres


@contextmanager
def database(file: Path) -> Iterator[None]:
    """Let everything in the block use this file as its database; on PostgreSQL one of its name."""
    if postgres.SERVER:
        postgres.ensure_database(file.stem)
    before = connections[DEFAULT_DB_ALIAS]
    # One dict for all threads: each makes its connection from it.
    name = before.settings_dict["NAME"]
    before.settings_dict["NAME"] = file.stem if postgres.SERVER else str(file)
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = before
        before.settings_dict["NAME"] = name


@contextmanager
def served(data: Path) -> Iterator[str]:
    """Serve the course from `data`; gives the address."""
    with database(data / "browser.sqlite3"):
        call_command("migrate", verbosity=0)
        call_command("loadcourse", stdout=StringIO())
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
