"""The fixtures of all pages."""

from tests.staging import alice, bob, loaded

__all__ = ["alice", "bob", "loaded"]
