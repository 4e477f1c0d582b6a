"""The fixtures of all pages."""

from tests.course.lessons.conftest import content, load
from tests.staging import alice, bob, loaded, runner_raises

__all__ = ["alice", "bob", "content", "load", "loaded", "runner_raises"]
