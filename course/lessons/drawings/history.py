"""How one row would have been predicted after each epoch: probability of each class."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from course.lessons.drawings.numerals import decimal, real
from course.lessons.drawings.svg import Told, drawing, line, path, tag, text
from trainer.figures.ticks import nice_ticks

Replayed = Mapping[str, Any]

WIDTH, HEIGHT = 286, 208
LEFT, RIGHT, TOP, FLOOR = 34, 184, 16, 166
APART = 15


def prediction_history(replayed: Replayed) -> SafeString:
    """286 px wide: a line per class over epochs 0 to n, the label's class drawn strongest."""
    epochs = replayed["by_epoch"]
    if not epochs:
        return SafeString()
    lines = [
        [real(each["probabilities"][c]) for each in epochs]
        for c in range(len(epochs[0]["probabilities"]))
    ]
    label = replayed["label"]
    drawn = [_curve(values, strong=index == label) for index, values in enumerate(lines)]
    drawn.append(drawn.pop(label))
    return drawing(
        (WIDTH, HEIGHT), _told(replayed, lines), _axes(len(epochs) - 1), *drawn, _ends(lines, label)
    )


def prediction_history_rows(replayed: Replayed) -> list[tuple[str, ...]]:
    """The same as table rows: epoch, probability of each class, predicted class."""
    return [
        (
            str(each["epoch"]),
            *(decimal(real(p)) for p in each["probabilities"]),
            f"class {each['predicted']}",
        )
        for each in replayed["by_epoch"]
    ]


def _x(index: int, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * (index / last if last else 0)


def _y(probability: float) -> float:
    return FLOOR - (FLOOR - TOP) * probability


def _axes(last: int) -> str:
    rules = [
        line((LEFT, _y(share)), (RIGHT, _y(share)), "grid")
        + text(LEFT - 8, _y(share) + 4.5, decimal(share, 1), "t-tick end")
        for share in (0.0, 0.5, 1.0)
    ]
    whole = [tick for tick in nice_ticks(0, last, 6) if tick == int(tick)] if last else [0]
    ticks = [text(_x(int(tick), last), FLOOR + 20, f"{int(tick)}", "t-tick mid") for tick in whole]
    return "".join(rules + ticks) + text(LEFT, FLOOR + 38, "epoch; 0 is before training", "t-small")


def _curve(values: list[float], *, strong: bool) -> str:
    """A line with gaps where a probability is not a number."""
    last, d, pen = len(values) - 1, [], "M"
    for index, value in enumerate(values):
        if not math.isfinite(value):
            pen = "M"
            continue
        d.append(f"{pen}{_x(index, last):.1f} {_y(value):.1f}")
        pen = "L"
    if not d:
        return ""
    alone = tag("circle", cx=LEFT, cy=_y(values[0]), r=3, class_="ink") if len(d) == 1 else ""
    return path("".join(d), "line" if strong else "line-2") + alone


def _ends(lines: list[list[float]], label: int) -> str:
    """Names at the ends of the lines, moved apart where they would touch."""
    last = [
        (values[-1] if math.isfinite(values[-1]) else 0.0, index)
        for index, values in enumerate(lines)
    ]
    placed, floor = [], FLOOR + 4.5
    for value, index in sorted(last):
        y = min(_y(value) + 4.5, floor)
        floor = y - APART
        words = f"class {index} {decimal(lines[index][-1])}"
        placed.append(text(RIGHT + 8, y, words, "t-label" if index == label else "t-small"))
    return "".join(placed)


def _told(replayed: Replayed, lines: list[list[float]]) -> Told:
    label = replayed["label"]
    mine = lines[label]
    return Told(
        f"Held-out row {replayed['row']}: probability of each class after each epoch",
        f"The label is class {label}. Its probability goes from {decimal(mine[0])} before training "
        f"to {decimal(mine[-1])} after epoch {replayed['by_epoch'][-1]['epoch']}.",
    )
