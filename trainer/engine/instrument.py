"""Observer calls between the statements of a program, inserted in its syntax tree.

The program's text stays what the learner reads; only the compiled tree has the calls.
"""

import ast
from dataclasses import dataclass
from types import CodeType
from typing import Protocol

FILENAME = "<loop>"
BEFORE, AFTER, ENTER, LEAVE = "__before__", "__after__", "__enter__", "__leave__"


@dataclass(frozen=True, slots=True)
class Site:
    """A statement of the program: its line, the names it binds, the call it makes, if any.

    loop: for a `for` statement its depth among loops, 1 outermost; else 0.
    innermost: a `for` with no other inside.
    """

    line: int
    binds: frozenset[str]
    call: str
    loop: int
    innermost: bool


class Observer(Protocol):
    """Called while a program runs; may raise `Stop`."""

    def before(self, site: Site) -> None: ...
    def after(self, site: Site) -> None: ...
    def enter(self, site: Site) -> None: ...
    def leave(self, site: Site) -> None: ...


def compile_plain(source: str) -> CodeType:
    """The program as it stands. Raises `SyntaxError`."""
    return compile(source, FILENAME, "exec")


def compile_observed(source: str) -> tuple[CodeType, list[Site]]:
    """The program with observer calls; a call's argument is an index into the sites."""
    tree = ast.parse(source, FILENAME)
    sites: list[Site] = []
    tree.body = _observed(tree.body, sites, depth=0)
    ast.fix_missing_locations(tree)
    return compile(tree, FILENAME, "exec"), sites


def observer_names(observer: Observer, sites: list[Site]) -> dict[str, object]:
    """Names that the inserted calls look up while the program runs."""
    return {
        BEFORE: lambda index: observer.before(sites[index]),
        AFTER: lambda index: observer.after(sites[index]),
        ENTER: lambda index: observer.enter(sites[index]),
        LEAVE: lambda index: observer.leave(sites[index]),
    }


def _observed(body: list[ast.stmt], sites: list[Site], depth: int) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for statement in body:
        index = len(sites)
        sites.append(_site(statement, depth))
        result += [_call(BEFORE, index, statement), statement]
        if isinstance(statement, ast.For | ast.With):
            inner = depth + isinstance(statement, ast.For)
            statement.body = [
                _call(ENTER, index, statement),
                *_observed(statement.body, sites, inner),
                _call(LEAVE, index, statement),
            ]
        else:
            result.append(_call(AFTER, index, statement))
    return result


def _site(statement: ast.stmt, depth: int) -> Site:
    is_loop = isinstance(statement, ast.For)
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    simple = not isinstance(statement, ast.For | ast.With)
    binds = frozenset(n.id for n in names if simple and isinstance(n.ctx, ast.Store))
    nested = (node for node in ast.walk(statement) if node is not statement)
    return Site(
        line=statement.lineno,
        binds=binds,
        call=ast.unparse(statement.value.func) if _is_call(statement) else "",
        loop=depth + 1 if is_loop else 0,
        innermost=is_loop and not any(isinstance(node, ast.For) for node in nested),
    )


def _is_call(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _call(name: str, index: int, at: ast.stmt) -> ast.stmt:
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Constant(index)], [])
    return ast.copy_location(ast.Expr(call), at)
