"""Answers to questions that need a run: locked in the transaction that begins it, settled by it.

The run cannot be begun before the answer is locked. It is found again by a name that follows from
the question and from what is to be run, so that two tabs, or a form sent twice, make one run. Where
nothing came of it the answer stays locked, and it can be made again.
"""

from dataclasses import dataclass

from course.accounts.models import User
from course.quiz import evidence, marking, submit
from course.quiz.content import Content
from course.quiz.models import Answer, Mode
from course.quiz.needs import Needed, needed
from course.quiz.refusals import HeldUpError, StaleError
from course.quiz.submit import USED, Given, Ticket
from course.quiz.turns import seen
from trainer.attempts import made
from trainer.models import Run
from trainer.pairs import COMPLETE

SEEN = "You have made that run already, so its end is known. Choose another seed in the lesson."
ATTEMPT = 1
"""Each turn is a variant of its own, and over with one answer."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn of a question, for one learner."""

    learner: User
    ticket: Ticket
    needed: Needed

    @classmethod
    def of(cls, learner: User, ticket: Ticket) -> "_Turn":
        return cls(learner, ticket, needed(ticket.content.needs, ticket.run))

    @property
    def variant(self) -> str:
        return self.needed.variant(self.ticket.token.attempt)

    @property
    def is_seen(self) -> bool:
        return self.variant in seen([self.needed], self.learner)

    def locked(self) -> Answer | None:
        """The answer that was given, settled or not."""
        given = Answer.objects.filter(
            learner=self.learner,
            question=self.ticket.version.question_id,
            mode=Mode.LEARN,
            variant=self.variant,
        )
        return given.select_related("run", "version", "question").order_by("attempt").last()

    def nonce(self, locked: Answer | None) -> str:
        """Of the run: too short to be asked for its progress. A stopped one is not taken up."""
        if locked and locked.run and locked.run.status == Run.Status.STOPPED:
            return ""
        return f"q{self.ticket.version.question_id}-{self.variant}"


def commit(learner: User, given: Given) -> Answer:
    """Lock an answer and make its run. The same again is one row and one run.

    Raises `StaleError`, or `HeldUpError` where the run could not be begun or made for now.
    """
    turn = _Turn.of(learner, given.ticket)
    # In this order: a run that this very form has made meanwhile comes with its answer.
    is_seen, locked = turn.is_seen, turn.locked()
    if locked is None and is_seen:
        raise StaleError(SEEN)
    if locked is None:
        locked = _run(turn, given=given)
    elif not _is_over(locked) and locked.response == given.response:
        locked = _run(turn, locked)
    if locked.response != given.response:
        raise StaleError(USED)
    return locked


def resume(learner: User, ticket: Ticket) -> Answer:
    """Make the run of a locked answer once more. Raises like `commit`."""
    turn = _Turn.of(learner, ticket)
    if (locked := turn.locked()) is None:
        raise StaleError(USED)
    return locked if _is_over(locked) else _run(turn, locked)


def _is_over(locked: Answer) -> bool:
    return locked.score is not None or locked.ungraded


def _run(turn: _Turn, locked: Answer | None = None, given: Given | None = None) -> Answer:
    """Make the run, locking what is given in the transaction that begins it."""
    came = made(
        turn.learner,
        turn.needed.asked(turn.ticket.token.attempt),
        turn.nonce(locked),
        begun=lambda run: _lock(turn, given, run) if given else None,
        ended=lambda run: _settle(turn, run),
    )
    after = turn.locked()
    if came.problem and (after is None or not _is_over(after)):
        raise HeldUpError(came.problem, came.status, came.retry_after)
    if after is None:
        raise StaleError(USED)
    return after


def _lock(turn: _Turn, given: Given, run: Run) -> None:
    answer = submit.blank(turn.learner, given, run, turn.variant)
    answer.attempt = ATTEMPT
    answer.save()


def _settle(turn: _Turn, run: Run) -> None:
    """Grade what is locked, where the run came to its end and bears out what is asked about."""
    trace, locked = run.load(), turn.locked()
    if run.status not in COMPLETE or trace is None or locked is None:
        return
    content = Content.from_json(locked.version.content)
    values = evidence.values_of(content.probes(), trace)
    verdict = marking.grade(content, values, locked.response)
    locked.run = run
    if verdict:
        submit.fill_in(locked, content, values, verdict)
    else:
        locked.ungraded, locked.evidence = True, evidence.keep(values)
    submit.settle(locked)
