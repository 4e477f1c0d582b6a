"""The fixtures of all pages, and people that the tests of the lab share."""

from tests.staging import alice, bob, loaded, runner_raises

__all__ = ["alice", "bob", "loaded", "runner_raises"]
