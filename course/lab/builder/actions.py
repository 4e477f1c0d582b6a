"""What the buttons of the builder do to a program: decided here and nowhere else. Pure.

A program keeps a loop over the batches, because a list of lines without one is read as the body
of the correct loop's.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from trainer.engine.program import MAX_LEVEL, MAX_LINES, Placed, Program
from trainer.engine.vocabulary import CORE, VOCABULARY

KEEPS = "for_batch"

FULL = f"A program has room for {MAX_LINES} lines, and this one has them."
FIRST = "This line is the first already."
LAST = "This line is the last already."
OUTERMOST = "This line is not indented, so it cannot go further out."
INNERMOST = f"This line is at level {MAX_LEVEL}, and that is the innermost."
STAYS = "This line stays: without a loop over the batches there is nothing to train on."
NOT_THERE = "There is no such line."
NOT_KNOWN = "There is no such button."

Lines = tuple[Placed, ...]


class Refusal(ValueError):
    """What was asked for cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """A program after an action. at: the line concerned, from 1; 0 where it is all of them.

    button: the button of that line which was pressed, or could be next; said: in a sentence.
    """

    program: Program
    at: int
    button: str
    said: str


def act(program: Program, wanted: str, after: int = 0) -> Done:
    """Do what a button says: `up-7`, `move-7-3`, `add-forward`, `start-empty`.

    after: the line behind which a new one is put, 0 for the beginning. Raises `Refusal`.
    """
    verb, _, rest = wanted.partition("-")
    if verb == "start" and rest in STARTS:
        return Done(STARTS[rest](), 0, "", f"Started from {STARTS_FROM[rest]}.")
    if verb == "add":
        return _add(program, rest, after)
    numbers = [int(each) for each in rest.split("-") if re.fullmatch("[0-9]{1,3}", each)]
    if verb == "move" and len(numbers) == 2:  # noqa: PLR2004 (from, to)
        return _moved(program, _there(program, numbers[0]), _there(program, numbers[1]), "up")
    if verb in _VERBS and len(numbers) == 1:
        return _VERBS[verb](program, _there(program, numbers[0]))
    raise Refusal(NOT_KNOWN)


def _there(program: Program, number: int) -> int:
    if not 1 <= number <= len(program.lines):
        raise Refusal(NOT_THERE)
    return number


# -- one line ------------------------------------------------------------------------


def _up(program: Program, number: int) -> Done:
    if number == 1:
        raise Refusal(FIRST)
    return _moved(program, number, number - 1, "up")


def _down(program: Program, number: int) -> Done:
    if number == len(program.lines):
        raise Refusal(LAST)
    return _moved(program, number, number + 1, "down")


def _moved(program: Program, number: int, to: int, button: str) -> Done:
    lines = list(program.lines)
    lines.insert(to - 1, lines.pop(number - 1))
    way = "stays" if to == number else "moved up" if to < number else "moved down"
    said = f"Line {number} {way}, now {to} of {len(lines)}."
    return Done(Program(tuple(lines)), to, button, said)


def _in(program: Program, number: int) -> Done:
    if program.lines[number - 1].level == MAX_LEVEL:
        raise Refusal(INNERMOST)
    return _indented(program, number, 1, "in")


def _out(program: Program, number: int) -> Done:
    if program.lines[number - 1].level == 0:
        raise Refusal(OUTERMOST)
    return _indented(program, number, -1, "out")


def _indented(program: Program, number: int, by: int, button: str) -> Done:
    lines = list(program.lines)
    placed = lines[number - 1] = replace(lines[number - 1], level=lines[number - 1].level + by)
    said = f"Line {number} moved {button}, now at level {placed.level}."
    return Done(Program(tuple(lines)), number, button, said)


def _repeat(program: Program, number: int) -> Done:
    lines = _with_room(program)
    said = f"Line {number} repeated as line {number + 1} of {len(lines) + 1}."
    repeated = (*lines[:number], lines[number - 1], *lines[number:])
    return Done(Program(repeated), number + 1, "repeat", said)


def _remove(program: Program, number: int) -> Done:
    left = program.lines[: number - 1] + program.lines[number:]
    if not any(each.line.id == KEEPS for each in left):
        raise Refusal(STAYS)
    count = "1 line is left" if len(left) == 1 else f"{len(left)} lines are left"
    return Done(Program(left), min(number, len(left)), "remove", f"Line {number} removed; {count}.")


_VERBS: dict[str, Callable[[Program, int], Done]] = {
    "up": _up, "down": _down, "in": _in, "out": _out, "repeat": _repeat, "remove": _remove,
}  # fmt: skip


# -- new lines -----------------------------------------------------------------------


def _add(program: Program, name: str, after: int) -> Done:
    if name not in VOCABULARY:
        raise Refusal(NOT_KNOWN)
    lines, line = _with_room(program), VOCABULARY[name]
    at = min(max(after, 0), len(lines))
    added = (*lines[:at], Placed(line, line.level), *lines[at:])
    return Done(Program(added), at + 1, "up", f"Added as line {at + 1} of {len(added)}.")


def _with_room(program: Program) -> Lines:
    if len(program.lines) >= MAX_LINES:
        raise Refusal(FULL)
    return program.lines


# -- whole programs ------------------------------------------------------------------


def _empty() -> Program:
    return Program.parse("")


def _shuffled() -> Program:
    """The five core lines in an order other than the correct one."""
    names = list(CORE)
    while tuple(names) == CORE:
        random.shuffle(names)
    return Program.parse(",".join(names))


STARTS: dict[str, Callable[[], Program]] = {
    "correct": Program.correct, "empty": _empty, "shuffled": _shuffled,
}  # fmt: skip
STARTS_FROM = {
    "correct": "the correct loop",
    "empty": "an empty batch",
    "shuffled": "the five core lines, shuffled",
}
"""What a loop may begin from, in words."""
