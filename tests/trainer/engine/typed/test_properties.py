"""What holds of any text, and of any program of the vocabulary written down and read again."""

import ast
import string
from itertools import pairwise
from time import process_time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.sizes import size
from tests.trainer.engine.generated import Draw
from tests.trainer.engine.reading import OPTIMIZERS, body
from trainer.engine.program import MAX_LINES, Program
from trainer.engine.spec import RunSpec
from trainer.engine.typed import Reading, read
from trainer.engine.typed.naming import bound_names
from trainer.engine.vocabulary import SETUP, VOCABULARY

SPEC = RunSpec()
SOURCES = [line.source(SPEC) for line in VOCABULARY.values()]
BATCH = sorted(
    line.id for line in VOCABULARY.values() if line.section == "batch" and not line.opens
)
PARTS = st.sampled_from(
    [*SOURCES, *string.printable, "\n", "\n    ", "for ", " in ", "if ", "lambda x: ", "f'{x}'",
     "**", "()", "[0]", ".shape", "loss", "x", "y", "model", "0x", "\\", "\0", "\ud800", "é", "=",
     "import os", "exec(", "__class__", "print(", "1e999", "...", "async ", "class A: pass"]
)  # fmt: skip
TEXTS = st.text(max_size=300) | st.lists(PARTS, max_size=12).map("".join)


class Renamed(ast.NodeTransformer):
    """Other names for all that a text binds."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Inside it, names are its own, but for the one that it takes from outside."""
        name = self.names.get(node.name, node.name)
        inner = Renamed({own: self.names[own] for own in ("init",) if own in self.names})
        inner.generic_visit(node)
        node.name = name
        return node


def renamed(text: str, base: str) -> str:
    """The text with a name of one's own for each name that it binds."""
    tree = ast.parse(text)
    own = sorted(bound_names(_flat(tree.body)))
    names = {name: f"{base}{index}" for index, name in enumerate(own)}
    return ast.unparse(Renamed(names).visit(tree))


def _flat(nodes: list[ast.stmt]) -> list[ast.stmt]:
    """The statements without their blocks, as reading takes them."""
    found: list[ast.stmt] = []
    for node in nodes:
        inner: list[ast.stmt] = getattr(node, "body", [])
        if isinstance(node, ast.ClassDef):
            found.append(node)
            continue
        copy = ast.parse(ast.unparse(node)).body[0]
        if inner:
            copy.body = []  # type: ignore[attr-defined]
        found += [copy, *_flat(inner)]
    return found


def check(reading: Reading, text: str) -> None:
    assert (reading.program is None) == bool(reading.answers)
    for answer in reading.answers:
        assert 1 <= answer.line <= max(len(text.splitlines()), text.count("\n") + 1)
        assert answer.reason.isprintable()
        assert answer.reason.endswith((".", "?"))
    if reading.program:
        assert len(reading.program.lines) == len(reading.lines) <= MAX_LINES
        assert Program.parse(reading.program.spelling()) == reading.program


@settings(max_examples=size(400, 20_000), deadline=None)
@given(TEXTS)
def test_any_text_is_a_program_or_has_answers(text: str) -> None:
    check(read(text, SPEC), text)


@settings(max_examples=size(200, 10_000), deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_so_is_a_program_with_a_few_slips_of_the_keyboard(seed: int, data: st.DataObject) -> None:
    text = Draw(seed).program().source(SPEC)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(PARTS) + text[at + data.draw(st.integers(0, 3)) :]
    check(read(text, SPEC), text)


def written(program: Program, spec: RunSpec) -> ast.Module | None:
    """What the program says, if Python can read it."""
    try:
        return ast.parse(program.source(spec))
    except SyntaxError:
        return None


def stands_in_a_class(program: Program) -> bool:
    """Whether a line is indented behind a class: Python takes it for one of the class's own."""
    return any(
        before.line.id == "net" and after.level > before.level
        for before, after in pairwise(program.lines)
    )


@settings(max_examples=size(300, 20_000), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(OPTIMIZERS))
@example(35044, "sgd")
def test_a_program_s_own_text_is_read_as_that_program(seed: int, optimizer: str) -> None:
    spec, program = RunSpec(optimizer=optimizer), Draw(seed).program()
    tree, ids = written(program, spec), [each.line.id for each in program.lines]
    if tree is None or "for_batch" not in ids or stands_in_a_class(program):
        return
    found = read(program.source(spec), spec).program
    assert found is not None
    assert [each.line.id for each in found.lines] == ids
    assert ast.dump(ast.parse(found.source(spec))) == ast.dump(tree)


@settings(max_examples=size(200, 10_000), deadline=None)
@given(st.integers(0, 10**6))
def test_names_of_one_s_own_make_no_difference(seed: int) -> None:
    program = Draw(seed).program(bent=False)
    found = read(renamed(program.source(SPEC), "mine"), SPEC)
    assert found.program == program, found.answers


@settings(max_examples=size(200, 10_000), deadline=None)
@given(st.lists(st.sampled_from(BATCH), min_size=1, max_size=12), st.sampled_from("abq"))
def test_nor_do_they_in_a_batch(ids: list[str], base: str) -> None:
    text = "\n".join(VOCABULARY[name].template for name in ids)
    assert read(text, SPEC).program == body(*ids)
    found = read(renamed(text, base), SPEC)
    assert found.program is None or found.program.source(SPEC) == body(*ids).source(SPEC)


def test_the_longest_texts_are_answered_at_once() -> None:
    """On a thread of the site, where others wait: the time of the processor is measured."""
    whole = Draw(1).program(bent=False).source(SPEC)
    names = [f"v{index} = w{index}(u{index})" for index in range(200)]
    for text in ("\n".join(names), "foo = bar + 1\n" * 200, whole * 3, "(x)" * 3000, "x." * 4999):
        read("loss.backward()", SPEC)
        began = process_time()
        read(text, SPEC)
        assert process_time() - began < 1.0


def test_setup_and_frame_are_the_vocabulary_s() -> None:
    assert set(SETUP) <= {line.id for line in VOCABULARY.values() if line.section == "setup"}
