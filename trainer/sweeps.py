"""Sweeps: begun once, made point by point, each point once however many ask for it.

A sweep is one ticket of its learner's limit. One point of a learner is under way at a time, and
it stands in the way of no single run.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from trainer.executors.contract import Busy
from trainer.models import ABANDONED, Run, Sweep
from trainer.runs import BUCKET, Asked, TooMany, make, tickets
from trainer.storage import hold

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

MOST_POINTS = 20
FEWEST_VALUES = 2

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sweep is to run: each of `values` in place of a setting, under each of `seeds`."""

    asked: Asked
    setting: str
    values: list[Value]
    seeds: list[int]


def begin_sweep(owner: "_User", plan: Plan, nonce: str) -> Sweep:
    """Store a sweep; the same nonce finds the one that it made. Raises `TooMany`, `Gone`."""
    if nonce and (same := Sweep.objects.filter(owner=owner, nonce=nonce).first()):
        return same
    if tickets(owner) >= BUCKET:
        raise TooMany
    try:
        with transaction.atomic():
            hold(plan.asked.table)
            return Sweep.objects.create(
                owner=owner,
                nonce=nonce,
                spec=plan.asked.spec.settings(),
                table=plan.asked.table,
                program=plan.asked.program.spelling(),
                setting=plan.setting,
                values=plan.values,
                seeds=plan.seeds,
            )
    except IntegrityError:  # the same form, sent twice at once
        return Sweep.objects.get(owner=owner, nonce=nonce)


def next_point(sweep: Sweep) -> Run | None:
    """Make the next point and wait for it. None where there is none, or one is under way.

    Raises `Busy`; the point is then as if it had never been begun. Raises `Gone`; then the sweep
    went with its table.
    """
    point = _claim(sweep)
    if point is None:
        return None
    try:
        make(point)
    except Busy:
        point.delete()
        raise
    _finish(sweep)
    return point


def cancel(sweep: Sweep) -> None:
    """No more points; those that were made stay. A sweep that is over stays what it is."""
    Sweep.objects.filter(pk=sweep.pk, status=Sweep.Status.RUNNING).update(
        status=Sweep.Status.CANCELLED
    )


def _claim(sweep: Sweep) -> Run | None:
    """The next point as a pending run of one's own: the database decides who gets it."""
    if sweep.status != Sweep.Status.RUNNING:
        return None
    _forget_abandoned(sweep)
    taken = set(sweep.points.values_list("place", flat=True))
    place = next((place for place in range(sweep.size) if place not in taken), None)
    if place is None:
        _finish(sweep)
        return None
    try:
        with transaction.atomic():
            hold(sweep.table)
            return Run.objects.create(
                owner_id=sweep.owner_id,
                sweep=sweep,
                place=place,
                spec=sweep.point(place).settings(),
                table=sweep.table,
                program=sweep.program,
            )
    except IntegrityError:
        return None


def _forget_abandoned(sweep: Sweep) -> None:
    """Points whose process is gone, of any sweep of the learner: they can be made again."""
    points = Run.objects.filter(owner=sweep.owner_id, status=Run.Status.PENDING)
    points.filter(sweep__isnull=False, created__lt=timezone.now() - ABANDONED).delete()


def _finish(sweep: Sweep) -> None:
    """Mark a sweep finished once each of its points is over."""
    over = sweep.points.exclude(status=Run.Status.PENDING).count()
    if over == sweep.size:
        Sweep.objects.filter(pk=sweep.pk, status=Sweep.Status.RUNNING).update(
            status=Sweep.Status.FINISHED
        )
