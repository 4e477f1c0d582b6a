"""The whole way of a posted card, for a view: from the form to the card that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from course.accounts.models import User
from course.quiz import submit
from course.quiz.cards import card_of
from course.quiz.models import MAX_RAW
from course.quiz.parts import Card
from course.quiz.refusals import RefusedError, UnreadableError
from course.quiz.submit import Ticket
from trainer.models import Run


@dataclass(frozen=True, slots=True)
class Reply:
    """The card as it stands now, the run that it stands beside, and the status to answer with."""

    card: Card
    run: Run | None
    status: int


def reply(learner: User | None, welcome: Callable[[], User], form: Mapping[str, str]) -> Reply:
    """Take the fields `token`, `response` and `confidence`; ignore whatever else was sent.

    `welcome` makes a learner of a visitor; it is called only when there is something to store.
    Raises `RefusedError` where there is no card to show: 400 and 404.
    """
    ticket = submit.open_ticket(form.get("token", ""), learner)
    raw, confidence = form.get("response", ""), form.get("confidence", "")
    try:
        given = submit.read(ticket, learner, raw, confidence)
        learner = learner or welcome()
        submit.record(learner, given)
    except RefusedError as refusal:
        return Reply(_refused(ticket, learner, refusal, form), ticket.run, refusal.status)
    card = replace(card_of(ticket.version, learner, ticket.run), fresh=True)
    return Reply(card, ticket.run, HTTPStatus.OK)


def _refused(
    ticket: Ticket, learner: User | None, refusal: RefusedError, form: Mapping[str, str]
) -> Card:
    card = card_of(ticket.version, learner, ticket.run)
    if not isinstance(refusal, UnreadableError):
        return replace(card, notice=str(refusal))
    typed, confidence = form.get("response", ""), form.get("confidence", "")
    return replace(card, error=str(refusal), typed=typed[:MAX_RAW], confidence=confidence)
