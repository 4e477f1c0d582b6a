"""All steps of a run in a row: the loss as a line, epochs as cells, one step marked. Knows no run.

As wide as its frame; the first step is its left end and the last its right one, so that a slider
of the same width points at what stands above it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.drawings.fluid import percent
from course.drawings.numerals import decimal
from course.drawings.svg import Told, circle, drawing, line, tag, text

FINE = 1000
TOP, FLOOR, CELL, HEIGHT = 22, 78, 14, 120
MOST_NAMES = 5
DRAWN = 400
"""Steps that the line goes through; of more every second, third, ..."""
AFTER_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class Passed:
    """A step: its epoch and its loss; None where none was computed."""

    epoch: int
    loss: float | None


def scrubber(told: Told, steps: Sequence[Passed], now: int) -> SafeString:
    """`now` counts from 1."""
    known = [each.loss for each in steps if each.loss is not None and math.isfinite(each.loss)]
    low, high = min([0.0, *known]), max([0.0, *known])
    unit = (FLOOR - TOP) / ((high - low) or 1.0)
    heights = [
        FLOOR - (each.loss - low) * unit
        if each.loss is not None and math.isfinite(each.loss)
        else None
        for each in steps
    ]
    parts = [_line(heights), *_epochs(steps, now), *_mark(heights, steps, now)]
    return drawing(("100%", HEIGHT), told, *parts, class_="scrubber")


def _share(step: int, steps: int) -> float:
    return (step - 1) / (steps - 1) if steps > 1 else AFTER_MIDDLE


def _line(heights: Sequence[float | None]) -> str:
    """With gaps where there is no finite loss."""
    every, pen, commands = math.ceil(len(heights) / DRAWN), "M", []
    for step, height in enumerate(heights, 1):
        if (step - 1) % every:
            continue
        if height is not None:
            commands.append(f"{pen}{FINE * _share(step, len(heights)):.1f} {height:.1f}")
        pen = "M" if height is None else "L"
    if not commands:
        return ""
    stroke = tag(
        "path", d="".join(commands), class_="line-soft", vector_effect="non-scaling-stroke"
    )
    box = f"0 0 {FINE} {HEIGHT}"
    return tag(
        "svg", stroke, width="100%", height=HEIGHT, viewBox=box, preserveAspectRatio="none",
        overflow="visible",
    )  # fmt: skip


def _epochs(steps: Sequence[Passed], now: int) -> list[str]:
    """A cell per epoch, from half a step before its first to half a step after its last."""
    ends: dict[int, tuple[int, int]] = {}
    for step, each in enumerate(steps, 1):
        ends[each.epoch] = (ends.get(each.epoch, (step, step))[0], step)
    every, parts = math.ceil(len(ends) / MOST_NAMES), list[str]()
    for place, (epoch, (first, last)) in enumerate(ends.items()):
        left = max(0.0, _share(first, len(steps)) - _half(steps))
        right = min(1.0, _share(last, len(steps)) + _half(steps))
        here = first <= now <= last
        parts.append(
            tag(
                "rect", x=percent(left), y=FLOOR + 6, width=percent(right - left), height=CELL,
                class_="epoch here" if here else "epoch",
            )
        )  # fmt: skip
        if place % every == 0:
            words = f"epoch {epoch}"
            parts.append(text(percent((left + right) / 2), HEIGHT - 4, words, "t-small mid"))
    return parts


def _half(steps: Sequence[Passed]) -> float:
    return 0.5 / (len(steps) - 1) if len(steps) > 1 else AFTER_MIDDLE


def _mark(heights: Sequence[float | None], steps: Sequence[Passed], now: int) -> list[str]:
    share, height, loss = _share(now, len(steps)), heights[now - 1], steps[now - 1].loss
    x = percent(share)
    parts = [line((x, TOP - 6), (x, FLOOR + 6 + CELL), "now")]
    if height is not None:
        parts.append(circle(x, height, 4, "ink"))
    words = "no loss" if loss is None else f"loss {decimal(loss)}"
    after = share > AFTER_MIDDLE
    named = text(-8 if after else 8, TOP - 8, words, "t-label end" if after else "t-label")
    parts.append(tag("svg", named, x=x, overflow="visible"))
    return parts
