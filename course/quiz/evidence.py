"""What a run says to a question: the values of its probes, live or as an answer kept them."""

from collections.abc import Iterable, Mapping
from typing import Any

from course.quiz.roles import Values
from trainer.engine import probes
from trainer.engine.trace import Trace, number

Kept = dict[str, dict[str, Any]]
"""Probe name -> {"value", "version"}: strict JSON, what an answer stores."""


def known(names: Iterable[str]) -> set[str]:
    """Those of the names that are probes."""
    return set(names) & set(probes.PROBES)


def values_of(names: Iterable[str], trace: Trace | None) -> Values:
    """Ask a run. Without one every value is absent."""
    if trace is None:
        return dict.fromkeys(names)
    return {name: probes.probe(name, trace) for name in names}


def keep(values: Values) -> Kept:
    """Values as an answer stores them."""
    return {
        name: {
            "value": number(value) if isinstance(value, float) else value,
            "version": probes.PROBE_VERSION,
        }
        for name, value in values.items()
    }


def recall(kept: Mapping[str, Mapping[str, Any]]) -> Values:
    """Values as an answer stored them. A float that was not finite is its name."""
    return {name: each["value"] for name, each in kept.items()}
