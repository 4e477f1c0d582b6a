"""The people that the tests of pages share, and time enough for every run."""

from tests.staging import alice, bob
from tests.trainer.engine.conftest import patient

__all__ = ["alice", "bob", "patient"]
