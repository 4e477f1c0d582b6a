"""Comparisons that are 1 or 0: how a run ended."""

from trainer.engine.comparisons.registry import as_comparison
from trainer.engine.trace import Trace


@as_comparison(
    "The run ended with `{argument}`.",
    "1 or 0",
    takes="words of the error",
    denies="The run did not end with `{argument}`.",
)
def fails_with(run: Trace, _: Trace, argument: str) -> float:
    """Whether Python's error says so."""
    error = run.document["error"]
    return float(error is not None and argument in f"{error['type']}: {error['message']}")


@as_comparison(
    "A limit of time or memory stopped the run on its way.",
    "1 or 0",
    denies="No limit stopped the run on its way.",
)
def was_stopped(run: Trace, _: Trace, __: str) -> float:
    """Whether a limit of time or memory ended it."""
    return float(run.document["status"] == "stopped")
