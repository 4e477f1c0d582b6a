"""The whole way of a posted card, for a view: from the form to the card that answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpResponse

from course.accounts.models import User
from course.quiz import anew, commitments, submit, taking
from course.quiz.cards import card_of, pinned
from course.quiz.kinds import KINDS
from course.quiz.models import Answer, Mode
from course.quiz.parts import Card
from course.quiz.refusals import BusyError, HeldUpError, RefusedError, StaleError, UnreadableError
from course.quiz.sent import Form, sent
from course.quiz.submit import Ticket
from course.quiz.turns import NEXT
from trainer.models import Run

ANSWER = "response"
"""The field of the answer; what belongs to it goes by `response.` and a name."""

HINT = "hint"
"""The field that asks for a hint, by its number; then nothing is graded."""


RUN = "run"
"""The field that asks for the run of a locked answer once more."""

KEEPS = (UnreadableError, BusyError, HeldUpError)
"""Refusals after which the form still has what was said."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The card as it stands now, the ticket that was sent, and the status to answer with.

    answer: what was stored, now or by the same form before. retry_after: seconds, where nothing
    could be done for now.
    """

    card: Card
    ticket: Ticket
    status: int
    answer: Answer | None = None
    retry_after: int | None = None

    @property
    def run(self) -> Run | None:
        """The run that the card stands beside."""
        return self.ticket.run

    @property
    def asked_about(self) -> Run | None:
        """The same where the question is about it: others may only cite its numbers."""
        return self.run if self.ticket.variant else None

    def to(self, response: HttpResponse) -> HttpResponse:
        """The response, with when to try again where that is to be said."""
        if self.retry_after:
            response["Retry-After"] = str(self.retry_after)
        return response


def reply(
    learner: User | None, welcome: Callable[[], User], form: Form, mode: Mode = Mode.LEARN
) -> Reply:
    """Take the fields `token`, `response`, `confidence` and `run`, or `hint`; ignore all else.

    The card must be one of this mode. `welcome` makes a learner of a visitor; it is called only
    when there is something to store.
    Raises `RefusedError` where there is no card to show: 400 and 404.
    """
    ticket = submit.open_ticket(form.get("token", ""), learner, mode)
    if HINT in form:
        return _hinted(ticket, learner, welcome, form)
    try:
        if ticket.content.needs and learner and RUN in form:
            answer = commitments.resume(learner, ticket)
        else:
            given = submit.read(ticket, learner, sent(form, ANSWER), form.get("confidence", ""))
            learner = learner or welcome()
            take = commitments.commit if ticket.content.needs else submit.record
            answer = take(learner, given)
    except RefusedError as refusal:
        refused = _refused(ticket, learner, refusal, form)
        return Reply(refused, ticket, refusal.status, retry_after=refusal.retry_after)
    card = replace(_card(ticket, learner, answer), fresh=True)
    return Reply(card, ticket, HTTPStatus.OK, answer)


def _hinted(ticket: Ticket, learner: User | None, welcome: Callable[[], User], form: Form) -> Reply:
    """The same card with one more hint, and what was typed so far."""
    try:
        number = taking.offered(ticket, learner, form[HINT])
        learner = learner or welcome()
        taking.take(learner, ticket, number)
    except StaleError as refusal:
        return Reply(_refused(ticket, learner, refusal, form), ticket, refusal.status)
    if ticket.token.mode == Mode.LEARN:
        card = pinned(ticket.version, learner, ticket.run)
    else:
        card = anew.asked(ticket.version, learner, ticket.run, ticket.token.mode)
    card = replace(_as_typed(card, ticket, form), hinted=True)
    return Reply(card, ticket, HTTPStatus.OK)


def _card(ticket: Ticket, learner: User | None, answer: Answer | None = None) -> Card:
    """As a lesson shows it now; elsewhere a question stands alone, to be answered once."""
    if ticket.token.mode == Mode.LEARN:
        turn = ticket.token.attempt if ticket.content.needs else NEXT
        return card_of(ticket.version, learner, ticket.run, turn)
    if answer:
        return anew.told(answer)
    return anew.asked(ticket.version, learner, ticket.run, ticket.token.mode)


def _refused(ticket: Ticket, learner: User | None, refusal: RefusedError, form: Form) -> Card:
    card = _card(ticket, learner)
    if card.state == "locked" or not isinstance(refusal, KEEPS):
        return replace(card, notice=str(refusal))
    return replace(_as_typed(card, ticket, form), error=str(refusal))


def _as_typed(card: Card, ticket: Ticket, form: Form) -> Card:
    """What was sent stands in the form again."""
    typed = sent(form, ANSWER)[: KINDS[ticket.content.kind].longest]
    return replace(card, typed=typed, confidence=form.get("confidence", ""))
