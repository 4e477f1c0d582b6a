"""Why a submission is refused, with the status that the page answers."""


class RefusedError(Exception):
    """Nothing was stored. The message is for the learner."""

    status: int = 400
    retry_after: int | None = None
    """Seconds, where the same may be tried again then."""


class NotACardError(RefusedError):
    """The token is not one of ours."""


class NotYoursError(RefusedError):
    """The run belongs to another person: to this one it does not exist."""

    status = 404


class StaleError(RefusedError):
    """The card shows a state that has passed."""

    status = 409


class BusyError(RefusedError):
    """The answer has to be run first, and no runner is free. No attempt is used."""

    status = 503

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Every runner is busy. Your answer is kept; check it in {retry_after} s.")
        self.retry_after = retry_after


class UnreadableError(RefusedError):
    """The answer cannot be read. No attempt is used."""

    status = 422


class HeldUpError(RefusedError):
    """The run that a question needs could not be made for now. What was said is kept."""

    def __init__(self, why: str, status: int, retry_after: int | None) -> None:
        super().__init__(why)
        self.status = status
        self.retry_after = retry_after
