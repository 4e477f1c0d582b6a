"""The rules of the house, each a plain function: modules in, findings out. Empty means kept.

What may know what is told in CONTRIBUTING.md; here it is checked.
"""

import ast
from collections.abc import Container, Iterable, Iterator

from tests.sources import Import, Module, inside

# These may train. All else is, or may be, part of the web process.
TRAINS = ("trainer.engine", "trainer.executors", "bench", "tests")
WEB_IN_SPITE_OF_IT = ("trainer.executors.pool",)
# The web process reads specs, programs and stored traces: without PyTorch and without numpy.
PLAIN = tuple(
    f"trainer.engine.{name}"
    for name in (
        "spec",
        "program",
        "trace",
        "probes",
        "comparisons",
        "observations",
        "datasets",
        "names",
        "typed",
        "facts",
    )
)
# The one place that may import late: the first call in a runner, which brings PyTorch with it.
MAY_IMPORT_LATE = {
    "trainer.executors.child": ("trainer.executors.preload", "trainer.executors.runner")
}
# Text becomes code in the engine alone, and there a program's own text.
MAY_CALL = {"compile": "trainer.engine.instrument", "exec": "trainer.engine.execute"}
NEVER_CALLED = {"eval", "exec", "compile", "__import__"}
NEVER_IMPORTED = ("pickle", "cPickle", "dill", "marshal", "shelve", "imp", "runpy")
NEVER_AS_METHOD = {("torch", "load"), ("importlib", "import_module"), ("numpy", "load")}


def course_may_use_trainer_but_never_back(modules: Iterable[Module]) -> list[str]:
    """The trainer can be used without this course."""
    return [
        f"{module.where(found.line)} imports {found.target}"
        for module in modules
        if inside(module.name, "trainer")
        for found in module.imports()
        if found.reaches("course")
    ]


def the_engine_knows_no_web(modules: Iterable[Module]) -> list[str]:
    """The engine is Python and PyTorch: it runs where there is no Django."""
    return [
        f"{module.where(found.line)} imports {found.target}"
        for module in modules
        if inside(module.name, "trainer.engine")
        for found in module.imports()
        if found.reaches("django")
        or (found.reaches("trainer") and not found.reaches("trainer.engine"))
    ]


def the_web_knows_no_torch(modules: Iterable[Module]) -> list[str]:
    """Pages are made without PyTorch, and specs, programs and traces without numpy either."""
    graph = Graph(modules, loading=True)
    web = [name for name in graph.edges if _is_web(name)]
    return [
        f"{name} reaches {library} by {' > '.join(path)}"
        for library, names in (("torch", web), ("torch", PLAIN), ("numpy", PLAIN))
        for name in names
        if (path := graph.path(name, library))
    ]


def _is_web(name: str) -> bool:
    trains = any(inside(name, package) for package in TRAINS) or ".management." in name
    return name in WEB_IN_SPITE_OF_IT or not trains


def only_urls_know_views(modules: Iterable[Module]) -> list[str]:
    """What two views share lives in a plain module."""
    return [
        f"{module.where(found.line)} imports {found.target}"
        for module in modules
        if module.name.rpartition(".")[2] != "urls"
        for found in module.imports()
        if "views" in found.target.split(".")
        and (found.reaches("course") or found.reaches("trainer"))
        and not inside(module.name, found.target.partition(".views")[0] + ".views")
    ]


def there_are_no_cycles(modules: Iterable[Module]) -> list[str]:
    """Each module can be read after those it uses. Guarded imports count: they are a use."""
    graph = Graph(modules)
    loops = ((name, graph.path(name, name)) for name in graph.edges)
    return [" > ".join([name, *path]) for name, path in loops if path]


def imports_stand_at_the_top(modules: Iterable[Module]) -> list[str]:
    """An import in a function hides a cycle or a cost."""
    return [
        f"{module.where(found.line)} imports {found.target} late"
        for module in modules
        for found in module.imports()
        if found.hidden and not _may_be_late(module, found)
    ]


def _may_be_late(module: Module, found: Import) -> bool:
    return found.target in MAY_IMPORT_LATE.get(module.name, ())


def nothing_read_becomes_code(modules: Iterable[Module]) -> list[str]:
    """No `eval`, no `pickle`, no attribute by a name that came from outside."""
    return [f"{module.where(line)} {what}" for module in modules for line, what in _dangers(module)]


def _dangers(module: Module) -> Iterator[tuple[int, str]]:
    for found in module.imports():
        if any(found.reaches(name) for name in NEVER_IMPORTED):
            yield found.line, f"imports {found.target}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (what := _danger(node, module.name)):
            yield node.lineno, f"calls {what}"


def _danger(call: ast.Call, module: str) -> str | None:
    """Name the call if it can turn data into code."""
    match call.func:
        case ast.Name(id=name) if name in NEVER_CALLED:
            return None if MAY_CALL.get(name) == module else name
        case ast.Name(id="getattr" | "setattr" | "delattr" as name):
            literal = len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
            return None if literal else f"{name} with a computed name"
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in NEVER_AS_METHOD:
            return f"{owner}.{name}"
        case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in NEVER_CALLED:
            return f"builtins.{name}"
        case _:
            return None


class Graph:
    """Which module uses which; with `loading`, which module an import of another loads.

    Loading leaves out what may come late and adds the packages around a module.
    """

    def __init__(self, modules: Iterable[Module], *, loading: bool = False) -> None:
        known = {module.name: module for module in modules}
        self.edges = {
            name: set(_uses(module, known, loading=loading))
            | (_parents(name) if loading else set())
            for name, module in known.items()
        }

    def path(self, start: str, goal: str) -> list[str]:
        """Return the shortest way of imports from `start` to `goal`; empty if there is none."""
        ways, seen = [[start]], set[str]()
        for way in ways:
            for step in sorted(self.edges.get(way[-1], set()) - seen):
                if step == goal:
                    return [*way[1:], step]
                seen.add(step)
                ways.append([*way, step])
        return []


def _uses(module: Module, known: Container[str], *, loading: bool) -> Iterator[str]:
    """Name what it imports: a module of the project, or the outermost name of a library."""
    for found in module.imports():
        if loading and found.hidden and _may_be_late(module, found):
            continue
        if found.target in known:
            yield found.target
        elif found.base in known:
            yield found.base
        else:
            yield found.base.partition(".")[0]


def _parents(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}
