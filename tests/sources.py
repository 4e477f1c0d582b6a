"""Python modules of this project as syntax trees, and what they import. Runs nothing of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Import:
    """One name that a module imports: `from a.b import c` is base `a.b`, name `c`."""

    base: str
    name: str | None
    line: int
    hidden: bool

    @property
    def target(self) -> str:
        """The longest dotted name that may be a module."""
        return f"{self.base}.{self.name}" if self.name else self.base

    def reaches(self, package: str) -> bool:
        """Whether it imports `package` or something inside."""
        return inside(self.target, package)


@dataclass(frozen=True)
class Module:
    """A module by its dotted name. `package` says whether it is an `__init__`."""

    name: str
    tree: ast.Module
    package: bool = False

    def imports(self) -> Iterator[Import]:
        """Every import, wherever it stands: in a function, behind a type-checking guard."""
        hidden = _in_functions(self.tree)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(alias.name, None, node.lineno, node in hidden)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                for alias in node.names:
                    yield Import(base, alias.name, node.lineno, node in hidden)

    def _base(self, node: ast.ImportFrom) -> str:
        """Return the absolute name of what a `from` names, dots resolved."""
        if not node.level:
            return node.module or ""
        here = self.name.split(".") if self.package else self.name.split(".")[:-1]
        above = here[: len(here) - node.level + 1]
        return ".".join([*above, node.module] if node.module else above)

    def where(self, line: int) -> str:
        """Return a place to look at."""
        return f"{self.name}:{line}"


def inside(name: str, package: str) -> bool:
    """Whether the dotted `name` is `package` or lies in it."""
    return name == package or name.startswith(package + ".")


def parse(name: str, source: str, *, package: bool = False) -> Module:
    """Make a module of a piece of text, for a test of a rule."""
    return Module(name, ast.parse(source), package)


def modules(*packages: str) -> list[Module]:
    """Read every module of these top-level packages."""
    files = (file for package in packages for file in sorted((ROOT / package).rglob("*.py")))
    return [_read(file) for file in files]


def _read(file: Path) -> Module:
    parts = file.relative_to(ROOT).with_suffix("").parts
    package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if package else parts)
    return parse(name, file.read_text(encoding="utf-8"), package=package)


def _in_functions(tree: ast.Module) -> set[ast.AST]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return {
        child for node in ast.walk(tree) if isinstance(node, functions) for child in ast.walk(node)
    }
