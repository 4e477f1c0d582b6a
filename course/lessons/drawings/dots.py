"""The loss of each row of batch 1 as a dot, with their mean, which is the loss of the batch."""

import math
from collections import Counter
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.lessons.drawings.fluid import over, percent
from course.lessons.drawings.numerals import count, decimal, finite
from course.lessons.drawings.svg import Told, drawing, line, moved, tag, text
from trainer.figures.ticks import nice_ticks, tick_digits
from trainer.engine.trace import Trace

SIDES = (4.0, 96.0)
FLOOR, ROOM, HEIGHT = 214, 136, 264
PITCH = 10.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Losses of the rows of a batch, their mean, and where the axis begins and ends.

    loss: the program's own loss of the batch, if it computed one and no row was dropped.
    """

    losses: list[float]
    dropped: int
    mean: float
    loss: float | None
    uniform: float
    classes: int
    low: float
    high: float

    def share(self, loss: float) -> float:
        """Place of a loss on the axis, 0 to 1."""
        return (loss - self.low) / (self.high - self.low)


def row_losses_wide(trace: Trace) -> SafeString:
    """As wide as its frame, from 620 px on. "" where the run computed no loss per row."""
    return _draw(trace, bins=60, most_ticks=9, class_="drawing-wide")


def row_losses_tall(trace: Trace) -> SafeString:
    """For phones, from 260 px on."""
    return _draw(trace, bins=26, most_ticks=5, class_="drawing-tall")


def _draw(trace: Trace, bins: int, most_ticks: int, class_: str) -> SafeString:
    rows = _rows(trace)
    if rows is None:
        return SafeString()
    parts = (_axis(rows, most_ticks), _dots(rows, bins), _marks(rows))
    return drawing(("100%", HEIGHT), _told(rows), over(SIDES, *parts), class_=class_)


def _rows(trace: Trace) -> Rows | None:
    """None where no row has a finite loss."""
    if not trace.has("first.row_losses"):
        return None
    every = list(trace.tensor("first.row_losses").flat)
    losses, classes = finite(every), trace.document["data"]["classes"]
    if not losses:
        return None
    dropped, uniform = len(every) - len(losses), math.log(classes)
    loss = trace.tensor("first.loss").item() if trace.has("first.loss") and not dropped else None
    mean = math.fsum(losses) / len(losses) if loss is None else loss
    low, high = min(*losses, uniform), max(*losses, uniform)
    pad = (high - low) * 0.03 or 0.1
    return Rows(losses, dropped, mean, loss, uniform, classes, max(low - pad, 0.0), high + pad)


def _told(rows: Rows) -> Told:
    return Told(
        "The loss of each row of batch 1",
        f"{count(len(rows.losses), 'dot')}, one per row, from {decimal(min(rows.losses))} "
        f"to {decimal(max(rows.losses))}. Their mean is {decimal(rows.mean)}. "
        f"Equal probabilities for all classes would give ln {rows.classes} = {decimal(rows.uniform)}.",
    )


def _axis(rows: Rows, most: int) -> str:
    ticks = nice_ticks(rows.low, rows.high, most)
    digits = tick_digits(ticks)
    marks = [
        line((percent(rows.share(tick)), FLOOR), (percent(rows.share(tick)), FLOOR + 5), "tick")
        + text(percent(rows.share(tick)), FLOOR + 21, decimal(tick, digits), "t-tick mid")
        for tick in ticks
    ]
    name = text("100%", FLOOR + 42, "loss of one row", "t-small end")
    return line((0, FLOOR), ("100%", FLOOR), "rule") + "".join(marks) + name


def _dots(rows: Rows, bins: int) -> str:
    """One dashed line per bin: dashes of no length with round ends are dots."""
    stacks = Counter(min(int(rows.share(loss) * bins), bins - 1) for loss in rows.losses)
    pitch = min(PITCH, ROOM / max(stacks.values()))
    size = max(pitch * 0.82, 1.0)
    return "".join(
        tag(
            "line",
            x1=(place := percent((index + 0.5) / bins)),
            x2=place,
            y1=FLOOR - 1 - pitch / 2,
            y2=FLOOR - 1 - pitch / 2 - (height - 1) * pitch - 0.01,
            class_="s4-line",
            stroke_width=size,
            stroke_linecap="round",
            stroke_dasharray=f"0 {pitch:g}" if height > 1 else None,
            data_rows=height,
        )
        for index, height in sorted(stacks.items())
    )


def _marks(rows: Rows) -> str:
    left = text(0, FLOOR + 42, f"{count(rows.dropped, 'row')} not finite, not drawn", "t-small")
    name = f"mean {decimal(rows.mean)}" + ("" if rows.loss is None else " = the loss")
    return (
        _mark(rows.share(rows.mean), 24, name, ("framed", "t-label"))
        + _mark(
            rows.share(rows.uniform),
            46,
            f"ln {rows.classes} = {decimal(rows.uniform)}",
            ("ref", "t-small"),
        )
        + (left if rows.dropped else "")
    )


def _mark(share: float, y: float, words: str, classes: tuple[str, str]) -> str:
    """A vertical line at a share of the axis with its words on the side that has room."""
    place = percent(share)
    side, gap = ("end", -8) if share > 0.5 else ("", 8)
    stroke = line((place, y - 12), (place, FLOOR), classes[0])
    return stroke + moved(gap, 0, text(place, y, words, f"{classes[1]} {side}"))
