"""The course, people and runs that the tests of pages share."""

from tests.staging import alice, bob, loaded, runner_raises

__all__ = ["alice", "bob", "loaded", "runner_raises"]
