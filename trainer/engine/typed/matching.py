"""Whether a statement is the lines of a pattern, and what its names then stand for."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from trainer.engine.typed.patterns import GIVEN, MAY_BE_LEFT_OUT, SETTINGS, Pattern, patterns

NOT_COMPARED = ("ctx", "type_comment", "kind")


@dataclass(slots=True)
class Match:
    """A statement as the lines of a pattern.

    names: the learner's names and the vocabulary's; wrong: settings given as other numbers than
    the run's, and, without a name, numbers that are not the line's; loose: how many are `0` for
    `0.0` or the other way round.
    """

    pattern: Pattern
    names: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[str, int | float]] = field(default_factory=list)
    loose: int = 0

    def bind(self, own: str, name: str) -> bool:
        """Take a name of the learner's for one of the vocabulary's, each for one only."""
        if own in self.names or name in self.names.values():
            return self.names.get(own) == name
        self.names[own] = name
        return True


def matches(node: ast.stmt, values: Mapping[str, object]) -> list[Match]:
    """Every pattern that the statement fits; `values` are the run's settings by name."""
    found = (Match(pattern) for pattern in _by_shape().get(_shape(node), ()))
    return [match for match in found if _Fit(match, values).fits(match.pattern.tree, node)]


@lru_cache(maxsize=1)
def _by_shape() -> dict[tuple[object, ...], list[Pattern]]:
    """The patterns by what can be seen of them at a glance: most need no closer look."""
    found: dict[tuple[object, ...], list[Pattern]] = {}
    for pattern in patterns():
        found.setdefault(_shape(pattern.tree), []).append(pattern)
    return found


def _shape(node: ast.stmt) -> tuple[object, ...]:
    """Kind of the statement and of its value, and the method that it calls, if it calls one."""
    value = getattr(node, "value", None)
    called = value.func if isinstance(value, ast.Call) else None
    leaf = isinstance(value, ast.Name | ast.Constant)
    return type(node), leaf or type(value), getattr(called, "attr", None)


@dataclass(slots=True)
class _Fit:
    """The comparison of one pattern with one statement."""

    match: Match
    values: Mapping[str, object]

    def fits(self, pattern: object, node: object) -> bool:
        """Whether they are alike, part for part."""
        match pattern, node:
            case ((ast.Name() | ast.Constant() | ast.arg()), _):
                return self._leaf(pattern, node)
            case ast.Call(), ast.Call():
                return self._call(pattern, node)
            case ast.ClassDef(), ast.ClassDef():
                return self._class(pattern, node)
            case ast.AST(), ast.AST():
                return type(pattern) is type(node) and self._fields(pattern, node)
            case list(), list():
                return len(pattern) == len(node) and all(map(self.fits, pattern, node))
        return pattern == node

    def _fields(self, pattern: ast.AST, node: ast.AST) -> bool:
        one, other = dict(ast.iter_fields(pattern)), dict(ast.iter_fields(node))
        names = [name for name in pattern._fields if name not in NOT_COMPARED]
        return all(self.fits(one.get(name), other.get(name)) for name in names)

    def _leaf(self, pattern: object, node: object) -> bool:
        match pattern, node:
            case ast.Name(id=name), ast.Constant(value=value) if name in SETTINGS:
                return self._setting(name, value)
            case ast.Name(id=name), ast.Name(id=own):
                given = name in GIVEN or own in GIVEN
                return name == own if given else self.match.bind(own, name)
            case ast.Constant(value=wanted), ast.Constant(value=value):
                return self._constant(wanted, value)
            case ast.arg(arg=name), ast.arg(arg=own, annotation=None):
                return self.match.bind(own, name)
        return False

    def _setting(self, name: str, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if value != self.values[name]:
            self.match.wrong.append((name, value))
        return True

    def _constant(self, wanted: object, value: object) -> bool:
        numbers = [
            isinstance(each, int | float) and not isinstance(each, bool) for each in (wanted, value)
        ]
        if not all(numbers):
            return type(wanted) is type(value) and wanted == value
        if wanted != value:
            self.match.wrong.append(("", value))  # type: ignore[arg-type]
        self.match.loose += type(wanted) is not type(value)
        return True

    def _call(self, pattern: ast.Call, node: ast.Call) -> bool:
        wanted = {each.arg: each.value for each in pattern.keywords}
        given = {each.arg: each.value for each in node.keywords}
        if len(given) < len(node.keywords) or not given.keys() <= wanted.keys():
            return False
        if any(name not in MAY_BE_LEFT_OUT for name in wanted.keys() - given.keys()):
            return False
        return (
            self.fits(pattern.func, node.func)
            and self.fits(pattern.args, node.args)
            and all(self.fits(wanted[name], value) for name, value in given.items())
        )

    def _class(self, pattern: ast.ClassDef, node: ast.ClassDef) -> bool:
        """A class has names of its own inside, which are nobody else's; `init` is of outside."""
        inner = _Fit(Match(self.match.pattern), self.values)
        if node.decorator_list or node.keywords:
            return False
        if not (inner.fits(pattern.bases, node.bases) and inner.fits(pattern.body, node.body)):
            return False
        self.match.wrong += inner.match.wrong
        outside = [(own, name) for own, name in inner.match.names.items() if name == "init"]
        return all(self.match.bind(*each) for each in [*outside, (node.name, pattern.name)])
