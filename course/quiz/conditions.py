"""What a text says of a run, as in `{when ...}`: probes compared with numbers, words or others.

`rises_in_batch_loss > 0`, `updates = steps_run and heldout_accuracy > heldout_majority`, or a probe
alone, which holds where its value is there and not zero. Pure.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from course.quiz.roles import Value, Values

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TERM = re.compile(
    r"(?P<left>[a-z]\w*)(?: *(?P<sign><=|>=|!=|<|>|=) *(?P<right>-?[0-9.]+|[a-z]\w*))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison. `right` is a number, or the name of a probe, or else a word."""

    left: str
    sign: str = ""
    right: str = ""

    def holds(self, values: Values) -> bool:
        """False where a value that it needs is absent."""
        left = values.get(self.left)
        if not self.sign:
            return left not in (None, 0, "")
        right = _right(self.right, values)
        if left is None or right is None:
            return False
        if self.sign in ("=", "!="):
            return (left == right) == (self.sign == "=")
        if isinstance(left, str | list) or isinstance(right, str | list):
            return False
        return _OPERATORS[self.sign](left, right)

    def names(self) -> set[str]:
        """What it asks of a run, or may ask: the right side of `=` may be a word instead."""
        return {self.left, self.right} if self.right[:1].isalpha() else {self.left}

    def words(self) -> set[str]:
        """Names that need not be probes."""
        return self.names() - {self.left} if self.sign in ("=", "!=") else set()


@dataclass(frozen=True, slots=True)
class Condition:
    """Comparisons that all have to hold."""

    terms: tuple[Term, ...]

    def holds(self, values: Values) -> bool:
        """Whether it is true of a run."""
        return all(term.holds(values) for term in self.terms)

    def names(self) -> set[str]:
        """Every probe that it asks for, or may ask for."""
        return {name for term in self.terms for name in term.names()}

    def words(self) -> set[str]:
        """Names that need not be probes."""
        return {name for term in self.terms for name in term.words()}


def read(text: str) -> Condition:
    """Raises `ValueError` with the reason."""
    terms = []
    for part in text.split(" and "):
        match = _TERM.fullmatch(part.strip())
        if not match:
            raise ValueError(f"{part.strip()!r} is no condition.")
        terms.append(Term(match["left"], match["sign"] or "", match["right"] or ""))
    return Condition(tuple(terms))


def _right(written: str, values: Values) -> Value:
    if written[:1].isalpha():
        return values.get(written, written)
    return float(written)
