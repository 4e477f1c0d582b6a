"""Bands: runs that differ from one another by their seed alone."""

from itertools import islice
from typing import TYPE_CHECKING

from trainer.course_runs import other_seeds
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.models import Run, StoredTrace
from trainer.storage import keep

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

MIN_BAND, MAX_BAND = 8, 12
"""A band of fewer seeds would say little; of more it would say nothing new."""


def band_of(run: Run) -> list[Trace]:
    """Numbers of other seeds under the same settings, lowest seeds first; no tensors.

    Of runs that went through to their end: one that was cut short is no result for its seed.
    """
    if run.trace is None:
        return []
    family = StoredTrace.objects.filter(family=run.trace.family).exclude(pk=run.trace.pk)
    found = (stored.numbers for stored in family.defer("tensors").order_by("seed").iterator())
    whole = (trace for trace in found if trace.document["status"] == "finished")
    return list(islice(whole, MAX_BAND))


def make_band(run: Run, learner: "_User") -> None:
    """Run and store the other seeds of a finished run's band, one after the other.

    Raises what an executor raises, and `Gone`; what was made until then is kept.
    """
    spec, program = run.run_spec(), run.run_program()
    present = {other.document["spec"]["seed"] for other in band_of(run)}
    for other in other_seeds(spec):
        if other.seed not in present:
            keep(executor().run(other, program, learner=str(learner.pk)), run.table)
