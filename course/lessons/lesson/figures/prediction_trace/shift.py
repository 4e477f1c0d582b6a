"""One row's logits, changed: which changes softmax notices, and which it does not."""

import math
from collections.abc import Callable, Sequence

from course.drawings.numerals import MINUS, decimal, signed
from course.drawings.pairs import Pair, pairs
from course.drawings.svg import Told
from course.heldout.rows import NOTHING, Row, last_epoch, rows_after
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import table
from course.lessons.pipeline.wording import capital
from trainer.engine.names import Names
from trainer.engine.probes.layers import softmax
from trainer.figures.series import powered
from trainer.pages import shown

SHIFT = 10
LONG = 1000

Scores = Sequence[float]
CHANGES: dict[str, tuple[str, Callable[[Scores], list[float]]]] = {
    "add": (f"{SHIFT} added to each", lambda logits: [each + SHIFT for each in logits]),
    "double": ("each times 2", lambda logits: [2 * each for each in logits]),
    "halve": ("each times 0.5", lambda logits: [each / 2 for each in logits]),
    "flip": ("each with the other sign", lambda logits: [-each for each in logits]),
    "again": ("softmax taken twice", softmax),
}


def shift(given: Shown) -> Figure | None:
    """The shares of one held-out row before and after a change of its logits."""
    trace = given.trace
    if not (trace.has("parameters") and trace.has("low")):
        return None
    rows = rows_after(trace, last_epoch(trace))
    last = trace.document["data"]["heldout_rows"] - 1
    number = given.number("logits_of", "Held-out row", (0, last), 0)
    change = given.one_of("change", "Logits", {key: words for key, (words, _) in CHANGES.items()})
    controls, title = (change, number), f"Held-out row {number.number}: {CHANGES[change.value][0]}"
    if not rows:
        return Figure(title, NOTHING, controls=controls)
    row = rows[number.number]
    if not all(map(math.isfinite, row.logits)):
        return Figure(title, "The logits of this row are not numbers.", controls=controls)
    changed = CHANGES[change.value][1](row.logits)
    after = softmax(changed)
    names = Names.of(trace.document)
    says = _says(row, changed, after, change.value, names)
    named = [_short(each) for each in row.logits], [_short(each) for each in changed]
    return Figure(
        title=title,
        says="Upper bar: before. Lower bar: after. The logits are the run's, the change was worked "
        f"out here. {says}",
        drawing=pairs(
            Told(title, says),
            [
                Pair(names.brief_label(index), f"{one} \N{RIGHTWARDS ARROW} {other}", shares)
                for index, (one, other, shares) in enumerate(
                    zip(*named, zip(row.shares, after, strict=True), strict=True)
                )
            ],
        ),
        table=table(title, COLUMNS, _cells(row, changed, after, names)),
        controls=controls,
    )


HEADS = ("Class", "Logit", "Share", "Logit, changed", "Share after it")
COLUMNS = [{"text": head, "kind": "n" if at else ""} for at, head in enumerate(HEADS)]


def _cells(row: Row, changed: Scores, after: Scores, names: Names) -> list[list[str]]:
    every = zip(row.logits, row.shares, changed, after, strict=True)
    return [
        [names.label(index), signed(logit), decimal(share), signed(other), decimal(now)]
        for index, (logit, share, other, now) in enumerate(every)
    ]


def _says(row: Row, changed: Scores, after: Scores, change: str, names: Names) -> str:
    gaps = [_gap(scores) for scores in (row.logits, changed)]
    said = (
        f"The largest is {shown(gaps[0])} ahead of the next before, {shown(gaps[1])} after. "
        f"{_shares(row.shares, after, names)}"
    )
    if change == "again":
        most = math.e / (math.e + len(after) - 1)
        said += f" With {len(after)} classes it could not be more than {shown(most)}."
    return said


def _shares(before: Scores, after: Scores, names: Names) -> str:
    """What became of the largest share, and of the class that had it."""
    first, then = shown(max(before)), shown(max(after))
    had, has = (names.label(_winner(scores)) for scores in (before, after))
    if had != has:
        return f"{capital(had)} had the largest share, {first}; {has} has it then, {then}."
    if first == then:
        return f"The largest share stays {first}, and {had} keeps it."
    return f"The largest share goes from {first} to {then}, and {had} keeps it."


def _short(logit: float) -> str:
    """A logit beside the name of its class, where there is little room."""
    return signed(logit) if abs(logit) < LONG else powered(logit, 1).replace("-", MINUS)


def _gap(scores: Scores) -> float:
    *_, second, first = sorted(scores)
    return first - second


def _winner(scores: Scores) -> int:
    return list(scores).index(max(scores))
