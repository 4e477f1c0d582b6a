"""Which runs are runs of an experiment: made of its settings and lines, under any seed."""

from typing import Any

from course.accounts.models import User
from course.lab.experiments.content import ExperimentFile
from trainer.models import Run
from trainer.pairs import found_in
from trainer.runs import Asked

Key = tuple[str, str]


def is_of(run: Run, asked: Asked) -> bool:
    """Whether a run was made of these settings and lines, its seed aside."""
    return _key(run.program, run.spec) == key_of(asked)


def is_beside(run: Run, tried: ExperimentFile, other: Run) -> bool:
    """Whether a run is what stands beside that other one: under the same seed."""
    return is_of(run, tried.asked_beside()) and run.spec["seed"] == other.spec["seed"]


def key_of(asked: Asked) -> Key:
    """Equal for runs that differ by their seed alone."""
    return _key(asked.program.spelling(), asked.spec.as_dict())


def partner(learner: User | None, tried: ExperimentFile, run: Run) -> Run | None:
    """The learner's run beside this one, if there is one."""
    return found_in(Run.objects.of(learner), tried.asked_beside(run.spec["seed"]))


def latest(learner: User | None, tried: list[ExperimentFile]) -> dict[str, str]:
    """Name of each experiment whose two runs the learner has made under one seed: the latest run.

    One query.
    """
    sides = {each.name: (key_of(each.asked()), key_of(each.asked_beside())) for each in tried}
    programs = {program for pair in sides.values() for program, _ in pair}
    runs = Run.objects.of(learner).filter(trace__isnull=False, program__in=programs)
    made: dict[Key, dict[int, str]] = {}
    for pk, program, spec in runs.values_list("pk", "program", "spec"):
        made.setdefault(_key(program, spec), {}).setdefault(spec["seed"], pk)
    return {
        name: pk
        for name, (run, beside) in sides.items()
        for pk in [_first(made.get(run, {}), made.get(beside, {}))]
        if pk
    }


def _first(runs: dict[int, str], beside: dict[int, str]) -> str:
    return next((pk for seed, pk in runs.items() if seed in beside), "")


def _key(program: str, spec: dict[str, Any]) -> Key:
    settings = {name: value for name, value in spec.items() if name != "seed"}
    return program, repr(sorted(settings.items()))
