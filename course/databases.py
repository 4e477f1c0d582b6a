"""Where the data is kept: PostgreSQL if DATABASE_URL names one, otherwise a file of SQLite.

The address is read by libpq itself, PostgreSQL's own client library, so that every spelling that
`psql` takes is taken here. Knows nothing else of the settings.
"""

from pathlib import Path
from typing import Any

from psycopg import ProgrammingError, conninfo

PATIENCE = 20
"""Seconds that one writer waits for another before it is told that nothing was stored."""

WANTED = "DATABASE_URL must look like postgres://user:password@host:port/name"


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's settings for the database. Ends the process in a sentence where `url` is wrong."""
    # Training may take seconds and must never hold a transaction open.
    return {"ATOMIC_REQUESTS": False} | (_postgresql(url) if url else _sqlite(data))


def _sqlite(data: Path) -> dict[str, Any]:
    """SQLite, set to wait rather than to fail.

    Its defaults lose writes when several processes read and then write. IMMEDIATE takes the write
    lock at the start of a transaction, so that waiting, not failing, is what happens; WAL lets
    reads go on meanwhile; FULL keeps an acknowledged answer through a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "loopwise.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE,
            # What is deleted is overwritten: learners are told that it is gone.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """PostgreSQL, with one lasting connection for each thread.

    A pool would wait for a server that is down, and go on waiting after it is back. A thread's own
    connection is refused at once, is looked at before each request, and is there again with the
    server.
    """
    given = _read(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # A server that went away in silence is noticed as soon as one that is locked.
            "tcp_user_timeout": PATIENCE * 1000,
            "options": f"-c lock_timeout={PATIENCE}s",
        }
        | given,
    }


def _read(url: str) -> dict[str, Any]:
    """Take the address apart. What libpq says to a wrong one may hold the password: not told."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise SystemExit(f"{WANTED}; without it, the data is kept in a file of SQLite.")
    try:
        given: dict[str, Any] = conninfo.conninfo_to_dict(url)
    except ProgrammingError:
        raise SystemExit(
            f"{WANTED}; write @ : / % and # in a password as %40 %3A %2F %25 %23."
        ) from None
    if not given.get("dbname"):
        raise SystemExit(f"{WANTED}; the name of the database is missing.")
    if not given.get("port", "0").isdecimal():
        raise SystemExit(f"{WANTED}; the port is not a number.")
    return given
