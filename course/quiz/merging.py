"""The answers of a guest become those of an account: re-pointed, never edited.

Where both have answered the same question, their attempts are one row of attempts, counted in
the order in which they were given. Nobody regains an attempt by coming as a guest.
"""

from collections import defaultdict
from typing import Any

from django.dispatch import receiver

from course.accounts.merging import handing_over
from course.accounts.models import User
from course.quiz.models import Answer, HintTaken, Mode


@receiver(handing_over)
def hand_over(guest: User, account: User, **_: Any) -> None:
    """Give the guest's answers to the account. In the caller's transaction."""
    theirs = Answer.objects.filter(learner=guest)
    for attempts in _answered_by_both(guest, account):
        # Numbers only grow, so from the last one on each moves to a place that is free.
        for number in range(len(attempts), 0, -1):
            Answer.objects.filter(pk=attempts[number - 1]).hand_over(account.pk, number)
    theirs.hand_over(account.pk)
    _hand_over_hints(guest, account)


def _hand_over_hints(guest: User, account: User) -> None:
    """A hint that both took is one hint: the same person has read it twice."""
    known = {_which(taken) for taken in HintTaken.objects.filter(learner=account)}
    theirs = HintTaken.objects.filter(learner=guest)
    twice = [taken.pk for taken in theirs if _which(taken) in known]
    HintTaken.objects.filter(pk__in=twice).delete()
    theirs.hand_over(account.pk)


def _which(taken: HintTaken) -> tuple[int, str, str, int, int]:
    """In a lesson it stays for all attempts; elsewhere each occasion has its own."""
    occasion = 0 if taken.mode == Mode.LEARN else taken.attempt
    return taken.version_id, taken.mode, taken.variant, taken.number, occasion


def _answered_by_both(guest: User, account: User) -> list[list[int]]:
    """The answers to each variant that both have answered, in the order given."""
    asked = Answer.objects.filter(learner=guest).values("question")
    rows = Answer.objects.filter(learner__in=(guest, account), question__in=asked).order_by("pk")
    attempts: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    learners: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for answer in rows.only("learner_id", "question_id", "mode", "variant"):
        asked_as = answer.question_id, answer.mode, answer.variant
        attempts[asked_as].append(answer.pk)
        learners[asked_as].add(answer.learner_id)
    return [attempts[variant] for variant, who in learners.items() if len(who) > 1]
