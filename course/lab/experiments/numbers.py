"""The numbers in an experiment's texts: `{probe figure}`, `{probe NAME}`, `{probe other_NAME}`.

The first is the figure of its comparison, the second a probe of the run with the mistake, the
third one of the run beside it.
"""

from collections.abc import Iterable

from course.quiz import evidence
from course.quiz.roles import Value
from trainer.engine.trace import Trace

FIGURE, OTHER = "figure", "other_"


def known(names: Iterable[str]) -> set[str]:
    """Those of the names that there is a number for."""
    asked = set(names)
    probes = evidence.known({*asked, *(name.removeprefix(OTHER) for name in asked)})
    return {name for name in asked if name == FIGURE or name.removeprefix(OTHER) in probes}


def values_of(
    names: Iterable[str], run: Trace | None, beside: Trace | None, figure: float | None
) -> dict[str, Value]:
    """Ask both runs. What is not there is absent."""
    asked = known(names)
    others = {name for name in asked if name.startswith(OTHER)}
    found = evidence.values_of((name.removeprefix(OTHER) for name in others), beside)
    values = {f"{OTHER}{name}": value for name, value in found.items()}
    return values | dict(evidence.values_of(asked - others - {FIGURE}, run)) | {FIGURE: figure}
