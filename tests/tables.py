"""Tables of learners for tests: odd names, a value to look for, a run on them."""

import random

from course.accounts.models import User
from trainer.engine.csv_file import read
from trainer.engine.program import Program
from trainer.models import Run
from trainer.own_tables import OwnTable
from trainer.runs import Asked, begin, make
from trainer.runs import read as asked
from trainer.tables import add

CANARY = "7319.4625"
"""A value that stands in no other place."""

CANARY_NAME = "the-canary-column"

PLAIN_NAMES = ("width", "height", "kind")
PLAIN_CLASSES = ("left", "middle", "right")
ODD_NAMES = (
    "<script>alert(1)</script>",
    "*bold* [link](http://elsewhere.example)",
    "=1+1",
    "{probe loss}",
    "Länge, “größte” 長さ" + "w" * 20,
    CANARY_NAME,
    "class <b>",
)
ODD_CLASSES = ("<img src=x onerror=alert(1)>", "@SUM(A1)", "長" * 20, "UPPER Case & more")


def csv_of(
    names: tuple[str, ...] = PLAIN_NAMES,
    classes: tuple[str, ...] = PLAIN_CLASSES,
    rows: int = 60,
    seed: int = 1,
) -> bytes:
    """A file whose classes can be told apart, with the canary in their last numbers."""
    draw = random.Random(seed)  # noqa: S311 - numbers for a test
    lines = [names]
    for row in range(rows):
        place = row % len(classes)
        numbers = [f"{10 * place + draw.random() * 12:.3f}" for _ in names[1:]]
        lines.append((*numbers, classes[place]))
    lines[1:4] = ((*line[:-2], CANARY, line[-1]) for line in lines[1:4])
    return "\r\n".join(",".join(_quoted(cell) for cell in line) for line in lines).encode()


def _quoted(cell: str) -> str:
    escaped = cell.replace('"', '""')
    return f'"{escaped}"' if "," in cell or '"' in cell else cell


def own_table(owner: User, name: str = "a table", raw: bytes = b"") -> OwnTable:
    """A data set as its owner would have brought it."""
    table, _ = add(owner, name, read(raw or csv_of()))
    return table


def odd_table(owner: User) -> OwnTable:
    """One whose every name is odd."""
    return own_table(owner, "<i>odd</i> " + "n" * 49, csv_of(ODD_NAMES, ODD_CLASSES, rows=80))


def run_on(table: OwnTable, lines: str = "", **settings: str) -> Run:
    """A run of its owner on it, as a page would have made it."""
    given = {"dataset": f"csv:{table.pk}", "batch_size": "10", "epochs": "3", "hidden": "6"}
    wanted = asked(given | settings | {"lines": lines}, table.owner)
    assert isinstance(wanted, Asked)
    assert lines or wanted.program == Program.correct()
    return make(begin(table.owner, wanted, "", lambda _: None))
