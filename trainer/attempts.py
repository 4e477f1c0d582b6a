"""A POST for a run, from its form to what came of it: one way for every page that offers a run."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import IntegrityError

from trainer.executors.contract import Busy
from trainer.forms import RunForm
from trainer.models import Run
from trainer.runs import (
    Asked,
    Changed,
    TooMany,
    UnderWay,
    begin,
    find,
    give_up_abandoned,
    make,
    refuse,
)
from trainer.storage import Gone

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

UNDER_WAY = "One of your runs is not finished yet. It takes a moment; then run again."
CHANGED = "This form was sent before, with other settings. The new ones are kept; run again."
TOO_MANY = "That were many runs in a short time. Look at one of them, then run again."
GONE = "That data set was deleted meanwhile, and its runs with it."
BUSY = "The runners are busy. Your settings are kept; run again in a moment."

TRIES = 5
"""How often another run may end just after it stood in the way."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a POST: a run with status 200, or a problem with the status that fits it."""

    run: Run | None
    status: HTTPStatus = HTTPStatus.OK
    problem: str = ""
    retry_after: int | None = None
    nonce: str = ""
    """Of the form that is shown again: with it, the same POST is the same run. "" for a new one."""


def attempt(
    owner: "_User",
    form: RunForm,
    nonce: str,
    begun: Callable[[Run], object] = lambda _: None,
    ended: Callable[[Run], object] = lambda _: None,
) -> Attempt:
    """Make the run of a form; `begun` and `ended` join the transactions that store it."""
    if not form.is_valid() or form.asked is None:
        run = refuse(owner, form.given(), form.reasons)
        return Attempt(
            run, HTTPStatus.UNPROCESSABLE_ENTITY, "These settings cannot be run.", nonce=nonce
        )
    return made(owner, form.asked, nonce, begun, ended)


def made(
    owner: "_User",
    asked: Asked,
    nonce: str,
    begun: Callable[[Run], object],
    ended: Callable[[Run], object],
) -> Attempt:
    """The same for settings that are known to be good."""
    try:
        run, is_new = _pending(owner, asked, nonce, begun)
        return Attempt(make(run, ended) if is_new else run)
    except (UnderWay, Changed) as other:
        return _in_the_way(other, nonce)
    except Gone:
        return Attempt(None, HTTPStatus.CONFLICT, GONE)
    except TooMany as limit:
        return Attempt(None, HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, limit.retry_after, nonce)
    except Busy as busy:
        return Attempt(None, HTTPStatus.SERVICE_UNAVAILABLE, BUSY, busy.retry_after, nonce)


def _in_the_way(other: UnderWay | Changed, nonce: str) -> Attempt:
    if isinstance(other, Changed):
        return Attempt(other.run, HTTPStatus.CONFLICT, CHANGED)
    return Attempt(other.run, HTTPStatus.CONFLICT, UNDER_WAY, nonce=nonce)


def _pending(
    owner: "_User", asked: Asked, nonce: str, begun: Callable[[Run], object]
) -> tuple[Run, bool]:
    """A new pending run, or the one in its way; one that is over is no longer that."""
    for _ in range(TRIES):
        try:
            return begin(owner, asked, nonce, begun), True
        except (IntegrityError, TooMany) as stopped:
            if give_up_abandoned(owner):
                continue
            if found := find(owner, asked, nonce):
                return found
            if isinstance(stopped, TooMany):
                raise
    raise TooMany
