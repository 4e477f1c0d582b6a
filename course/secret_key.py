"""The site's signing key: from the environment, else made once and kept in the data directory."""

import os
import secrets
import tempfile
from pathlib import Path


def read_or_make(directory: Path) -> str:
    """Return the key kept in `directory`, making it on the first call.

    Several processes may start at once. Each writes its own finished file and links it into
    place, so that exactly one wins and nobody reads a half-written key.
    """
    place = directory / "secret_key"
    if not place.exists():
        _offer(place, secrets.token_urlsafe(64))
    return place.read_text(encoding="ascii").strip()


def _offer(place: Path, key: str) -> None:
    """Put `key` at `place`, readable by its owner alone, unless one is there already."""
    handle, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
        os.link(name, place)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
