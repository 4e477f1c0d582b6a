"""A copy of the course's files that a test may spoil."""

from collections.abc import Callable
from pathlib import Path

Load = Callable[..., str]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
