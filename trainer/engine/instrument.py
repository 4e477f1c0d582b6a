"""Observer calls between the statements of a program, inserted in its syntax tree.

The program's text stays what the learner reads; only the compiled tree has the calls.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Protocol

FILENAME = "<loop>"

Hook = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Site:
    """A statement of the program: its line, the names it binds, the call it makes, if any.

    binds: also what it assigns into, as in `model[-1] = ...`, but nothing that is bound in a
    block, a function or a comprehension of its own.
    loop: for a `for` statement its depth among loops, 1 outermost; else 0.
    innermost: a `for` with no other inside.
    """

    line: int
    binds: frozenset[str]
    call: str
    loop: int
    innermost: bool

    @property
    def acts(self) -> bool:
        """A simple statement after which there may be something to record."""
        return bool(self.binds or self.call)


class Observer(Protocol):
    """Asked once per statement what to call there; a hook may raise `Stop`."""

    def before(self, site: Site) -> Hook:
        """Ahead of every statement."""

    def after(self, site: Site) -> Hook:
        """Behind a simple statement that binds a name or calls something."""

    def enter(self, site: Site) -> Hook:
        """First in the body of a `for`, at each of its rounds."""

    def leave(self, site: Site) -> Hook:
        """Last in the body of a `for`, at each of its rounds."""


class Sleep(Protocol):
    """Asked what to pass over, for a program that runs again in part."""

    def in_epoch(self) -> bool:
        """Whether to leave out the innermost loop and what follows it. Asked ahead of it."""

    def awake(self, rounds: Iterable[object]) -> Iterable[object]:
        """Of the rounds of that loop those that are not left out."""


def compile_plain(source: str) -> CodeType:
    """The program as it stands. Raises `SyntaxError`."""
    return compile(source, FILENAME, "exec")


@lru_cache(maxsize=256)
def compile_observed(source: str, *, sleeps: bool = False) -> tuple[CodeType, tuple[Site, ...]]:
    """The program with observer calls, and the sites that they stand at. Raises `SyntaxError`.

    One that `sleeps` has the questions of a `Sleep` in it too.
    """
    tree = ast.parse(source, FILENAME)
    sites: list[Site] = []
    tree.body = _observed(tree.body, sites, 0, sleeps=sleeps)
    ast.fix_missing_locations(tree)
    return compile(tree, FILENAME, "exec"), tuple(sites)


def hooks_of(
    observer: Observer, sites: tuple[Site, ...], sleep: Sleep | None = None
) -> dict[str, Callable[..., object]]:
    """The names that the inserted calls look up, bound to one observer."""
    hooks: dict[str, Callable[..., object]] = {}
    if sleep:
        hooks |= {"__asleep__": sleep.in_epoch, "__awake__": sleep.awake}
    for index, site in enumerate(sites):
        hooks[f"__before_{index}__"] = observer.before(site)
        if site.loop:
            hooks[f"__enter_{index}__"] = observer.enter(site)
            hooks[f"__leave_{index}__"] = observer.leave(site)
        elif site.acts:
            hooks[f"__after_{index}__"] = observer.after(site)
    return hooks


def _observed(
    body: list[ast.stmt], sites: list[Site], depth: int, *, sleeps: bool
) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for statement in body:
        index, site = len(sites), _site(statement, depth)
        sites.append(site)
        if sleeps and site.innermost:
            result.append(_goes_on_asleep(statement))
        result += [_hook("before", index, statement), statement]
        if isinstance(statement, ast.For):
            first, last = (_hook(name, index, statement) for name in ("enter", "leave"))
            observed = _observed(statement.body, sites, depth + 1, sleeps=sleeps)
            statement.body = [first, *observed, last]
            if sleeps and site.innermost:
                statement.iter = _call("__awake__", statement.iter)
        elif isinstance(statement, ast.With | ast.If):
            statement.body = _observed(statement.body, sites, depth, sleeps=sleeps)
        elif site.acts:
            result.append(_hook("after", index, statement))
    return result


def _hook(name: str, index: int, at: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Expr(_call(f"__{name}_{index}__")), at)


def _goes_on_asleep(at: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.If(_call("__asleep__"), [ast.Continue()], []), at)


def _call(name: str, *given: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(given), [])


def _site(statement: ast.stmt, depth: int) -> Site:
    is_loop = isinstance(statement, ast.For)
    return Site(
        line=statement.lineno,
        binds=frozenset(_bound(statement)),
        call=_called(statement),
        loop=depth + 1 if is_loop else 0,
        innermost=is_loop and not any(isinstance(each, ast.For) for each in inside(statement)),
    )


def inside(statement: ast.stmt) -> Iterator[ast.stmt]:
    """All statements of a block, at any depth; not those of a class or a function."""
    if isinstance(statement, ast.For | ast.With | ast.If):
        for each in statement.body:
            yield each
            yield from inside(each)


def _bound(statement: ast.stmt) -> Iterator[str]:
    if not isinstance(statement, ast.Assign):
        return
    for target in statement.targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                yield node.id


def _called(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func)
    return ""
