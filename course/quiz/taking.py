"""A hint is asked for: kept, so that it stays shown and can be told beside the answer.

It costs no points and uses no attempt. What keeps the count honest is a unique constraint.
"""

from collections import defaultdict
from collections.abc import Mapping

from course.accounts.models import User
from course.quiz import evidence, hints, submit
from course.quiz.models import HintTaken
from course.quiz.refusals import NotACardError
from course.quiz.submit import Ticket

Taken = Mapping[int, frozenset[int]]
"""By the id of a version: the numbers of its hints."""

NONE: frozenset[int] = frozenset()


def offered(ticket: Ticket, learner: User | None, wanted: str) -> int:
    """The number of a hint that a card offers, or has shown already.

    Raises `StaleError` for a card whose time is over or that is another learner's, `NotACardError`
    for a hint that it does not offer.
    """
    submit.check_whose(ticket, learner)
    taken = NONE
    if learner:
        submit.check_turn(ticket, submit.earlier(learner, ticket))
        taken = _taken(learner, ticket)
    trace = ticket.run.load() if ticket.run else None
    given = hints.told(ticket.content, evidence.values_of(ticket.content.probes(), trace))
    number = int(wanted) if wanted in map(str, given) else 0
    if number and (number in taken or number == hints.following(given, taken)):
        return number
    raise NotACardError(submit.NOT_A_CARD)


def take(learner: User, ticket: Ticket, number: int) -> None:
    """Keep that a hint was asked for. The same again, or at the same time, adds nothing."""
    if number in _taken(learner, ticket):
        return
    HintTaken.objects.get_or_create(
        learner=learner,
        question=ticket.version.question,
        version=ticket.version,
        variant=ticket.variant,
        mode=ticket.token.mode,
        attempt=ticket.token.attempt,
        number=number,
    )


def taken_of(
    learner: User | None, variants: Mapping[int, str], mode: str, attempt: int = 0
) -> Taken:
    """What somebody took of these questions, each in its variant. One query, none for nobody."""
    found: dict[int, set[int]] = defaultdict(set)
    if learner and variants:
        rows = HintTaken.objects.before(mode, attempt).filter(
            learner=learner, question__in=variants, variant__in=set(variants.values())
        )
        for row in rows:
            if variants[row.question_id] == row.variant:
                found[row.version_id].add(row.number)
    return {version: frozenset(numbers) for version, numbers in found.items()}


def _taken(learner: User, ticket: Ticket) -> frozenset[int]:
    version, token = ticket.version, ticket.token
    variants = {version.question_id: ticket.variant}
    return taken_of(learner, variants, token.mode, token.attempt).get(version.pk, NONE)
