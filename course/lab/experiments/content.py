"""What an experiment says, as a value. Pure: knows no database and no run that was made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from trainer.engine.comparisons import COMPARISONS, split
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.runs import Asked

SEEDS = 20
"""The share of an experiment is counted over the seeds from 0 to one below this."""

Settings = Mapping[str, str | int | float]


BOUNDS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class ExperimentFile:
    """An experiment as written in a file. See `course.lab.models.Experiment` for its fields."""

    name: str
    stage: str
    order: int
    misconception: str
    title: str
    question: str
    belief: str
    comparison: str
    look: str
    truth: str
    options: tuple[str, ...] = ()
    answer: int = 0
    spec: Settings = field(default_factory=dict)
    spec_without: Settings = field(default_factory=dict)
    lines: str = ""
    without: str = ""
    at_least: float | None = None
    at_most: float | None = None
    shows_in: int = SEEDS

    def values(self) -> dict[str, Any]:
        """Every field by its name, as plain JSON. Zero has no sign: not every database keeps it."""
        own = asdict(self) | {"options": list(self.options)}
        bounds = {name: own[name] + 0.0 for name in BOUNDS if own[name] is not None}
        return own | bounds

    def fingerprint(self) -> str:
        """Equal for equal experiments, however they are spelled in TOML."""
        return hashlib.sha256(json.dumps(self.values(), sort_keys=True).encode()).hexdigest()

    def asked(self, seed: int | None = None) -> Asked:
        """The run with the mistake, under the usual seed where none is given."""
        return _asked(self.spec, self.lines, seed)

    def asked_beside(self, seed: int | None = None) -> Asked:
        """The run beside it."""
        return _asked({**self.spec, **self.spec_without}, self.without, seed)

    def shows(self, figure: float | None) -> bool:
        """Whether a figure of the comparison is the evidence."""
        if figure is None:
            return False
        low = figure if self.at_least is None else self.at_least
        high = figure if self.at_most is None else self.at_most
        return low <= figure <= high

    def says(self, figure: float, written: str) -> str:
        """What a figure of the comparison says, `written` as a page writes it."""
        name, argument = split(self.comparison)
        return COMPARISONS[name].sentence(figure, written, argument)


DEFAULTS: dict[str, Any] = {
    "options": [], "answer": 0, "spec": {}, "spec_without": {}, "lines": "", "without": "",
    "at_least": None, "at_most": None, "shows_in": SEEDS,
}  # fmt: skip
"""What a file need not say."""

FIELDS = tuple(each.name for each in fields(ExperimentFile))


def _asked(settings: Settings, lines: str, seed: int | None) -> Asked:
    given = dict(settings) if seed is None else {**settings, "seed": seed}
    return Asked(RunSpec.parse(given), Program.parse(lines) if lines else Program.correct())
