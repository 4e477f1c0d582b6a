"""An answer's way into the database: open its token, read it, grade it, add it.

What keeps attempts honest is the unique constraint on them, not a lock: SQLite would ignore one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from course.accounts.models import User
from course.quiz import evidence, marking, tokens
from course.quiz.answering import answered
from course.quiz.content import Content
from course.quiz.kinds import KINDS, BadResponseError, Response, Verdict
from course.quiz.models import Answer, Confidence, HintTaken, Mode, QuestionVersion
from course.quiz.refusals import (
    BusyError,
    NotACardError,
    NotYoursError,
    StaleError,
    UnreadableError,
)
from course.quiz.roles import Values
from course.quiz.tokens import BadTokenError, Token
from trainer.executors.contract import Busy, Cancelled, Overdue, RunnerLost
from trainer.models import Run
from trainer.trials import RETRY_AFTER, trial

NOT_A_CARD = "This form did not come from this site, or was changed on its way. Open the page anew."
OTHER_LEARNER = "This card was made for somebody else. Here is yours."
USED = "That attempt was used already. This is how it stands now."
NO_ATTEMPT = "No attempt is left. This is how it stands now."
NO_KEY = "This run has no answer to that question."


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token stands for."""

    version: QuestionVersion
    content: Content
    run: Run | None
    token: Token
    shown: list[str]

    @property
    def variant(self) -> str:
        """The run's id where the question is about the run: each run asks anew."""
        return self.token.run if self.content.asks_about_run() else ""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that could be read."""

    ticket: Ticket
    raw: str
    response: Response
    confidence: str


def open_ticket(text: str, learner: User | None, mode: Mode = Mode.LEARN) -> Ticket:
    """Find what a form is about. Raises `NotACardError` or `NotYoursError`."""
    token = _token(text)
    if token.mode != mode:
        raise NotACardError(NOT_A_CARD)
    return _ticket(token, _version(token), _run(token.run, learner))


def open_prediction(text: str, asked: QuestionVersion) -> Ticket:
    """The same for a prediction, which is about a run that is still to be made.

    `asked` is the question as it stands; the form may carry an older version of it, no other.
    """
    token = _token(text)
    version = asked if token.version == asked.pk else _version(token)
    if version.question_id != asked.question_id:
        raise NotACardError(NOT_A_CARD)
    return _ticket(token, version, None)


def _token(text: str) -> Token:
    try:
        return Token.read(text)
    except BadTokenError as error:
        raise NotACardError(NOT_A_CARD) from error


def _version(token: Token) -> QuestionVersion:
    versions = QuestionVersion.objects.select_related("question__lesson")
    if version := versions.filter(pk=token.version).first():
        return version
    raise NotACardError(NOT_A_CARD)


def _ticket(token: Token, version: QuestionVersion, run: Run | None) -> Ticket:
    content = Content.from_json(version.content)
    names = KINDS[content.kind].shuffled(content)
    try:
        shown = tokens.names(token.order, names, version.pk) if names else []
    except BadTokenError as error:
        raise NotACardError(NOT_A_CARD) from error
    return Ticket(version, content, run, token, shown)


def check_whose(ticket: Ticket, learner: User | None) -> None:
    """Raise `StaleError` for another learner's card. A visitor's is whoever's they became."""
    if ticket.token.learner and (learner is None or ticket.token.learner != learner.pk):
        raise StaleError(OTHER_LEARNER)


def read(ticket: Ticket, learner: User | None, raw: str, confidence: str = "") -> Given:
    """Read an answer. Raises `StaleError` for another learner's card, or `UnreadableError`."""
    check_whose(ticket, learner)
    kind = KINDS[ticket.content.kind]
    if len(raw) > kind.longest:
        raise UnreadableError(f"At most {kind.longest:,} characters.")
    if confidence and confidence not in Confidence.values:
        raise UnreadableError("Choose one of Guess, Fairly and Sure.")
    try:
        response = kind.parse(raw, ticket.content, ticket.shown)
    except BadResponseError as error:
        raise UnreadableError(str(error)) from error
    return Given(ticket, raw, response, confidence)


def record(learner: User, given: Given) -> Answer:
    """Grade an answer and add it. The same answer twice is one row.

    A program is run for that, while no transaction is open. Raises `StaleError` or `BusyError`.
    Whoever listens to `answered` may raise `StaleError`, too; then nothing is added.
    """
    before, attempt = earlier(learner, given.ticket), given.ticket.token.attempt
    if len(before) >= attempt:
        return _same(before[attempt - 1], given)
    check_turn(given.ticket, before)
    answer = _graded(learner, given)
    try:
        with transaction.atomic():
            answer.save()
            answered.send(sender=Answer, answer=answer)
    except IntegrityError:
        return _same(_attempts(learner, given.ticket).get(attempt=attempt), given)
    return answer


def check_turn(ticket: Ticket, before: Sequence[Answer]) -> None:
    """Raise `StaleError` where a card's attempt is not the next one.

    In a lesson a question ends with the right answer, or with the last attempt.
    """
    if ticket.token.attempt != len(before) + 1:
        raise StaleError(USED)
    if ticket.token.mode != Mode.LEARN:
        return
    if any(each.correct for each in before):
        raise StaleError(USED)
    if len(before) >= ticket.content.max_attempts:
        raise StaleError(NO_ATTEMPT)


def _graded(learner: User, given: Given) -> Answer:
    ticket, content = given.ticket, given.ticket.content
    trace = ticket.run.load() if ticket.run else None
    values = {**evidence.values_of(content.probes(), trace), **_tried(learner, given)}
    verdict = marking.grade(content, values, given.response)
    if verdict is None:
        raise StaleError(NO_KEY)
    answer = blank(learner, given, ticket.run, ticket.variant)
    answer.hints = _hints(learner, ticket)
    fill_in(answer, content, values, verdict)
    return answer


def _hints(learner: User, ticket: Ticket) -> int:
    """How many were taken, of whichever version."""
    asked = HintTaken.objects.filter(
        learner=learner, question=ticket.version.question, variant=ticket.variant
    )
    counted = asked.before(ticket.token.mode, ticket.token.attempt)
    return counted.values("version", "number").distinct().order_by().count()


def _tried(learner: User, given: Given) -> Values:
    """What the run of the answer itself says, if the kind has it run. Raises `BusyError`."""
    content = given.ticket.content
    program = KINDS[content.kind].program(given.response, content)
    if program is None:
        return {}
    try:
        tried = trial(program, str(learner.pk))
    except Busy as busy:
        raise BusyError(busy.retry_after) from busy
    except (Cancelled, Overdue, RunnerLost) as lost:
        raise BusyError(RETRY_AFTER) from lost
    return evidence.values_of_trial(content.probes(), tried)


def fill_in(answer: Answer, content: Content, values: Values, verdict: Verdict) -> None:
    """Write a verdict, and the numbers that it stands on, into an answer; not saved."""
    answer.evidence = evidence.keep(values)
    answer.correct = verdict.correct
    answer.score = verdict.share * content.points
    answer.matched, answer.gap = verdict.matched, verdict.gap
    answer.misconception = "".join(marking.misconceptions(content, verdict)[:1])


def settle(answer: Answer) -> bool:
    """Store the verdict of a locked answer, once. False if somebody else already has."""
    with transaction.atomic():
        settled = Answer.objects.settle(answer)
        if settled and answer.score is not None:
            answered.send(sender=Answer, answer=answer)
    return settled


def blank(learner: User, given: Given, run: Run | None, variant: str) -> Answer:
    """An answer without a verdict, not saved."""
    ticket = given.ticket
    return Answer(
        learner=learner,
        question=ticket.version.question,
        version=ticket.version,
        run=run,
        variant=variant,
        mode=ticket.token.mode,
        attempt=ticket.token.attempt,
        shown=ticket.shown,
        raw=given.raw,
        response=given.response,
        max_score=ticket.content.points,
        confidence=given.confidence,
    )


def _same(stored: Answer, given: Given) -> Answer:
    """The stored answer, if this one says the same."""
    if stored.response != given.response:
        raise StaleError(USED)
    return stored


def earlier(learner: User, ticket: Ticket) -> list[Answer]:
    """The answers to this variant so far, in the order given."""
    return list(_attempts(learner, ticket))


def _attempts(learner: User, ticket: Ticket) -> QuerySet[Answer]:
    return Answer.objects.filter(
        learner=learner,
        question=ticket.version.question,
        mode=ticket.token.mode,
        variant=ticket.variant,
    ).order_by("attempt")


def _run(run_id: str, learner: User | None) -> Run | None:
    """The run that a token names, if this person may answer on it: an own one or the course's."""
    if not run_id:
        return None
    run = Run.objects.select_related("trace").filter(pk=run_id).first()
    if run is None or (run.owner_id is not None and (not learner or run.owner_id != learner.pk)):
        raise NotYoursError("No such run.")
    return run
