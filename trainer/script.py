"""A run as a plain Python script: torch alone, outside the site, the same numbers.

Works on the text of a trace document and of `trainer.engine.pieces`, which is read, never
imported: this is part of the web process, and that knows no torch.
"""

import ast
import base64
import zlib
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

from trainer.engine.datasets import STORED, text_of
from trainer.engine.instrument import inside
from trainer.engine.table import facts_of_spec
from trainer.engine.trace import Document

PIECES = Path(__file__).parent / "engine" / "pieces.py"

MARK = "  # the script's own line"

HEADER = """\
# A run of the training loop as a plain script. It needs Python 3.11 and torch:
#     python script.py
# On the versions below it prints the very same losses as the run that it was made from.
#
# versions: {versions}
# key:      {key}
# digest:   {digest}
# status:   {status}
"""

DRAWN = """\
train, heldout = synthetic(rows={rows}, data_seed={data_seed})
"""

STORED_ROWS = '''\
import base64
import zlib

# {about} Source: {source}. Licence: {licence}.
# This is the table of all rows as CSV, compressed:
TABLE = """
{packed}
"""
text = zlib.decompress(base64.b64decode(TABLE)).decode()
train, heldout = split(table_of(text), most={most}, rows={rows}, data_seed={data_seed})
'''

NAMES = """\
from torch.utils.data import DataLoader

# Two threads may add numbers in another order, and then the last digits differ.
torch.set_num_threads(1)

{data}
# Dropout draws from the one generator that all of PyTorch shares.
torch.manual_seed({seed})
features, classes = {features}, {classes}
batch_size, epochs, hidden = {batch_size}, {epochs}, {hidden}
lr, seed = {lr!r}, {seed}
"""

ALTERED = """\
train, heldout = altered(train, heldout, "{alterations}", data_seed={data_seed})
"""

REPORT = '''\
import atexit

epochs_begun = 0
kept = []  # of each step: its epoch, its rows, its loss


def report():
    """Print the loss of every step, then the mean over the rows of each epoch."""
    for number, (_, _, value) in enumerate(kept, 1):
        print(number, value)
    for number in sorted({of_epoch for of_epoch, _, _ in kept}):
        own = [(rows, value) for of_epoch, rows, value in kept if of_epoch == number]
        rows = sum(count for count, _ in own)
        mean = math.fsum(count * value for count, value in own) / rows
        print(f"epoch {number} running loss {mean} over {rows} rows")


atexit.register(report)  # also after an error

# The program, as it ran on the site, and two lines that keep what `report` prints.

'''

EPOCH_BEGINS = "epochs_begun += 1"
STEP_HAS_LOSS = "kept.append((max(epochs_begun, 1), len(y), torch.as_tensor(loss).item()))"


def script_of(document: Document) -> str:
    """The script that reproduces the run of a trace document.

    Prints `step loss` for each step and a line per epoch; a program that failed fails again,
    with the same error, after what it had computed.
    """
    header = HEADER.format(**document | {"versions": versions_of(document)})
    return "\n".join((header, *names_of(document), REPORT + observed(document["source"])))


def versions_of(document: Document) -> str:
    """What the run was made with, in a line."""
    return ", ".join(f"{name} {value}" for name, value in document["versions"].items())


def names_of(document: Document) -> tuple[str, str]:
    """The text that defines every name that a line of a program may use."""
    values = document["data"] | document["spec"] | {"data": _data(document["spec"])}
    return PIECES.read_text(encoding="utf-8"), NAMES.format(**values)


def _data(spec: dict[str, Any]) -> str:
    """The lines that bring the rows about: drawn again or unpacked, and altered as they were."""
    altered = ALTERED.format(**spec) if "alterations" in spec else ""
    if "table" not in spec and spec["dataset"] not in STORED:
        return (DRAWN.format(**spec) + altered).rstrip()
    known, text = facts_of_spec(spec), spec.get("table") or text_of(spec["dataset"])
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    facts = {"about": known.about, "source": known.source, "licence": known.licence}
    values = spec | facts | {"most": known.rows, "packed": fill(packed, 100)}
    return (STORED_ROWS.format(**values) + altered).rstrip()


def observed(source: str) -> str:
    """The program's text, line for line, with the script's own lines between them.

    A text that Python cannot read is left as it is; the script fails with the same error.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    lines = source.splitlines()
    for after, indent, text in sorted(_additions(tree), reverse=True):
        lines.insert(after, " " * indent + text + MARK)
    return "\n".join(lines) + "\n"


def _additions(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Own lines: the program line they follow, their indentation and their text."""
    statements = [each for top in tree.body for each in (top, *inside(top))]
    for loop in (each for each in statements if isinstance(each, ast.For)):
        body = list(inside(loop))
        if any(isinstance(each, ast.For) for each in body):
            yield loop.body[0].lineno - 1, loop.body[0].col_offset, EPOCH_BEGINS
        elif found := [each for each in body if isinstance(each, ast.Assign) and _is_loss(each)]:
            last = max(found, key=lambda node: node.lineno)
            yield last.end_lineno or last.lineno, last.col_offset, STEP_HAS_LOSS


def _is_loss(statement: ast.Assign) -> bool:
    return any(isinstance(name, ast.Name) and name.id == "loss" for name in statement.targets)
