"""Where probes are registered and asked. Standard library only, as all of them."""

from collections.abc import Callable

from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

PROBE_VERSION = 2

Found = float | int | str | None
Probe = Callable[[Trace], Found]

PROBES: dict[str, Probe] = {}


def probe(name: str, trace: Trace) -> Found:
    """The value of a named probe. Raises `KeyError` for a name that is none."""
    return PROBES[name](trace)


def as_probe(function: Probe) -> Probe:
    """Register a function under its name."""
    PROBES[function.__name__] = function
    return function


def spec_of(trace: Trace) -> RunSpec:
    """The spec that a trace was made from."""
    return RunSpec(**trace.document["spec"])
