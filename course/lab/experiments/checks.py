"""What is wrong with an experiment, for its author: asked by loadcourse and by the admin."""

import math
from collections.abc import Callable, Iterator

from course.lab.experiments.content import SEEDS, ExperimentFile
from course.lab.experiments.numbers import known
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Stage
from course.quiz.slips import Slip, role_slips
from trainer.engine.comparisons import refusal
from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import RunSpec, SpecError

FEWEST_OPTIONS, MOST_OPTIONS = 2, 4
MOST_ORDER = 32_767
TEXTS = ("title", "question", "belief", "look", "truth")


def problems(said: ExperimentFile) -> list[Slip]:
    """Every problem, a sentence each; empty if the experiment may be shown."""
    checks: tuple[Callable[[ExperimentFile], Iterator[Slip]], ...]
    checks = (_names, _texts, _options, _programs, _specs, _evidence, _roles)
    found = [problem for check in checks for problem in check(said)]
    return found or list(_sides(said))


def _names(said: ExperimentFile) -> Iterator[Slip]:
    if said.stage not in Stage.values:
        yield Slip(f"stage: none of {', '.join(Stage.values)}.")
    if said.misconception not in BELIEFS:
        yield Slip(f"no misconception {said.misconception!r}.", ("misconception",))


def _texts(said: ExperimentFile) -> Iterator[Slip]:
    for name, text in said.values().items():
        if name in TEXTS and not text.strip():
            yield Slip(f"{name}: is empty.", (name,))


def _options(said: ExperimentFile) -> Iterator[Slip]:
    count = len(said.options)
    if count and not FEWEST_OPTIONS <= count <= MOST_OPTIONS:
        yield Slip(f"options: {FEWEST_OPTIONS} to {MOST_OPTIONS}, or none.", ("options",))
    if not all(option.strip() for option in said.options):
        yield Slip("options: one is empty.", ("options",))
    if not (1 <= said.answer <= count if count else said.answer == 0):
        yield Slip("answer: the number of an option, from 1; 0 without options.", ("answer",))


def _programs(said: ExperimentFile) -> Iterator[Slip]:
    for name, lines in (("lines", said.lines), ("without", said.without)):
        try:
            Program.parse(lines)
        except ProgramError as refused:
            yield Slip(f"{name}: {refused}", (name,))


def _specs(said: ExperimentFile) -> Iterator[Slip]:
    whole = {**said.spec, **said.spec_without}
    for table, settings in (("spec", said.spec), ("spec_without", whole)):
        own = said.spec if table == "spec" else said.spec_without
        if "seed" in own or "preset" in own:
            yield Slip(f"{table}: neither a seed nor a preset; the learner chooses.", (table,))
            continue
        try:
            RunSpec.parse(settings)
        except SpecError as refused:
            for name, reason in refused.errors.items():
                if name in own:
                    yield Slip(f"{table}: {name}: {reason}", (table, name))
                elif table == "spec" or name not in said.spec:
                    yield Slip(f"{table}: {name}: {reason}", (table,))


def _evidence(said: ExperimentFile) -> Iterator[Slip]:
    if reason := refusal(said.comparison):
        yield Slip(reason, ("comparison",))
    bounds = [each for each in (said.at_least, said.at_most) if each is not None]
    if not bounds or not all(map(math.isfinite, bounds)) or bounds != sorted(bounds):
        yield Slip("at_least, at_most: one or both, finite, in this order.", ("comparison",))
    if not 1 <= said.shows_in <= SEEDS:
        yield Slip(f"shows_in: 1 to {SEEDS}.", ("shows_in",))
    if not 0 <= said.order <= MOST_ORDER:
        yield Slip(f"order: 0 to {MOST_ORDER}.")


def _roles(said: ExperimentFile) -> Iterator[Slip]:
    for name, text in (("look", said.look), ("truth", said.truth)):
        for line, reason in role_slips(text, known):
            yield Slip(reason, (name,), line)


def _sides(said: ExperimentFile) -> Iterator[Slip]:
    if said.asked() == said.asked_beside():
        yield Slip("both runs are the same.")
