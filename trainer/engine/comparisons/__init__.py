"""Comparisons: named pure functions of two traces, for experiments.

The first trace is that of the run with the mistake, the second that of the run beside it. A number
comes out, or None where a run has no such thing. Standard library only, as probes are.
"""

from trainer.engine.comparisons import failures, outcomes, steps, weights
from trainer.engine.comparisons.registry import COMPARISONS, Comparison, compare, refusal, split

__all__ = [
    "COMPARISONS",
    "Comparison",
    "compare",
    "failures",
    "outcomes",
    "refusal",
    "split",
    "steps",
    "weights",
]
