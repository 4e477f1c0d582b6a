"""What runs say to a question: the values of its probes, live or as an answer kept them.

The run that a question is about gives its probes. Where an answer itself was run, that run gives
facts, as `fact.NAME`, and probes, as `ran.NAME`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from course.quiz.roles import Value, Values
from trainer.engine import probes
from trainer.engine.facts import FACT_VERSION
from trainer.engine.trace import Trace, number
from trainer.trials import Trial

Kept = dict[str, dict[str, Any]]
"""Probe name -> {"value", "version"}: strict JSON, what an answer stores."""

RAN = "ran."
FACT = "fact."


def known(names: Iterable[str]) -> set[str]:
    """Those of the names that are probes."""
    return {name for name in names if name.removeprefix(RAN) in probes.PROBES}


def values_of(names: Iterable[str], trace: Trace | None) -> Values:
    """Ask a run. Without one every value is absent."""
    return {name: _value(name, trace) for name in names}


def values_of_trial(names: Iterable[str], trial: Trial) -> Values:
    """What the run of an answer gives: its facts, and those of the probes that ask for it."""
    facts = {f"{FACT}{name}": holds for name, holds in trial.facts.items()}
    asked = [name for name in names if name.startswith(RAN)]
    return facts | {name: probes.probe(name.removeprefix(RAN), trial.trace) for name in asked}


def facts(values: Values) -> dict[str, bool]:
    """The facts among the values."""
    return {
        name.removeprefix(FACT): bool(value)
        for name, value in values.items()
        if name.startswith(FACT)
    }


def keep(values: Values) -> Kept:
    """Values as an answer stores them."""
    return {name: _kept(name, value) for name, value in values.items()}


def recall(kept: Mapping[str, Mapping[str, Any]]) -> Values:
    """Values as an answer stored them. A float that was not finite is its name."""
    return {name: each["value"] for name, each in kept.items()}


def _value(name: str, trace: Trace | None) -> Value:
    if trace is None or name.startswith(RAN):
        return None
    if name in probes.CURVES:
        return probes.curve(name, trace)
    return probes.probe(name, trace)


def _kept(name: str, value: Value) -> dict[str, Any]:
    version = FACT_VERSION if name.startswith(FACT) else probes.PROBE_VERSION
    return {"value": _spelled(value), "version": version}


def _spelled(value: Value) -> object:
    if isinstance(value, list):
        return [number(each) for each in value]
    return number(value) if isinstance(value, float) else value
