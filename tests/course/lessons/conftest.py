"""The fixtures of the quiz serve here too."""

from tests.course.quiz.conftest import alice, bob, broken, calm, course, published

__all__ = ["alice", "bob", "broken", "calm", "course", "published"]
