"""The fixtures of the quiz serve here too, and those of all pages; and the course's files."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from course.lessons.management.commands import loadcourse
from tests.course.lessons.folders import Load
from tests.course.quiz.conftest import CONTENT, alice, bob, broken, calm, course, published
from tests.staging import loaded, runner_raises

__all__ = ["alice", "bob", "broken", "calm", "course", "loaded", "published", "runner_raises"]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course that a test may spoil; its runs are left out."""
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    monkeypatch.setattr(loadcourse, "CONTENT", copy)
    monkeypatch.setattr(loadcourse, "ensure_course_runs", lambda: 0)
    monkeypatch.setattr(loadcourse, "ensure_atlas", lambda: 0)
    return copy


@pytest.fixture
def load(content: Path) -> Load:
    def call(*options: str) -> str:
        said = StringIO()
        call_command("loadcourse", *options, stdout=said)
        return said.getvalue()

    return call
