"""Running every arrangement, when the course is loaded and by the executor of everyone's runs."""

from importlib.metadata import version

from course.lab.atlas.outcomes import SPEC, arrangements, outcomes
from course.lab.models import Atlas
from trainer.engine import ENGINE_VERSION
from trainer.engine.program import Program
from trainer.engine.trace import Trace
from trainer.executors import executor

TRIES = 3


class Unsettled(Exception):
    """A run was cut short each time: how it would have ended is not known."""


def current_atlas() -> Atlas | None:
    """The atlas of this engine with the PyTorch of today, where it was made."""
    return Atlas.objects.filter(engine=ENGINE_VERSION, torch=version("torch")).first()


def ensure_atlas() -> int:
    """Make the atlas if there is none of this engine; how many arrangements were run.

    Raises `Unsettled`, with nothing stored.
    """
    if current_atlas():
        return 0
    traces = {lines: _run(lines) for lines in arrangements()}
    found = [outcome.as_dict() for outcome in outcomes(traces)]
    Atlas.objects.update_or_create(
        engine=ENGINE_VERSION, torch=version("torch"), defaults={"outcomes": found}
    )
    return len(found)


def _run(lines: str) -> Trace:
    for _ in range(TRIES):
        trace = executor().run(SPEC, Program.parse(lines))
        if trace.document["status"] in ("finished", "failed"):
            return trace
    raise Unsettled(lines)
