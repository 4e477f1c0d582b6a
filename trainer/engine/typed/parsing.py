"""From text to statements, each with its line and its depth; blocks are taken apart.

Bounds what the rest is given: length, number of lines, depth of brackets and of syntax.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from trainer.engine.typed.answers import Answer

MAX_LENGTH = 10_000
MAX_TEXT_LINES = 200
MAX_BRACKETS = 20
MAX_DEPTH = 40
MAX_NUMBER = 10**15

TOO_LONG = f"The text is too long: {MAX_TEXT_LINES} lines and {MAX_LENGTH:,} characters fit."
TOO_DEEP = "The text is nested too deeply."
TOO_LARGE = "No number of the course is that large."


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, or the head of a block with its body left out; depth 0 is outermost."""

    node: ast.stmt
    line: int
    depth: int


class Unreadable(ValueError):
    """Text that is no Python, or too much of it; `answer` says why and where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.answer = Answer(line, reason)


def statements_of(text: str) -> list[Statement]:
    """Everything that the text says, in its order. Raises `Unreadable`."""
    _refuse_too_much(text)
    plain = dedent(text.expandtabs(4))
    margin = max(map(len, text.expandtabs(4).splitlines()), default=0)
    margin -= max(map(len, plain.splitlines()), default=0)
    try:
        tree = ast.parse(plain)
    except SyntaxError as error:
        raise Unreadable(error.lineno or 1, _python_says(error, margin)) from None
    except (RecursionError, MemoryError):
        raise Unreadable(1, TOO_DEEP) from None
    except ValueError:
        raise Unreadable(1, "The text holds a character that no program may hold.") from None
    _refuse_too_deep_or_large(tree)
    statements = list(_flat(tree.body, 0))
    if len(statements) > MAX_TEXT_LINES:
        raise Unreadable(1, TOO_LONG)
    return statements


def _refuse_too_much(text: str) -> None:
    if len(text) > MAX_LENGTH or len(text.splitlines()) > MAX_TEXT_LINES:
        raise Unreadable(1, TOO_LONG)
    open_brackets = 0
    for number, row in enumerate(text.splitlines(), 1):
        for character in row:
            open_brackets += (character in "([{") - (character in ")]}")
            if open_brackets > MAX_BRACKETS:
                raise Unreadable(number, TOO_DEEP)


def _refuse_too_deep_or_large(tree: ast.Module) -> None:
    """Walked with a list of its own: what is too deep for Python's stack is what is looked for."""
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 0, 1)]
    while waiting:
        node, depth, line = waiting.pop()
        line = getattr(node, "lineno", line)
        if depth > MAX_DEPTH:
            raise Unreadable(line, TOO_DEEP)
        if isinstance(node, ast.Constant) and _is_large(node.value):
            raise Unreadable(line, TOO_LARGE)
        waiting += [(child, depth + 1, line) for child in ast.iter_child_nodes(node)]


def _is_large(value: object) -> bool:
    """A whole number so long that Python may refuse to print it."""
    return isinstance(value, int) and abs(value) > MAX_NUMBER


def _python_says(error: SyntaxError, margin: int) -> str:
    said = "".join(character for character in error.msg if character.isprintable())
    place = f", at character {error.offset + margin}" if error.offset else ""
    return f"{type(error).__name__}{place}: {said}."


def _flat(body: list[ast.stmt], depth: int) -> Iterator[Statement]:
    for node in body:
        inner: list[ast.stmt] = []
        if isinstance(node, ast.For | ast.With | ast.If) and not getattr(node, "orelse", []):
            inner, node.body = node.body, []
        yield Statement(node, node.lineno, depth)
        yield from _flat(inner, depth + 1)
