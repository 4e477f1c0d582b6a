"""The fixtures of all pages, and people that the tests of the lab share."""

from tests.staging import alice, bob, loaded, runner_raises
from trainer.executors import preload  # noqa: F401 (a first run would pay for all of PyTorch)

__all__ = ["alice", "bob", "loaded", "runner_raises"]
