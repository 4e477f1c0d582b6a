"""People, questions and runs, as the quiz's tests have them."""

from tests.course.quiz.conftest import alice, ask, bob, broken, calm, course

__all__ = ["alice", "ask", "bob", "broken", "calm", "course"]
