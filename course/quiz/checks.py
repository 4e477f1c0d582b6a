"""What is wrong with a question, for its author: asked by loadcourse and by the admin."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from course.quiz import evidence, roles
from course.quiz.content import Content, Option
from course.quiz.kinds import KINDS
from course.quiz.misconceptions import BELIEFS

FEWEST_OPTIONS = 2
MOST_OPTIONS = 12

MOST_COUNTED = 32_767
"""What a small whole number of the database holds."""


Known = Callable[[set[str]], set[str]]
"""Of the names in a text those that stand for a number."""


class Slip(NamedTuple):
    """What is wrong, and where: the keys that lead to a text, and the line in it."""

    reason: str
    place: tuple[str | int, ...] = ()
    line: int = 1


def problems(content: Content) -> list[Slip]:
    """Every problem, a sentence each; empty if the question may be published."""
    if content.kind not in KINDS:
        return [Slip(f"kind: {content.kind!r} is none of {', '.join(KINDS)}.", ("kind",))]
    checks: list[Callable[[Content], Iterator[Slip]]] = [_texts, _roles, _beliefs, _limits]
    checks.append(_choice if content.kind == "choice" else _value)
    return [problem for check in checks for problem in check(content)]


def role_slips(text: str, known: Known = evidence.known) -> list[tuple[int, str]]:
    """Roles that are none, and probes that do not exist: the line of the text, and the reason."""
    return [
        (number, reason)
        for number, line in enumerate(text.split("\n"), 1)
        for reason in _slips_of(line, known)
    ]


def _slips_of(line: str, known: Known) -> Iterator[str]:
    for slip in roles.malformed(line):
        yield f"{slip!r} is no role; write {{probe name .3f}}."
    asked = roles.names(line)
    for name in sorted(asked - known(asked)):
        yield f"probe {name!r} does not exist."


def _texts(content: Content) -> Iterator[Slip]:
    if not content.prompt.strip():
        yield Slip("prompt: is empty.", ("prompt",))
    if not content.explanation.strip():
        yield Slip("explanation: is empty.", ("explanation",))


def _limits(content: Content) -> Iterator[Slip]:
    for name, count in (("points", content.points), ("max_attempts", content.max_attempts)):
        if not 1 <= count <= MOST_COUNTED:
            yield Slip(f"{name}: 1 to {MOST_COUNTED}.", (name,))
    if not 0 <= content.tolerance < math.inf:
        yield Slip("tolerance: 0 or more, and finite.", ("tolerance",))
    if content.half_tolerance is not None and not (
        content.tolerance <= content.half_tolerance < math.inf
    ):
        yield Slip("half_tolerance: at least the tolerance, and finite.", ("half_tolerance",))


def _roles(content: Content) -> Iterator[Slip]:
    for place, text in content.texts():
        for line, reason in role_slips(text):
            yield Slip(reason, place, line)


def _beliefs(content: Content) -> Iterator[Slip]:
    for index, option in enumerate(content.options):
        if option.misconception and option.misconception not in BELIEFS:
            reason = f"option {option.name!r}: no misconception {option.misconception!r}."
            yield Slip(reason, ("choice", index, "misconception"))


def _choice(content: Content) -> Iterator[Slip]:
    if not FEWEST_OPTIONS <= len(content.options) <= MOST_OPTIONS:
        yield Slip(f"a choice has {FEWEST_OPTIONS} to {MOST_OPTIONS} options.")
    right = [option for option in content.options if option.correct]
    if content.key and not roles.alone(content.key):
        reason = "key: of a choice, a probe or nothing; mark the right option instead."
        yield Slip(reason, ("key",))
    if len(right) != (0 if content.key else 1):
        yield Slip("mark one option as right, or none where a probe names it.")
    wrong = [pair for pair in enumerate(content.options) if not pair[1].correct]
    for index, option in wrong:
        yield from _reply(index, option)
    # Where a probe names the right option, one of them is right in the usual run.
    unnamed = [index for index, option in wrong if not option.misconception]
    if len(unnamed) > bool(content.key):
        yield Slip("every wrong option names a misconception.", ("choice", unnamed[-1]))


def _reply(index: int, option: Option) -> Iterator[Slip]:
    if not option.feedback.strip():
        yield Slip(f"option {option.name!r}: has no feedback.", ("choice", index))


def _value(content: Content) -> Iterator[Slip]:
    if not content.nudge.strip():
        yield Slip("nudge: is empty, so an unforeseen wrong answer would get no feedback.")
    yield from _literal(content, "key", content.key, ("key",))
    for index, option in enumerate(content.options):
        where = f"option {option.name!r}"
        yield from _literal(content, where, option.value, ("choice", index, "value"))
        yield from _reply(index, option)
        if not option.misconception:
            yield Slip(f"{where}: names no misconception.", ("choice", index))


def _literal(
    content: Content, where: str, text: str, place: tuple[str | int, ...]
) -> Iterator[Slip]:
    if roles.alone(text):
        return
    try:
        KINDS[content.kind].literal(text)
    except ValueError:
        yield Slip(f"{where}: {text!r} is neither a {content.kind} nor a probe.", place)
