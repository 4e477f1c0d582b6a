"""What holds for every file: nothing of one machine, and a size that can be read in one go."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import ROOT, Module, modules, parse

LEFT_BEHIND = {".git", ".venv", "var", "__pycache__", "htmlcov", "test-results"}
CACHES = re.compile(r"\..*_cache$|\.hypothesis$")
OF_ONE_MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|root|Users|work|mnt)/\w")
MODULE_LINES = 300
FUNCTION_LINES = 40


def files(place: Path = ROOT) -> Iterator[Path]:
    """Every file of the repository, without what running and testing leave behind."""
    for path in sorted(place.iterdir()):
        if path.name in LEFT_BEHIND or CACHES.match(path.name):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def text(path: Path) -> str:
    """The file's text; nothing for a picture."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def too_long(module: Module) -> list[str]:
    """Name the module, and the functions in it, that have grown past their size."""
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in nodes}
    found = [f"{module.name}.{name}" for name, lines in lengths.items() if lines > FUNCTION_LINES]
    last = max((node.end_lineno or 0 for node in module.tree.body), default=0)
    return [module.name, *found] if last > MODULE_LINES else found


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = {str(path.relative_to(ROOT)): OF_ONE_MACHINE.search(text(path)) for path in files()}
    assert [name for name, match in found.items() if match] == []
    assert {"README.md", "Makefile", "course/settings.py"} <= set(found)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_what_is_tracked_is_no_link() -> None:
    """A link leads to somebody's machine, and takes the place of what lies there on another."""
    command = ["git", "ls-files", "--stage"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line for line in listed.splitlines() if line.startswith("120000")] == []
    assert "README.md" in listed


@pytest.mark.parametrize("place", ["home", "root", "Users", "work"])
def test_a_place_on_somebodys_machine_is_found(place: str) -> None:
    assert OF_ONE_MACHINE.search(f"see '/{place}/somebody/notes'")
    assert not OF_ONE_MACHINE.search(f"https://example.org/{place}/page")


def test_modules_and_functions_stay_short() -> None:
    served = [module for module in modules("course", "trainer") if "migrations" not in module.name]
    found = {name for module in served for name in too_long(module)}
    assert found == set()


def test_what_has_grown_too_long_is_found() -> None:
    long = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
    assert too_long(parse("course.a", long)) == ["course.a.f"]
    assert too_long(parse("course.a", "x = 1\n" * (MODULE_LINES + 1))) == ["course.a"]
    assert too_long(parse("course.a", "x = 1\n" * MODULE_LINES)) == []
