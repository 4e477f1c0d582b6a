"""How much a test does: a sample in `make test`, everything in `make soak`."""

import os

SOAK = os.environ.get("SOAK") == "1"


def size(sample: int, full: int) -> int:
    """Return how many of something to try in this run."""
    return full if SOAK else sample
