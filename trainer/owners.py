"""Runs that change their owner: the same person, known by another row from now on."""

from typing import TYPE_CHECKING

from trainer.models import Run
from trainer.runs import give_up_abandoned

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

TWO_UNDER_WAY = "Two of your runs were under way when you signed in. Run this one again."


def hand_over(old: "_User", new: "_User") -> None:
    """Give every run of one owner to another, within the rules. In the caller's transaction.

    One run may be under way per owner: of two the old owner's gives way. A nonce names one run
    per owner: it is only a name for the form that asked, so of two the old owner's goes.
    """
    theirs, mine = Run.objects.filter(owner=old), Run.objects.filter(owner=new)
    for owner in (old, new):
        give_up_abandoned(owner)
    if mine.filter(status=Run.Status.PENDING).exists():
        theirs.filter(status=Run.Status.PENDING).update(
            status=Run.Status.INTERRUPTED, reasons={"run": TWO_UNDER_WAY}
        )
    theirs.filter(nonce__in=mine.exclude(nonce="").values("nonce")).update(nonce="")
    theirs.update(owner=new)
