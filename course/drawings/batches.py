"""How the training rows are dealt: one line of batches per epoch, each as wide as its rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.numerals import count
from course.drawings.svg import Told, drawing, tag, text
from trainer.engine.trace import Trace

EPOCHS, BATCHES = 8, 40
"""How many epochs are drawn, and batches of an epoch."""
NUMBERS, BARS, STEPS = (2.0, 15.0), (17.0, 77.0), (79.0, 100.0)
TOP, PITCH, BAR, LINE = 42, 24, 16, 18


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
    due, shown = _due(trace), epochs[:EPOCHS]
    widest = sum(due[:BATCHES])
    foot = TOP + PITCH * len(shown) + 16
    sentences = _sentences(epochs, due)
    parts = [
        _heading(),
        *(_epoch(epoch, TOP + PITCH * row, widest) for row, epoch in enumerate(shown)),
        over(BARS, _bar(0, epochs[0].rows[0] / widest, TOP, "framed")),
        *(text("2%", foot + LINE * row, words, "t-small") for row, words in enumerate(sentences)),
    ]
    told = Told("The batches of each epoch", " ".join(sentences))
    return drawing(("100%", foot + LINE * len(sentences)), told, *parts)


def _epochs(steps: Sequence[dict[str, Any]]) -> list[Epoch]:
    epochs: list[Epoch] = []
    for step in steps:
        if not epochs or epochs[-1].number != step["epoch"]:
            epochs.append(Epoch(step["epoch"], step["step"], []))
        epochs[-1].rows.append(step["rows"])
    return epochs


def _due(trace: Trace) -> list[int]:
    """Rows of each batch of a whole epoch."""
    rows, size = trace.document["data"]["train_rows"], trace.document["spec"]["batch_size"]
    return [min(size, rows - size * index) for index in range(math.ceil(rows / size))]


def _heading() -> str:
    y = TOP - 14
    return (
        over(NUMBERS, text(0, y, "epoch", "t-small"))
        + over(BARS, text(0, y, "batch 1 is framed", "t-small"))
        + over(STEPS, text(0, y, "steps", "t-small"))
    )


def _epoch(epoch: Epoch, y: float, widest: int) -> str:
    last = epoch.first_step + len(epoch.rows) - 1
    steps = f"{epoch.first_step:,}–{last:,}" if len(epoch.rows) > 1 else f"{last:,}"
    return (
        over(NUMBERS, text("100%", y + 13, f"{epoch.number}", "t-tick end"))
        + over(BARS, *_bars(epoch, y, widest))
        + over(STEPS, text(0, y + 13, steps, "t-tick"))
    )


def _bars(epoch: Epoch, y: float, widest: int) -> list[str]:
    bars, start = [], 0
    for rows in epoch.rows[:BATCHES]:
        bars.append(_bar(start / widest, rows / widest, y, "s1-tint"))
        bars.append(_bar(start / widest, rows / widest, y, "s1-line"))
        start += rows
    return bars


def _bar(start: float, share: float, y: float, class_: str) -> str:
    width = percent(share)
    return tag("rect", x=percent(start), y=y, width=width, height=BAR, class_=class_)


def _sentences(epochs: list[Epoch], due: list[int]) -> list[str]:
    """What the strip shows, and what it leaves out, counted."""
    sentences = [_epoch_in_words(due)]
    dealt = len(epochs[-1].rows)
    if dealt < len(due):
        last = f"{count(dealt, 'batch', 'batches')} of epoch {epochs[-1].number:,}"
        sentences.append(f"The run ended after {last}.")
    if len(due) > BATCHES:
        sentences.append(f"Drawn: the first {BATCHES} batches of each epoch.")
    if len(epochs) > EPOCHS:
        sentences.append(f"Drawn: the first {EPOCHS} of {len(epochs):,} epochs.")
    return sentences


def _epoch_in_words(due: list[int]) -> str:
    usual, last = count(due[0], "row"), due[-1]
    if len(due) == 1:
        return f"An epoch is one batch of {usual}."
    if last == due[0]:
        return f"An epoch is {len(due):,} batches of {usual}."
    return f"An epoch is {len(due) - 1:,} × {usual} and a last batch of {last:,}."
