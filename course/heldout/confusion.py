"""Which class is taken for which: held-out rows counted by their class and their prediction."""

from collections import Counter
from collections.abc import Sequence

from course.drawings.numerals import count
from course.heldout.rows import Row
from trainer.engine.names import Names

Pair = tuple[int, int]
"""A class and what it is taken for."""
MOST_NAMED = 4
"""Up to so many classes that are never predicted are named."""


def counted(rows: Sequence[Row]) -> Counter[Pair]:
    """Rows by class and prediction."""
    return Counter((row.label, row.predicted) for row in rows)


def table_of(rows: Sequence[Row], classes: int) -> list[list[int]]:
    """The counts as a square: a row per class, a column per prediction."""
    found = counted(rows)
    return [[found[label, named] for named in range(classes)] for label in range(classes)]


def told(rows: Sequence[Row], names: Names) -> str:
    """How many are right, the commonest mistake, and the classes that are never predicted."""
    found = counted(rows)
    right = sum(row.right for row in rows)
    said = f"{right} of {count(len(rows), 'row')} lie on the diagonal: they are predicted right."
    wrong = {pair: number for pair, number in found.items() if pair[0] != pair[1]}
    if wrong:
        (label, wrongly), number = max(wrong.items(), key=lambda each: (each[1], each[0]))
        taken = f"{names.label(label)} taken for {names.label(wrongly)}"
        others = len(rows) - right
        if others == 1:
            said += f" The other one is {taken}."
        else:
            said += (
                f" Of the {others} others the commonest kind is {taken}: {count(number, 'row')}."
            )
    classes = len(names.classes)
    never = [each for each in range(classes) if all(row.predicted != each for row in rows)]
    if never and len(never) <= MOST_NAMED:
        said += f" Never predicted: {', '.join(map(names.label, never))}."
    elif never:
        said += f" {len(never)} of {classes} classes are never predicted."
    return said
