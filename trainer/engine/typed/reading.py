"""The way from a text to a reading of it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainer.engine.program import MAX_LEVEL, Program, ProgramError
from trainer.engine.spec import RunSpec
from trainer.engine.typed.answers import Answer, Reading
from trainer.engine.typed.explain import explain
from trainer.engine.typed.matching import Match, matches
from trainer.engine.typed.naming import Naming
from trainer.engine.typed.parsing import Statement, Unreadable, statements_of
from trainer.engine.typed.settings import values_of
from trainer.engine.typed.spelling import plainly
from trainer.engine.vocabulary import FRAME_BEFORE, SETUP, VOCABULARY

BODY_LEVEL = 2
MOST_ANSWERS = 20
"""More of them help nobody, and take their time."""

NOTHING = "Nothing is written here yet."
NO_BATCHES = "There is a loop, but none over the batches: `for x, y in loader:`."
TOO_FAR = f"This is indented too far; {MAX_LEVEL} levels are the most."


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of the vocabulary that a statement of the text comes to."""

    ids: tuple[str, ...]
    line: int
    depth: int


def read(text: str, spec: RunSpec) -> Reading:
    """Read a batch body, or with a `for` in it a whole program; never raises.

    A body stands in the frame of the correct loop, and so does a program that constructs nothing.
    """
    try:
        statements = [each for each in statements_of(text) if not _is_known_import(each.node)]
    except Unreadable as unreadable:
        return Reading.refused(unreadable.answer)
    if not statements:
        return Reading.refused(Answer(1, NOTHING))
    plain = [Statement(plainly(each.node), each.line, each.depth) for each in statements]
    settled, answers = _settled(plain, spec)
    if answers:
        return Reading.refused(*answers)
    found = [
        Found(match.pattern.ids, each.line, each.depth)
        for each, match in zip(plain, settled, strict=True)
    ]
    whole = any(isinstance(each.node, ast.For) for each in plain)
    answers = [*_unmet(found, settled, whole=whole), *_misplaced(found, whole=whole)]
    return Reading.refused(*answers) if answers else _assembled(found, whole=whole)


def read_lines(text: str, spec: RunSpec) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
    """Ids of the lines that a text comes to, wherever they may stand; or answers; never raises.

    A block may be left without its body.
    """
    try:
        statements = statements_of(f"{text.rstrip()} pass" if text.rstrip().endswith(":") else text)
    except Unreadable as unreadable:
        return (), (unreadable.answer,)
    kept = [each for each in statements if not (each.depth and isinstance(each.node, ast.Pass))]
    if not kept:
        return (), (Answer(1, NOTHING),)
    plain = [Statement(plainly(each.node), each.line, each.depth) for each in kept]
    settled, answers = _settled(plain, spec)
    ids = tuple(name for match in settled for name in match.pattern.ids)
    return ((), tuple(answers)) if answers else (ids, ())


def _settled(statements: Sequence[Statement], spec: RunSpec) -> tuple[list[Match], list[Answer]]:
    nodes, values = [each.node for each in statements], values_of(spec)
    fitting = [matches(node, values) for node in nodes]
    right = [[match for match in some if _is_right(match, spec)] for some in fitting]
    naming = Naming(nodes)
    found = naming.settle(right)
    unmatched = [
        (each, some)
        for each, some, match in zip(statements, fitting, found, strict=True)
        if match is None
    ]
    answers = [
        Answer(each.line, explain(each.node, some, naming, spec))
        for each, some in unmatched[:MOST_ANSWERS]
    ]
    return [match for match in found if match], answers


def _is_right(match: Match, spec: RunSpec) -> bool:
    return not match.wrong and match.pattern.optimizer in ("", spec.optimizer)


def _is_known_import(node: ast.stmt) -> bool:
    """What a file of one's own begins with: all of it is at hand here."""
    known = {
        "import torch", "import torch.nn as nn", "from torch import nn", "import torch.optim",
        "from torch import nn, optim", "from torch import optim", "import torch.optim as optim",
        "import torch.nn.functional as F", "from torch.nn import functional as F",
        "from torch.utils.data import DataLoader", "from torch.nn.utils import clip_grad_norm_",
    }  # fmt: skip
    return isinstance(node, ast.Import | ast.ImportFrom) and ast.unparse(node) in known


def _unmet(found: Sequence[Found], settled: Sequence[Match], *, whole: bool) -> Iterator[Answer]:
    """Spellings that say what they compute with, where the program says something else."""
    ids = {name for each in found for name in each.ids}
    if not whole or not ids & _ids_of("setup"):
        ids |= set(SETUP)
    for each, match in zip(found, settled, strict=True):
        if match.pattern.needs and match.pattern.needs not in ids:
            text = VOCABULARY[match.pattern.needs].template
            yield Answer(each.line, f"For this the setup has to say `{text}`; it does not.")


def _misplaced(found: Sequence[Found], *, whole: bool) -> Iterator[Answer]:
    if whole and not any("for_batch" in each.ids for each in found):
        yield Answer(found[0].line, NO_BATCHES)
    deepest = MAX_LEVEL if whole else MAX_LEVEL - BODY_LEVEL
    yield from (Answer(each.line, TOO_FAR) for each in found if each.depth > deepest)


def _ids_of(section: str) -> set[str]:
    return {line.id for line in VOCABULARY.values() if line.section == section}


def _assembled(found: Sequence[Found], *, whole: bool) -> Reading:
    base = 0 if whole else BODY_LEVEL
    items = [(name, each.depth + base, each.line) for each in found for name in each.ids]
    around = FRAME_BEFORE if not whole else ()
    if whole and not {name for name, *_ in items} & _ids_of("setup"):
        items = [(name, 0, 0) for name in SETUP] + items
    try:
        program = Program.parse(",".join(f"{name}:{level}" for name, level, _ in items))
    except ProgramError as refused:
        return Reading.refused(Answer(found[-1].line, str(refused)))
    lines = [0] * len(around) + [line for *_, line in items]
    lines += [0] * (len(program.lines) - len(lines))
    return Reading(program, lines=tuple(lines))
