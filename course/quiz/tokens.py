"""What was shown, pinned without writing: a signed token in the form of a card.

It can be read by whoever holds it, so it must not give the key away: authors tend to write the
right option first, and the order shown is therefore not told against theirs but against a secret
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import salted_hmac

from course.quiz.models import Mode

SALT = "course.quiz.tokens"
MAX_TOKEN = 400


class BadTokenError(ValueError):
    """A token that this site did not make."""


@dataclass(frozen=True, slots=True)
class Token:
    """One attempt at one version. `learner` 0 is a visitor, who becomes somebody by answering.

    attempt: of a question that needs a run, which of its turns.
    """

    version: int
    run: str
    attempt: int
    learner: int
    order: tuple[int, ...]
    mode: str = Mode.LEARN

    def signed(self) -> str:
        """As the form carries it."""
        parts = [self.version, self.run, self.attempt, self.learner, list(self.order)]
        # In a lesson it goes without saying, so that pages from before there were modes are good.
        mode = [] if self.mode == Mode.LEARN else [str(self.mode)]
        return signing.dumps(parts + mode, salt=SALT)

    @property
    def draft(self) -> str:
        """A name for what is typed into the form: another attempt or order is another form."""
        order = "-".join(map(str, self.order))
        return ":".join([str(self.version), self.run, self.mode, str(self.attempt), order])

    @classmethod
    def read(cls, text: str) -> "Token":
        """The token of a form. Raises `BadTokenError`."""
        if len(text) > MAX_TOKEN:
            raise BadTokenError("too long")
        try:
            version, run, attempt, learner, order, *mode = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError) as error:
            raise BadTokenError(str(error)) from error
        return cls(version, run, attempt, learner, tuple(order), *mode)


def shuffled(names: Sequence[str], *seed: object) -> list[str]:
    """The names in an order that only this site can work out: the same for the same seed."""
    return sorted(names, key=lambda name: salted_hmac(SALT, f"{seed}{name}").hexdigest())


def places(shown: Sequence[str], version: int) -> tuple[int, ...]:
    """An order as a token holds it."""
    secret = shuffled(shown, version)
    return tuple(secret.index(name) for name in shown)


def names(order: Sequence[int], given: Sequence[str], version: int) -> list[str]:
    """The order that a token holds, as names. Raises `BadTokenError` if it does not fit."""
    if sorted(order) != list(range(len(given))):
        raise BadTokenError("another order")
    secret = shuffled(given, version)
    return [secret[place] for place in order]
