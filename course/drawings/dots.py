"""The loss of each row of batch 1 as a dot, with their mean, which is the loss of the batch."""

import math
from collections import Counter
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import over, percent
from course.drawings.numerals import count, decimal, finite
from course.drawings.svg import Told, drawing, line, moved, tag, text
from trainer.engine.trace import Trace
from trainer.figures.ticks import nice_ticks, tick_digits

SIDES = (4.0, 96.0)
FLOOR, ROOM, HEIGHT = 214, 136, 264
PITCH = 10.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What depends on the room: bins, ticks, the mean's name and the share that it takes."""

    bins: int
    ticks: int
    name: str
    label: float
    class_: str


WIDE = Layout(bins=60, ticks=9, name=" = the loss", label=0.28, class_="drawing-wide")
TALL = Layout(bins=26, ticks=5, name="", label=0.38, class_="drawing-tall")


@dataclass(frozen=True, slots=True)
class Rows:
    """Losses of the rows of a batch, their mean, and where the axis begins and ends.

    is_loss: the mean is what the program's own loss line made of the batch.
    """

    losses: list[float]
    dropped: int
    mean: float
    is_loss: bool
    uniform: float
    classes: int
    low: float
    high: float

    def share(self, loss: float) -> float:
        """Place of a loss on the axis, 0 to 1."""
        return (loss - self.low) / (self.high - self.low)


def row_losses_wide(trace: Trace) -> SafeString:
    """As wide as its frame, from 620 px on. "" where the run computed no loss per row."""
    return _draw(trace, WIDE)


def row_losses_tall(trace: Trace) -> SafeString:
    """For phones, from 260 px on."""
    return _draw(trace, TALL)


def _draw(trace: Trace, layout: Layout) -> SafeString:
    rows = _rows(trace)
    if rows is None:
        return SafeString()
    parts = (_axis(rows, layout.ticks), _dots(rows, layout.bins), _marks(rows, layout))
    return drawing(("100%", HEIGHT), _told(rows), over(SIDES, *parts), class_=layout.class_)


def _rows(trace: Trace) -> Rows | None:
    """None where no row has a finite loss."""
    if not trace.has("first.row_losses"):
        return None
    every = list(trace.tensor("first.row_losses").flat)
    losses, classes = finite(every), trace.document["data"]["classes"]
    if not losses:
        return None
    dropped, uniform = len(every) - len(losses), math.log(classes)
    mean = math.fsum(losses) / len(losses)
    is_loss = not dropped and _is_loss(trace, mean)
    low, high = min(*losses, uniform), max(*losses, uniform)
    pad = (high - low) * 0.03 or 0.1
    return Rows(losses, dropped, mean, is_loss, uniform, classes, max(low - pad, 0.0), high + pad)


def mean_is_loss(trace: Trace) -> bool:
    """Whether the losses of the rows of batch 1 are those that its loss was made of."""
    every = list(trace.tensor("first.row_losses").flat)
    known = finite(every)
    return len(known) < len(every) or _is_loss(trace, math.fsum(known) / len(known))


def _is_loss(trace: Trace, mean: float) -> bool:
    """Not so where a program made its logits anew after its loss."""
    found = trace.tensor("first.loss").flat if trace.has("first.loss") else ()
    return len(found) == 1 and math.isclose(found[0], mean, rel_tol=1e-4)


def _told(rows: Rows) -> Told:
    least, most = decimal(min(rows.losses)), decimal(max(rows.losses))
    return Told(
        "The loss of each row of batch 1",
        f"{count(len(rows.losses), 'dot')}, one per row, from {least} to {most}. "
        f"Their mean is {decimal(rows.mean)}. Equal probabilities for all {rows.classes} classes "
        f"would give ln {rows.classes} = {decimal(rows.uniform)}.",
    )


def _axis(rows: Rows, most: int) -> str:
    ticks = nice_ticks(rows.low, rows.high, most)
    digits = tick_digits(ticks)
    marks = [
        line((place, FLOOR), (place, FLOOR + 5), "tick")
        + text(place, FLOOR + 21, decimal(tick, digits), "t-tick mid")
        for tick, place in ((tick, percent(rows.share(tick))) for tick in ticks)
    ]
    name = text("100%", FLOOR + 42, "loss of one row", "t-small end")
    return line((0, FLOOR), ("100%", FLOOR), "rule") + "".join(marks) + name


def _dots(rows: Rows, bins: int) -> str:
    stacks = Counter(min(int(rows.share(loss) * bins), bins - 1) for loss in rows.losses)
    pitch = min(PITCH, ROOM / max(stacks.values()))
    return "".join(
        _stack(percent((index + 0.5) / bins), height, pitch)
        for index, height in sorted(stacks.items())
    )


def _stack(place: str, height: int, pitch: float) -> str:
    """A dashed line: dashes of no length with round ends are dots."""
    bottom = FLOOR - 1 - pitch / 2
    top = bottom - (height - 1) * pitch - 0.01  # a line of no length at all is not drawn
    return tag(
        "line",
        x1=place,
        x2=place,
        y1=bottom,
        y2=top,
        class_="s4-line",
        stroke_width=max(pitch * 0.82, 1.0),
        stroke_linecap="round",
        stroke_dasharray=f"0 {pitch:g}" if height > 1 else None,
        data_rows=height,
    )


def _marks(rows: Rows, layout: Layout) -> str:
    """Mean and ln(classes), each with its words on the side away from the other, if it has room."""
    mean, uniform = rows.share(rows.mean), rows.share(rows.uniform)
    name = f"mean {decimal(rows.mean)}" + (layout.name if rows.is_loss else "")
    guess = f"ln {rows.classes} = {decimal(rows.uniform)}"
    dropped = f"{count(rows.dropped, 'row')} not finite, not drawn"
    sides = (_goes_left(mean, uniform, layout.label), _goes_left(uniform, mean, layout.label))
    return (
        _mark(mean, (name, "framed", "t-label"), 24, left=sides[0])
        + _mark(uniform, (guess, "ref", "t-small"), 46, left=sides[1])
        + (text(0, FLOOR + 42, dropped, "t-small") if rows.dropped else "")
    )


def _goes_left(share: float, other: float, label: float) -> bool:
    """Away from the other, unless the label has no room there."""
    wanted = share < other
    return wanted if label < (share if wanted else 1 - share) else not wanted


def _mark(share: float, what: tuple[str, str, str], y: float, *, left: bool) -> str:
    """A vertical line at a share of the axis with its words (words, line, text class) beside it."""
    words, stroke, class_ = what
    place = percent(share)
    side, gap = ("end", -8) if left else ("", 8)
    upright = line((place, y - 12), (place, FLOOR), stroke)
    return upright + moved(gap, 0, text(place, y, words, f"{class_} {side}".strip()))
