"""The fixtures of the quiz serve here too, and those of all pages."""

from tests.course.quiz.conftest import alice, bob, broken, calm, course, published
from tests.staging import loaded, runner_raises

__all__ = ["alice", "bob", "broken", "calm", "course", "loaded", "published", "runner_raises"]
