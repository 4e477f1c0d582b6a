"""A trace as plain text: what a terminal can show of a run.

Prints the numbers of the trace document and derives none but means for the curve.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trainer.engine.spec import RunSpec
from trainer.engine.trace import Document, as_float

COLUMNS = {
    "epoch": "epoch",
    "running_loss": "mean loss",
    "running_accuracy": "mean acc.",
    "loss": "end loss",
    "accuracy": "end acc.",
    "heldout_loss": "held-out loss",
    "heldout_accuracy": "held-out acc.",
}

CURVE_ROWS = 8
CURVE_COLUMNS = 60
BLOCKS = " ▁▂▃▄▅▆▇█"
NOT_FINITE = "×"

Losses = Sequence[float | None]


def report(document: Document) -> str:
    """Settings, how it ended, a table of the epochs and the loss of every step as a curve."""
    losses = [as_float(each["loss"]) for each in document["steps"]]
    parts = [headline(RunSpec(**document["spec"])), *_ending(document)]
    if document["epochs"]:
        parts += ["", *table(document), "", *_observations(document)]
    if any(loss is not None for loss in losses):
        parts += ["", f"Loss of each step, {len(losses)} in all:", *curve(losses)]
    return "\n".join([*parts, "", f"Digest {document['digest']}"])


def headline(spec: RunSpec) -> str:
    """The settings of a run in one line."""
    return (
        f"{spec.dataset}: {spec.rows} rows in batches of {spec.batch_size}, {spec.epochs} epochs, "
        f"{spec.hidden} hidden units, {spec.optimizer} with lr {spec.lr:g}, seed {spec.seed}, "
        f"data seed {spec.data_seed}{', ' if spec.alterations else ''}{spec.alterations}"
    )


def table(document: Document) -> Iterator[str]:
    """One line per epoch under a head, figures right under their names."""
    widths = {name: max(len(label), 6) for name, label in COLUMNS.items()}
    yield "  ".join(label.rjust(widths[name]) for name, label in COLUMNS.items())
    for epoch in document["epochs"]:
        yield "  ".join(_cell(name, epoch[name]).rjust(widths[name]) for name in COLUMNS)


def curve(losses: Losses) -> Iterator[str]:
    """A column per step, or per few neighbouring steps; the scale stands at its left."""
    heights = [_mean(part) for part in _parts(losses)]
    finite = [height for height in heights if height is not None and math.isfinite(height)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    columns = [_column(height, low, high) for height in heights]
    labels = {CURVE_ROWS - 1: f"{high:.4g}", 0: f"{low:.4g}"}
    for row in reversed(range(CURVE_ROWS)):
        cells = "".join(column[row] for column in columns)
        yield f"{labels.get(row, ''):>10} │{cells.rstrip()}"
    if any(height is not None and not math.isfinite(height) for height in heights):
        yield f"{NOT_FINITE:>10}  not a finite number"


def _ending(document: Document) -> Iterator[str]:
    """What went wrong, with the line of the program where it did."""
    error = document["error"]
    if not error:
        return
    if document["status"] == "stopped":
        yield f"Stopped at step {error['step']}: {error['message']}"
    else:
        yield f"The program failed at step {error['step']}: {error['type']}: {error['message']}"
    lines = document["source"].splitlines()
    if 1 <= error["line"] <= len(lines):
        yield f"  line {error['line']}: {lines[error['line'] - 1].strip()}"


def _observations(document: Document) -> Iterator[str]:
    for epoch in document["epochs"]:
        yield f"Epoch {epoch['epoch']}: {epoch['observation']}"


def _cell(name: str, value: float | str | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, str | int):
        return str(value)
    return f"{value:.1%}" if name.endswith("accuracy") else f"{value:.4g}"


def _parts(losses: Losses) -> Iterator[Losses]:
    columns = min(CURVE_COLUMNS, len(losses))
    ends = [len(losses) * column // columns for column in range(columns + 1)]
    return (losses[start:end] for start, end in pairwise(ends))


def _mean(losses: Losses) -> float | None:
    """Mean of what was measured; nan as soon as one of them is not finite."""
    known = [loss for loss in losses if loss is not None]
    if not known:
        return None
    return math.fsum(known) / len(known) if all(map(math.isfinite, known)) else math.nan


def _column(height: float | None, low: float, high: float) -> str:
    """The cells of one column from the bottom up; the lowest finite height is still seen."""
    if height is None:
        return " " * CURVE_ROWS
    if not math.isfinite(height):
        return NOT_FINITE.ljust(CURVE_ROWS)
    share = (height - low) / (high - low) if high > low else 0.0
    eighths = 1 + round(share * (CURVE_ROWS * 8 - 1))
    return "".join(BLOCKS[min(max(eighths - row * 8, 0), 8)] for row in range(CURVE_ROWS))
