"""Making a run: what was asked for, its row, its training, its result.

Rules live here; views only read the request and choose the answer. Training happens outside
any transaction, between two short ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import RunSpec, SpecError
from trainer.engine.table import OWN
from trainer.executors import executor
from trainer.executors.contract import Busy, Cancelled, Overdue, RunnerLost
from trainer.models import ABANDONED, Run, RunQuerySet, Sweep
from trainer.own_tables import OwnTable
from trainer.storage import hold, keep

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

BUCKET = 30
REFILL = timedelta(minutes=3)
KEPT_LENGTH = 100
NONCE_LENGTH = 32
KEPT_FIELDS = 20

LOST = "Its process ended before the run did. Nothing was stored; run it again."
OVERDUE = "It took longer than the hard limit and was ended. Nothing was stored."
CANCELLED = "Cancelled before it began."
BUSY = "Every runner was busy. Run it again."


class Refused(Exception):
    """The settings or lines cannot be run: reasons by field."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__(str(reasons))
        self.reasons = reasons


class UnderWay(Exception):
    """The learner has a run that is not finished yet."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.id)
        self.run = run


class Changed(Exception):
    """The form was sent before, with other settings: its nonce stands for the run of those."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.id)
        self.run = run


class TooMany(Exception):
    """More runs in a short time than one person looks at."""

    retry_after = int(REFILL.total_seconds()) // BUCKET


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to have run."""

    spec: RunSpec
    program: Program
    table: OwnTable | None = None


def read(given: Mapping[str, str], owner: "_User | None" = None) -> Asked:
    """Settings named like the options of `train`, and `lines`. Raises `Refused`.

    A data set of the owner's own is named `csv:` and its id.
    """
    wanted = dict(given)
    lines = wanted.pop("lines", "").strip()
    reasons: dict[str, str] = {}
    spec, program = RunSpec(), Program.correct()
    table = _table(wanted, owner)
    try:
        spec = RunSpec.parse(wanted, table.text if table else "")
    except SpecError as refused:
        reasons |= refused.errors
    try:
        program = Program.parse(lines) if lines else program
    except ProgramError as refused:
        reasons["lines"] = str(refused)
    if reasons:
        raise Refused(reasons)
    return Asked(spec, program, table)


def _table(wanted: dict[str, str], owner: "_User | None") -> OwnTable | None:
    """The table that is wanted, if it is the owner's; `csv` then stands in its place."""
    kind, _, table_id = wanted.get("dataset", "").partition(":")
    table = OwnTable.objects.of(owner).named(table_id).first() if kind == OWN else None
    if table:
        wanted["dataset"] = OWN
    return table


def refuse(owner: "_User", given: Mapping[str, str], reasons: dict[str, str]) -> Run | None:
    """Keep a record of settings that were refused, and why; none of a flood of them."""
    if _recent(owner).filter(status=Run.Status.REFUSED).count() >= BUCKET:
        return None
    return Run.objects.create(
        owner=owner, status=Run.Status.REFUSED, spec=_kept(given), reasons=_kept(reasons)
    )


def _kept(texts: Mapping[str, str]) -> dict[str, str]:
    """A little of what somebody sent, without the character that no database takes in JSON."""
    first = list(texts.items())[:KEPT_FIELDS]
    return {_cut(name): _cut(text) for name, text in first}


def _recent(owner: "_User") -> RunQuerySet:
    return Run.objects.filter(owner=owner, created__gt=timezone.now() - REFILL)


def _cut(text: str) -> str:
    return text[:KEPT_LENGTH].replace("\0", "\N{REPLACEMENT CHARACTER}")


def tickets(owner: "_User") -> int:
    """Runs and sweeps that a learner asked for of late: a sweep is one, however many points."""
    runs = _recent(owner).alone().exclude(status=Run.Status.REFUSED).count()
    return runs + Sweep.objects.filter(owner=owner, created__gt=timezone.now() - REFILL).count()


def begin(owner: "_User", asked: Asked, nonce: str, begun: Callable[[Run], object]) -> Run:
    """Store a pending run, with what `begun` adds in the same transaction.

    The database decides who comes first: a nonce makes one run, a learner has one under way.
    Raises `IntegrityError` where that is so already, `TooMany` over the limit, `Gone`.
    """
    if tickets(owner) >= BUCKET:
        raise TooMany
    with transaction.atomic():
        hold(asked.table)
        run = Run.objects.create(
            owner=owner,
            nonce=nonce,
            spec=asked.spec.settings(),
            table=asked.table,
            program=asked.program.spelling(),
        )
        begun(run)
    return run


def find(owner: "_User", asked: Asked, nonce: str) -> tuple[Run, bool] | None:
    """The run that stood in the way of a new one, and whether it is to be made now.

    None where nothing does: the one that did may have come to its end since.

    The same POST sent again finds its own run, and takes it up if its making had failed.
    Raises `Changed` where that run had other settings, `UnderWay` for another run.
    """
    if nonce and (same := Run.objects.filter(owner=owner, nonce=nonce).first()):
        if _what(same) != (asked.spec.settings(), asked.program.spelling(), asked.table):
            raise Changed(same)
        return same, _take_up_again(same)
    _raise_under_way(owner)
    return None


def _what(run: Run) -> tuple[dict[str, object], str, OwnTable | None]:
    return run.spec, run.program, run.table


def _raise_under_way(owner: "_User | None") -> None:
    if pending := Run.objects.alone().filter(owner=owner, status=Run.Status.PENDING).first():
        raise UnderWay(pending)


def make(run: Run, ended: Callable[[Run], object] = lambda _: None) -> Run:
    """Train a pending run and store the result; raises `Busy` after setting it aside, and `Gone`.

    `ended` is called with the run once it has its trace, in the transaction that stores it.
    """
    spec, program = run.run_spec(), run.run_program()
    began = perf_counter()
    try:
        # A nonce that could be guessed names no progress: its address is all that guards it.
        key = run.nonce if len(run.nonce) >= NONCE_LENGTH else ""
        trace = executor().run(spec, program, key=key, learner=str(run.owner_id or ""))
    except RunnerLost:
        return _settle(run, Run.Status.INTERRUPTED, LOST)
    except Overdue:
        return _settle(run, Run.Status.INTERRUPTED, OVERDUE)
    except Cancelled:
        return _settle(run, Run.Status.INTERRUPTED, CANCELLED)
    except Busy:
        _settle(run, Run.Status.INTERRUPTED, BUSY)
        raise
    run.duration_ms = round((perf_counter() - began) * 1000)
    with transaction.atomic():
        run.trace = keep(trace, run.table)
        _settle(run, Run.Status(trace.document["status"]))
        ended(run)
    return run


def _settle(run: Run, status: Run.Status, reason: str = "") -> Run:
    """End a pending run, once: whoever comes second changes nothing."""
    run.status = status
    run.reasons = {"run": reason} if reason else {}
    Run.objects.filter(pk=run.pk, status=Run.Status.PENDING).update(
        status=run.status, reasons=run.reasons, trace=run.trace, duration_ms=run.duration_ms
    )
    return run


def _take_up_again(run: Run) -> bool:
    if run.state != Run.Status.INTERRUPTED:
        return False
    waiting = Run.objects.filter(pk=run.pk, status=run.status)
    run.created = timezone.now()
    try:
        with transaction.atomic():
            taken = waiting.update(status=Run.Status.PENDING, reasons={}, created=run.created)
    except IntegrityError:  # another one was begun since, and may have come to its end
        _raise_under_way(run.owner)
        return _take_up_again(run)
    run.status = Run.Status.PENDING
    return taken == 1


def give_up_abandoned(owner: "_User") -> int:
    """End pending runs whose process is gone; how many there were."""
    gone = Run.objects.alone().filter(
        owner=owner, status=Run.Status.PENDING, created__lt=timezone.now() - ABANDONED
    )
    return gone.update(status=Run.Status.INTERRUPTED, reasons={"run": LOST})
