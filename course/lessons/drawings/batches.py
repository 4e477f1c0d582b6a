"""How the training rows are dealt: one line of batches per epoch, each as wide as its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.lessons.drawings.fluid import over, percent
from course.lessons.drawings.numerals import count
from course.lessons.drawings.svg import Told, drawing, tag, text
from trainer.engine.trace import Trace

EPOCHS, BATCHES = 8, 40
"""How many epochs are drawn, and batches of an epoch."""
SIDES = (12.0, 78.0)
TOP, PITCH, BAR = 42, 24, 16


@dataclass(frozen=True, slots=True)
class Epoch:
    """Rows of each batch of an epoch, and the number of its first step."""

    number: int
    first_step: int
    rows: list[int]


def batch_strip(trace: Trace) -> SafeString:
    """As wide as its frame, from 260 px on. "" where no batch was dealt."""
    epochs = _epochs(trace.document["steps"])
    if not epochs or not epochs[0].rows[0]:
        return SafeString()
    shown, widest = epochs[:EPOCHS], max(sum(epoch.rows[:BATCHES]) for epoch in epochs[:EPOCHS])
    foot = TOP + PITCH * len(shown) + 14
    parts = [
        _heading(),
        *(_epoch(epoch, index, widest) for index, epoch in enumerate(shown)),
        _first(shown[0], widest),
    ]
    told = Told("The batches of each epoch", " ".join(_sentences(epochs)))
    foots = [
        text("0", foot + 18 * line, words, "t-small")
        for line, words in enumerate(_sentences(epochs))
    ]
    height = foot + 18 * len(foots)
    return drawing(("100%", height), told, *parts, over((2.0, 100.0), *foots))


def _epochs(steps: Sequence[dict[str, Any]]) -> list[Epoch]:
    epochs: list[Epoch] = []
    for step in steps:
        if not epochs or epochs[-1].number != step["epoch"]:
            epochs.append(Epoch(step["epoch"], step["step"], []))
        epochs[-1].rows.append(step["rows"])
    return epochs


def _heading() -> str:
    y = TOP - 14
    return (
        text(f"{SIDES[0] - 2:g}%", y, "epoch", "t-small end")
        + text(f"{SIDES[0]:g}%", y, "batch 1 is framed", "t-small")
        + text(f"{SIDES[1] + 2:g}%", y, "steps", "t-small")
    )


def _epoch(epoch: Epoch, index: int, widest: int) -> str:
    y = TOP + PITCH * index
    last = epoch.first_step + len(epoch.rows) - 1
    steps = f"{epoch.first_step:,}–{last:,}" if len(epoch.rows) > 1 else f"{last:,}"
    return (
        text(f"{SIDES[0] - 2:g}%", y + 13, f"{epoch.number}", "t-tick end")
        + over(SIDES, *_bars(epoch, y, widest))
        + text(f"{SIDES[1] + 2:g}%", y + 13, steps, "t-tick")
    )


def _bars(epoch: Epoch, y: float, widest: int) -> list[str]:
    bars, start = [], 0
    for rows in epoch.rows[:BATCHES]:
        bars.append(_bar((start, rows), y, widest, "s1-tint s1-line"))
        start += rows
    return bars


def _bar(rows: tuple[int, int], y: float, widest: int, class_: str) -> str:
    x, width = (percent(each / widest) for each in rows)
    return tag("rect", x=x, y=y, width=width, height=BAR, class_=class_)


def _first(epoch: Epoch, widest: int) -> str:
    return over(SIDES, _bar((0, epoch.rows[0]), TOP, widest, "framed"))


def _sentences(epochs: list[Epoch]) -> list[str]:
    """What the strip shows, and what it leaves out, counted."""
    rows, sentences = epochs[0].rows, []
    usual, last = rows[0], rows[-1]
    if len(rows) == 1:
        sentences.append(f"One batch of {count(usual, 'row')} is an epoch.")
    elif last == usual:
        sentences.append(f"{len(rows):,} batches of {count(usual, 'row')} are an epoch.")
    else:
        sentences.append(
            f"{len(rows):,} batches: {len(rows) - 1:,} of {count(usual, 'row')}, the last of {last:,}."
        )
    if len(rows) > BATCHES:
        sentences.append(f"Drawn: the first {BATCHES} of {len(rows):,} batches.")
    if len(epochs) > EPOCHS:
        sentences.append(f"Drawn: the first {EPOCHS} of {len(epochs):,} epochs.")
    return sentences
