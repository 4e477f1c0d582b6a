"""Observer calls: where they are made, and that neither text nor line numbers know of them."""

import traceback

import pytest

from tests.trainer.engine.conftest import CORE
from tests.trainer.engine.reading import body
from trainer.engine.instrument import (
    FILENAME,
    Hook,
    Site,
    compile_observed,
    compile_plain,
    hooks_of,
)
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec

NESTED = """\
total = 0
for outer in range(2):
    print_nothing()
    for inner in range(2):
        total = total + 1
    with nothing():
        last = total
"""


class Diary:
    """An observer that writes down what it is asked and when it is called."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def note(self, what: str, site: Site) -> Hook:
        return lambda: self.seen.append(f"{what} {site.line}")

    def before(self, site: Site) -> Hook:
        return self.note("before", site)

    def after(self, site: Site) -> Hook:
        return self.note("after", site)

    def enter(self, site: Site) -> Hook:
        return self.note("enter", site)

    def leave(self, site: Site) -> Hook:
        return self.note("leave", site)


class Nothing:
    """A context manager that does nothing."""

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def names() -> dict[str, object]:
    return {"print_nothing": lambda: None, "nothing": Nothing}


def watched(source: str, given: dict[str, object]) -> list[str]:
    """What an observer sees while source runs; the names are left as the program left them."""
    diary = Diary()
    code, sites = compile_observed(source)
    given |= hooks_of(diary, sites)
    exec(code, given)  # noqa: S102 - the text is of this file
    return diary.seen


def test_hooks_are_called_in_the_order_of_the_statements() -> None:
    inner = ["enter 4", "before 5", "after 5", "leave 4"]
    outer = [
        "enter 2", "before 3", "after 3", "before 4", *inner, *inner,
        "before 6", "before 7", "after 7", "leave 2",
    ]  # fmt: skip
    seen = watched(NESTED, names())
    assert seen == ["before 1", "after 1", "before 2", *outer, *outer]


def test_the_program_does_what_it_does_unwatched() -> None:
    plain, seen = names(), names()
    exec(compile_plain(NESTED), plain)  # noqa: S102 - the text is of this file
    watched(NESTED, seen)
    for name in ("total", "outer", "inner", "last"):
        assert seen[name] == plain[name]


def test_a_loop_that_does_not_turn_is_not_entered() -> None:
    assert watched("for each in range(0):\n    each = each\n", {}) == ["before 1"]


def test_nothing_is_seen_behind_a_statement_that_fails() -> None:
    diary = Diary()
    code, sites = compile_observed("one = 1\ntwo = missing\nthree = 3\n")
    given: dict[str, object] = dict(hooks_of(diary, sites))
    with pytest.raises(NameError):
        exec(code, given)  # noqa: S102 - the text is of this file
    assert diary.seen == ["before 1", "after 1", "before 2"]


def failing_line(code: object) -> int:
    try:
        exec(code, {"values": [1, 2]})  # type: ignore[arg-type]  # noqa: S102 - of this file
    except Exception as error:  # noqa: BLE001 - whatever it is
        frames = traceback.extract_tb(error.__traceback__)
        return next(f.lineno or 0 for f in reversed(frames) if f.filename == FILENAME)
    return 0


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("missing", 1),
        ("one = 1\nmissing()\n", 2),
        ("one = (\n    1,\n    missing,\n)\ntwo = 2\n", 3),
        ("for each in values:\n    one = each\n    two = missing\n", 3),
        ("for each in missing:\n    one = each\n", 1),
        ("\n\none = 1\n\n\ntwo = one.missing\n", 6),
        ("with missing:\n    one = 1\n", 1),
        ("for a in values:\n    for b in values:\n        one = 1 / 0\n", 3),
    ],
)
def test_an_error_has_the_line_that_it_has_unwatched(source: str, line: int) -> None:
    code, sites = compile_observed(source)
    hooks = hooks_of(Diary(), sites)
    try:
        exec(code, {"values": [1, 2], **hooks})  # noqa: S102 - the text is of this file
    except Exception as error:  # noqa: BLE001 - whatever it is
        frames = traceback.extract_tb(error.__traceback__)
        seen = next(f.lineno for f in reversed(frames) if f.filename == FILENAME)
    assert seen == failing_line(compile_plain(source)) == line


@pytest.mark.parametrize(
    "source", ["  one = 1\n", "for each in ():\none = 1\n", "one = \n", "for x in y:\n"]
)
def test_text_that_is_no_program_is_refused_alike(source: str) -> None:
    with pytest.raises(SyntaxError) as plain:
        compile_plain(source)
    with pytest.raises(SyntaxError) as observed:
        compile_observed(source)
    assert (observed.value.lineno, observed.value.msg) == (plain.value.lineno, plain.value.msg)
    assert observed.value.filename == FILENAME


def test_sites_tell_lines_names_calls_and_loops() -> None:
    _, sites = compile_observed(NESTED)
    assert [site.line for site in sites] == [1, 2, 3, 4, 5, 6, 7]
    assert [(site.loop, site.innermost) for site in sites] == [
        (0, False), (1, False), (0, False), (2, True), (0, False), (0, False), (0, False),
    ]  # fmt: skip
    assert [sorted(site.binds) for site in sites] == [
        ["total"],
        [],
        [],
        [],
        ["total"],
        [],
        ["last"],
    ]
    assert [site.call for site in sites] == ["", "", "print_nothing", "", "", "", ""]
    assert [site.acts for site in sites] == [True, False, True, False, True, False, True]


def test_every_line_of_the_correct_loop_is_a_site_where_it_stands() -> None:
    source = Program.correct().source(RunSpec())
    _, sites = compile_observed(source)
    lines = source.splitlines()
    assert len(sites) == len(Program.correct().lines)
    for site, placed in zip(sites, Program.correct().lines, strict=True):
        assert lines[site.line - 1] == placed.text(RunSpec()).split("\n")[0]


def test_the_text_of_a_program_is_as_it_was_after_it_was_compiled() -> None:
    program = body(*CORE)
    before = program.source(RunSpec())
    compile_observed(before)
    assert program.source(RunSpec()) == before
    assert "__before" not in before


def test_hook_names_cannot_be_named_by_a_program() -> None:
    _, sites = compile_observed(NESTED)
    assert all(name.startswith("__") and name.endswith("__") for name in hooks_of(Diary(), sites))


def test_the_same_text_is_compiled_once() -> None:
    assert compile_observed(NESTED) is compile_observed(NESTED)
