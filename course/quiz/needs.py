"""The run that a question needs, told from the run that its page is about. Makes none.

It has the settings of that run, with what `needs` says laid over them, and the lines that `needs`
names, or else those of the correct loop. What it will say is not known when the question is asked:
the answer comes first. Under each further seed it is asked anew; that is its next turn.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from course.quiz.models.answers import VARIANT_LENGTH
from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import MAX_SEED, RunSpec, SpecError
from trainer.models import Run
from trainer.runs import Asked

TURNS = 20
"""So many seeds a question can be asked under beside one run."""

LINES = "lines"


@dataclass(frozen=True, slots=True)
class Needed:
    """What is to be run in the first turn, and the run that it was told from."""

    first: Asked
    beside: Asked

    def asked(self, turn: int) -> Asked:
        """What is to be run in that turn, counted from 1."""
        return replace(self.first, spec=replace(self.first.spec, seed=self._seed(turn)))

    def variant(self, turn: int) -> str:
        """The name of that run: equal for equal ones, whatever page asks for them."""
        settings = self.first.spec.settings() | {"seed": self._seed(turn)}
        table = self.first.table.sha256 if self.first.table else ""
        return variant_of(settings, self.first.program.spelling(), table)

    def variants(self) -> dict[str, int]:
        """The names of all, each with its turn."""
        return {self.variant(turn): turn for turn in range(1, TURNS + 1)}

    def _seed(self, turn: int) -> int:
        return (self.first.spec.seed + turn - 1) % (MAX_SEED + 1)


def variant_of(settings: Mapping[str, Any], program: str, table: str) -> str:
    """The name of a run. table: the hash of one's own rows, "" for none."""
    # A database may give 1e9 back as a whole number.
    spelled = dict(settings) | {"lr": float(settings["lr"])}
    told = json.dumps([spelled, program, table], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:VARIANT_LENGTH]


def needed(needs: str, run: Run | None) -> Needed:
    """Beside a run, or where there is none, beside the settings that the course starts from.

    What cannot be laid over that run's settings is laid over those of the course, under its seed.
    """
    beside = Asked(RunSpec(), Program.correct())
    if run:
        beside = Asked(run.run_spec(), run.run_program(), run.table)
    given = settings_of(needs)
    lines = given.pop(LINES, "")
    program = Program.parse(lines) if lines else Program.correct()
    try:
        first = _laid_over(beside, given, program)
    except SpecError:
        first = _laid_over(replace(beside, spec=RunSpec(seed=beside.spec.seed)), given, program)
    return Needed(first, beside)


def settings_of(needs: str) -> dict[str, str]:
    """Settings and `lines` by name. Raises `ValueError` where it is no query of an address."""
    return dict(parse_qsl(needs, keep_blank_values=True, strict_parsing=True))


def reasons(needs: str) -> Iterator[str]:
    """What is wrong with the field, a sentence each."""
    try:
        given = settings_of(needs)
    except ValueError:
        yield "write settings as in an address: optimizer=sgd&lr=50."
        return
    if given.keys() & {"seed", "preset"} or given.get("dataset", "").startswith("csv"):
        yield "neither a seed, nor a preset, nor somebody's own data: those are the learner's."
        return
    try:
        Program.parse(given.pop(LINES, ""))
    except ProgramError as refused:
        yield f"lines: {refused}"
    try:
        RunSpec.parse(given)
    except SpecError as refused:
        yield from (f"{name}: {reason}" for name, reason in refused.errors.items())


def _laid_over(beside: Asked, given: Mapping[str, str], program: Program) -> Asked:
    """Raises `SpecError`. Another data set brings its own rows."""
    start = beside.spec.settings()
    table = None if "dataset" in given else beside.table
    if "dataset" in given:
        del start["rows"]
    spec = RunSpec.parse({**start, **given}, table.text if table else "")
    return Asked(spec, program, table if spec.table else None)
