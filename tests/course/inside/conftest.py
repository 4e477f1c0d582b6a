"""Runs that the pages inside a run tell, and how their pages are read."""

from tests.staging import alice, bob
from tests.trainer.engine.conftest import patient

__all__ = ["alice", "bob", "patient"]
