"""Runs and tables that change their owner: the same person, known by another row from now on."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from trainer.models import Run, RunQuerySet, StoredTrace, Sweep
from trainer.own_tables import OwnTable
from trainer.runs import give_up_abandoned

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

TWO_UNDER_WAY = "Two of your runs were under way when you signed in. Run this one again."


def hand_over(old: "_User", new: "_User") -> None:
    """Give every run, sweep and table of one owner to another, within the rules. In a transaction.

    One run may be under way per owner, and one point of a sweep: of two the old owner's gives
    way. A nonce names one run or sweep per owner: it is only a name for the form that asked, so
    of two the old owner's goes.
    """
    for owner in (old, new):
        give_up_abandoned(owner)
    _give_way(Run.objects.filter(owner=old), Run.objects.filter(owner=new))
    _free_nonces(Run.objects.filter(owner=old), Run.objects.filter(owner=new))
    _free_nonces(Sweep.objects.filter(owner=old), Sweep.objects.filter(owner=new))
    for rows in (Run.objects, Sweep.objects):
        rows.filter(owner=old).update(owner=new)
    _hand_over_tables(old, new)


def _give_way(theirs: RunQuerySet, mine: RunQuerySet) -> None:
    """A run is told that it did; a point is forgotten, and its sweep makes it again."""
    theirs, mine = (each.filter(status=Run.Status.PENDING) for each in (theirs, mine))
    if mine.alone().exists():
        theirs.alone().update(status=Run.Status.INTERRUPTED, reasons={"run": TWO_UNDER_WAY})
    if mine.filter(sweep__isnull=False).exists():
        theirs.filter(sweep__isnull=False).delete()


def _free_nonces(theirs: QuerySet[Any], mine: QuerySet[Any]) -> None:
    theirs.filter(nonce__in=mine.exclude(nonce="").values("nonce")).update(nonce="")


def _hand_over_tables(old: "_User", new: "_User") -> None:
    """A table that both have brought is one from now on, and carries the runs of both."""
    mine = {table.sha256: table for table in OwnTable.objects.of(new).only("sha256")}
    for table in OwnTable.objects.of(old).filter(sha256__in=mine).only("sha256"):
        Run.objects.filter(table=table).update(table=mine[table.sha256])
        Sweep.objects.filter(table=table).update(table=mine[table.sha256])
        StoredTrace.objects.filter(table=table).update(table=mine[table.sha256])
        table.delete()
    OwnTable.objects.of(old).update(owner=new)
