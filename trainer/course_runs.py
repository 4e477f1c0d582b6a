"""The course's own runs: what pages show before a learner has made one.

Made when the course is loaded, by the same executor as everyone's.
"""

from dataclasses import replace

from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.executors import executor
from trainer.models import Run
from trainer.runs import Asked
from trainer.storage import keep

BANDED = ("calm", "published")
ON_REAL_DATA = ("iris", "wine", "digits")
BAND_SEEDS = tuple(range(1, 13))
"""Seeds of a band; one of them may be a learner's own, so there are more than it needs."""

ZERO_BETWEEN = "forward,loss,backward,zero_grad,step"

FEW_ROWS = RunSpec(rows=50, batch_size=50, epochs=60, hidden=64, lr=0.05)
"""So few rows for so many weights and epochs that all of them are learnt by heart."""


def wanted() -> dict[str, Asked]:
    """Every run of the course by its name."""
    correct = Program.correct()
    runs = {name: Asked(PRESETS[name], correct) for name in (*BANDED, *ON_REAL_DATA)}
    runs["published-smaller-step"] = Asked(replace(PRESETS["published"], lr=0.02), correct)
    runs["zero-between"] = Asked(PRESETS["calm"], Program.parse(ZERO_BETWEEN))
    runs["few-rows"] = Asked(FEW_ROWS, correct)
    for name in BANDED:
        for seed in BAND_SEEDS:
            runs[f"{name}-seed-{seed}"] = Asked(replace(PRESETS[name], seed=seed), correct)
    return runs


def ensure_course_runs() -> int:
    """Make the runs of the course that are missing or of another engine; how many were made."""
    present = {run.name: run for run in Run.objects.exclude(name="").select_related("trace")}
    stale = {
        name: asked for name, asked in wanted().items() if not _current(present.get(name), asked)
    }
    for name, asked in stale.items():
        _make(name, asked)
    return len(stale)


def course_run(name: str) -> Run | None:
    """One of the course's runs, with its trace, or None before the course is loaded."""
    return Run.objects.select_related("trace").filter(name=name).first()


def course_runs(*names: str) -> list[Run] | None:
    """Several of them in this order, or None where one is missing."""
    found = {run.name: run for run in Run.objects.select_related("trace").filter(name__in=names)}
    return [found[name] for name in names] if len(found) == len(names) else None


def other_seeds(spec: RunSpec) -> list[RunSpec]:
    """The specs of a band around this one."""
    return [replace(spec, seed=seed) for seed in BAND_SEEDS if seed != spec.seed]


def _current(run: Run | None, asked: Asked) -> bool:
    if run is None or run.trace is None or run.spec != asked.spec.as_dict():
        return False
    same = run.program == asked.program.spelling()
    return same and run.is_whole and run.trace.is_current


def _make(name: str, asked: Asked) -> None:
    trace = executor().run(asked.spec, asked.program)
    Run.objects.update_or_create(
        name=name,
        defaults={
            "spec": asked.spec.as_dict(),
            "program": asked.program.spelling(),
            "status": trace.document["status"],
            "trace": keep(trace),
        },
    )
