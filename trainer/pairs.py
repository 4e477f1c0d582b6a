"""Runs beside one another: the same settings under another program, found or made."""

from typing import TYPE_CHECKING

from django.db import IntegrityError

from trainer.executors.contract import Busy
from trainer.models import Run, RunQuerySet
from trainer.runs import Asked, TooMany, begin, give_up_abandoned, make

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

COMPLETE = (Run.Status.FINISHED, Run.Status.FAILED)
"""Ended as they always would: what was cut short or lost is no result of its spec."""


def beside(owner: "_User", asked: Asked) -> Run | None:
    """The owner's own run of exactly that, or a new one; None where none can be made for now."""
    return found_in(Run.objects.of(owner), asked) or _made(owner, asked)


def found_in(runs: RunQuerySet, asked: Asked) -> Run | None:
    """The latest of these runs that is exactly that and complete, by the engine of today.

    Databases differ in how they compare JSON, so they narrow the choice and Python makes it.
    """
    like = runs.filter(
        program=asked.program.spelling(),
        status__in=COMPLETE,
        trace__isnull=False,
        trace__seed=asked.spec.seed,
        table=asked.table,
    )
    spec = asked.spec.settings()
    same = (run for run in like.select_related("trace").defer("trace__tensors") if run.spec == spec)
    return next((run for run in same if run.trace and run.trace.is_current), None)


def _made(owner: "_User", asked: Asked) -> Run | None:
    give_up_abandoned(owner)
    try:
        run = make(begin(owner, asked, "", lambda _: None))
    except (IntegrityError, TooMany, Busy):
        return None
    return run if run.status in COMPLETE else None
