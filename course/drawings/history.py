"""How one row would have been predicted after each epoch: probability of each class."""

import math

from django.utils.safestring import SafeString

from course.drawings.numerals import decimal, real
from course.drawings.replayed import Replayed
from course.drawings.svg import Told, circle, drawing, line, path, text
from trainer.engine.names import Names
from trainer.figures.ticks import nice_step

WIDTH, HEIGHT = 286, 216
LEFT, RIGHT, TOP, FLOOR = 34, 176, 16, 166
APART, MOST_TICKS = 15, 6


def prediction_history(replayed: Replayed, names: Names) -> SafeString:
    """286 px wide: a line per class over epochs 0 to n, the label's drawn strongest, on top."""
    epochs, label = replayed["by_epoch"], replayed["label"]
    if not epochs:
        return SafeString()
    ends = [each["epoch"] for each in epochs]
    lines = [
        [real(value) for value in values]
        for values in zip(*(each["probabilities"] for each in epochs), strict=True)
    ]
    order = sorted(range(len(lines)), key=lambda index: index == label)
    drawn = [_curve(ends, lines[index], strong=index == label) for index in order]
    told = _told(replayed, names, lines[label])
    return drawing((WIDTH, HEIGHT), told, _axes(ends[-1]), *drawn, _ends(lines, label))


def prediction_history_rows(replayed: Replayed) -> list[tuple[str, ...]]:
    """The same as table rows: epoch, probability of each class, predicted class."""
    rows = []
    for each in replayed["by_epoch"]:
        probabilities = (decimal(real(value)) for value in each["probabilities"])
        rows.append((str(each["epoch"]), *probabilities, f"class {each['predicted']}"))
    return rows


def _x(epoch: int, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * (epoch / last if last else 0)


def _y(probability: float) -> float:
    return FLOOR - (FLOOR - TOP) * probability


def _axes(last: int) -> str:
    rules = [
        line((LEFT, _y(share)), (RIGHT, _y(share)), "grid")
        + text(LEFT - 8, _y(share) + 4.5, decimal(share, 1), "t-tick end")
        for share in (0.0, 0.5, 1.0)
    ]
    step = nice_step(max(last, 1), MOST_TICKS)
    ticks = [
        text(_x(epoch, last), FLOOR + 20, str(epoch), "t-tick mid")
        for epoch in range(0, last + 1, step)
    ]
    return "".join(rules + ticks) + text(LEFT, FLOOR + 38, "epoch; 0 is before training", "t-small")


def _curve(ends: list[int], values: list[float], *, strong: bool) -> str:
    """A line with gaps where a probability is not a number; one point alone is a disc."""
    last, commands, pen = ends[-1], [], "M"
    for epoch, value in zip(ends, values, strict=True):
        if math.isfinite(value):
            commands.append(f"{pen}{_x(epoch, last):.1f} {_y(value):.1f}")
        pen = "L" if math.isfinite(value) else "M"
    if len(commands) == 1:
        index = next(i for i, value in enumerate(values) if math.isfinite(value))
        return circle(_x(ends[index], last), _y(values[index]), 3, "ink")
    return path("".join(commands), "line" if strong else "line-2") if commands else ""


def _ends(lines: list[list[float]], label: int) -> str:
    """Names and last values at the ends of the lines, moved apart where they would touch."""
    last = [values[-1] for values in lines]
    parts, lowest = [], FLOOR + 4.5
    for index in sorted(range(len(last)), key=lambda i: last[i] if math.isfinite(last[i]) else 0):
        y = min(_y(last[index]) + 4.5, lowest) if math.isfinite(last[index]) else lowest
        lowest = y - APART
        words = f"class {index} {decimal(last[index])}"
        parts.append(text(RIGHT + 8, y, words, "t-label" if index == label else "t-small"))
    return "".join(parts)


def _told(replayed: Replayed, names: Names, mine: list[float]) -> Told:
    last = replayed["by_epoch"][-1]["epoch"]
    return Told(
        f"Held-out row {replayed['row']}: probability of each class after each epoch",
        f"The label is {names.label(replayed['label'])}. "
        f"Its probability goes from {decimal(mine[0])} "
        f"before training to {decimal(mine[-1])} after epoch {last}.",
    )
