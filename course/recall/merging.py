"""What a guest remembers becomes the account's, every review kept.

Where both have answered the same question, their logs are one, in the order made, and the date is
what FSRS makes of all of it.
"""

from typing import Any

from django.dispatch import receiver
from fsrs import Rating

from course.accounts.merging import handing_over
from course.accounts.models import User
from course.recall import schedule
from course.recall.models import Memory


@receiver(handing_over)
def hand_over(guest: User, account: User, **_: Any) -> None:
    """Give the guest's memories to the account. In the caller's transaction."""
    theirs = Memory.objects.filter(learner=guest)
    mine = Memory.objects.filter(learner=account, question__in=theirs.values("question"))
    by_question = {memory.question_id: memory for memory in mine}
    for memory in theirs.filter(question__in=list(by_question)):
        _join(memory, by_question[memory.question_id])
    theirs.update(learner=account)


def _join(old: Memory, kept: Memory) -> None:
    """Put the log of one into the other's, and work the date out anew."""
    old.log.all().hand_over(kept)
    old.delete()
    log = [(Rating(each.rating), each.at) for each in kept.log.order_by("pk")]
    card = schedule.replayed(kept.question_id, log)
    kept.card, kept.due, kept.reviews = schedule.kept(card), card.due, len(log)
    kept.save(update_fields=["card", "due", "reviews"])
