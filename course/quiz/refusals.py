"""Why a submission is refused, with the status that the page answers."""

from typing import ClassVar


class RefusedError(Exception):
    """Nothing was stored. The message is for the learner."""

    status: ClassVar[int] = 400


class NotACardError(RefusedError):
    """The token is not one of ours."""


class NotYoursError(RefusedError):
    """The run belongs to another person: to this one it does not exist."""

    status = 404


class StaleError(RefusedError):
    """The card shows a state that has passed."""

    status = 409


class UnreadableError(RefusedError):
    """The answer cannot be read. No attempt is used."""

    status = 422
