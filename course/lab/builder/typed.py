"""The box in which a loop is typed: what was read of it, or an answer at each line that is none."""

from dataclasses import dataclass, field

from trainer.engine import typed
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.typed import Reading

MOST_TOLD = 3
LONG = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer: words, or code that it speaks of."""

    text: str
    code: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the text with what there is to say to it."""

    number: int
    text: str
    answers: list[list[Part]]


@dataclass(frozen=True, slots=True)
class Box:
    """A text, and the program that was read of it or the rows with their answers.

    understood: what was read as a line that is spelled otherwise, in a sentence, or empty.
    """

    text: str = ""
    program: Program | None = None
    rows: list[Row] = field(default_factory=list)
    understood: str = ""

    @property
    def answers(self) -> list[Row]:
        """The rows that were answered."""
        return [row for row in self.rows if row.answers]

    @classmethod
    def read(cls, text: str, spec: RunSpec) -> "Box":
        """The text as a program, or with answers."""
        text = text.replace("\r\n", "\n")
        reading = typed.read(text, spec)
        if reading.program is None:
            return cls(text, rows=_rows(text, reading))
        return cls(text, reading.program, understood=_understood(text, reading, spec))


def _rows(text: str, reading: Reading) -> list[Row]:
    """Every row of the text; answers to rows that are not there stand at the last."""
    rows = [Row(number, row, []) for number, row in enumerate(text.split("\n"), 1)]
    for answer in reading.answers:
        rows[min(max(answer.line, 1), len(rows)) - 1].answers.append(_parts(answer.reason))
    return rows


def _parts(answer: str) -> list[Part]:
    """An answer taken apart at its backticks."""
    pieces = enumerate(answer.split("`"))
    return [Part(text, place % 2 == 1) for place, text in pieces if text]


def _understood(text: str, reading: Reading, spec: RunSpec) -> str:
    """Rows that say what a line says, in other words: the first few of them."""
    rows = text.split("\n")
    by_row: dict[int, list[str]] = {}
    lines = reading.program.lines if reading.program else ()
    for placed, row in zip(lines, reading.lines, strict=True):
        if row:
            by_row.setdefault(row, []).append(placed.line.source(spec).partition("\n")[0])
    other = [
        f"{_cut(rows[row - 1].strip())} as {' and '.join(sources)}"
        for row, sources in sorted(by_row.items())
        if rows[row - 1].strip() != sources[0] or len(sources) > 1
    ]
    if not other:
        return ""
    more = len(other) - MOST_TOLD
    told = other[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
    return f"Understood: {'; '.join(told)}. What runs is the course's own lines."


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
