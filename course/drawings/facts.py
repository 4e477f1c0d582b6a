"""What the pipeline drawing says of a run, read from its trace once.

Everything here is a fact of this run: what is absent in the trace is None.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.heat import Table
from course.drawings.numerals import count, real, shape
from trainer.engine.trace import Trace, Values
from trainer.engine.vocabulary import VOCABULARY

ROWS, COLUMNS, UNITS = 24, 20, 40
"""The most that is shown of a tensor: its first rows, columns and hidden units."""
CELLS, WEIGHT_CELLS = 240, 400
"""Cells of a batch and of a map of weights: the page is drawn anew at each click."""
WEIGHT_ROWS = 24
"""Rows of a map of weights: inputs, their bias, and outputs below."""
MATRIX = 2
LINEAR_RELU_LINEAR = [2, 1, 2, 1]
"""Axes of the parameters of the one model that has a picture: weight, bias, weight, bias."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The first hidden units of a flat parameter vector, one column per unit.

    inputs: `0.weight` lying down, with `0.bias` as the last row; outputs: `2.weight` as it is;
    biases: `2.bias`, a column of its own.
    """

    inputs: Table
    outputs: Table
    biases: Table

    def numbers(self) -> list[float]:
        """Everything that the three tables show."""
        return self.inputs.numbers() + self.outputs.numbers() + self.biases.numbers()


@dataclass(frozen=True, slots=True)
class Facts:
    """One run as the pipeline drawing needs it. steps: labels of the lines in its program."""

    steps: frozenset[str]
    dataset: str
    rows: tuple[int, list[int]]
    batches: str
    sheets: int
    raw: Table
    rows_in_batch: int
    columns: int
    scaled: tuple[Table, str] | None
    logits: tuple[Table, str] | None
    labels: str
    loss: float | None
    gradients: Weights | None
    weights: Weights | None
    moved: bool | None
    updated: bool
    parameters: int
    units: int
    layout: list[str]
    round: tuple[str, str]


def facts_of(trace: Trace) -> Facts | None:
    """None where the run did not deal a batch."""
    if _matrix(trace, "first.x", ROWS) is None:
        return None
    document = trace.document
    raw, stage = trace.tensor("first.x"), document["stages"][0]
    sheets, rows = _batches(trace), _rows_shown(trace)
    names = [f"{part['name']} {shape(part['shape'])}" for part in document["layout"]]
    before, after = _parameters(trace, 0), _parameters(trace, 1)
    return Facts(
        steps=frozenset(VOCABULARY[line["id"]].label for line in document["program"]),
        dataset=shape(stage["in"]["x"]),
        rows=(stage["in"]["x"][0], [int(row) for row in trace.tensor("first.rows").flat]),
        batches=f"{sheets} × {shape(raw.shape)}",
        sheets=sheets,
        raw=Table.of(raw, rows, COLUMNS),
        rows_in_batch=raw.shape[0],
        columns=raw.shape[1],
        scaled=_matrix(trace, "first.scaled", rows),
        logits=_matrix(trace, "first.logits", rows),
        labels=shape(trace.tensor("first.y").shape),
        loss=_loss(trace),
        gradients=_weights(trace, trace.tensor("first.gradients").flat)
        if trace.has("first.gradients")
        else None,
        weights=_weights(trace, after) if after else None,
        moved=list(before) != list(after) if before and after else None,
        updated=document["updates"] > 0,
        parameters=sum(math.prod(part["shape"]) for part in document["layout"]),
        units=document["spec"]["hidden"],
        layout=names,
        round=_round(trace),
    )


def _rows_shown(trace: Trace) -> int:
    """The same number of rows of every tensor of the batch."""
    columns = min(trace.tensor("first.x").shape[1], COLUMNS)
    widest = max(columns, int(trace.document["data"]["classes"]))
    return max(1, min(ROWS, CELLS // widest))


def _matrix(trace: Trace, name: str, rows: int) -> tuple[Table, str] | None:
    values = trace.tensor(name) if trace.has(name) else None
    if values is None or len(values.shape) != MATRIX:
        return None
    return Table.of(values, rows, COLUMNS), shape(values.shape)


def _loss(trace: Trace) -> float | None:
    """The loss of step 1, if it was one number."""
    steps = trace.document["steps"]
    found = steps[0]["loss"] if steps else None
    return None if found is None else real(found)


def _parameters(trace: Trace, step: int) -> Sequence[float] | None:
    """All parameters after a step, or None where that is not stored."""
    if not trace.has("kept_steps") or step not in (kept := list(trace.tensor("kept_steps").flat)):
        return None
    return trace.tensor("parameters")[kept.index(step)].flat


def _weights(trace: Trace, flat: Sequence[float]) -> Weights | None:
    """None for a model that is not linear, ReLU, linear: its tensors need another picture."""
    shapes = [tuple(part["shape"]) for part in trace.document["layout"]]
    if [len(each) for each in shapes] != LINEAR_RELU_LINEAR or shapes[0][0] != shapes[2][1]:
        return None
    starts = [sum(math.prod(each) for each in shapes[:index]) for index in range(len(shapes))]
    parts = [Values(s, flat[a : a + math.prod(s)]) for s, a in zip(shapes, starts, strict=True)]
    inputs = max(1, min(shapes[0][1], WEIGHT_ROWS - 1 - shapes[2][0]))
    units = max(1, min(UNITS, WEIGHT_CELLS // (inputs + 1 + shapes[2][0])))
    weight = Table.of(parts[0], units, inputs).lying()
    bias = Table.of(parts[1], 1, units)
    outputs, biases = Table.of(parts[2], COLUMNS, units), Table.of(parts[3], 1, COLUMNS)
    return Weights(Table([*weight.rows, *bias.rows]), outputs, biases.lying())


def _batches(trace: Trace) -> int:
    """Batches of an epoch: those that were dealt, or, in a run that ended early, those due."""
    document = trace.document
    if document["status"] == "finished":
        return int(document["stages"][0]["out"]["batches"])
    rows, size = int(document["data"]["train_rows"]), int(document["spec"]["batch_size"])
    return math.ceil(rows / size)


def _round(trace: Trace) -> tuple[str, str]:
    """How often the loop went round, counted in the trace."""
    document = trace.document
    steps, epochs, batches = len(document["steps"]), len(document["epochs"]), _batches(trace)
    done = f"{count(steps, 'step')}, {count(document['updates'], 'update')}"
    if steps != epochs * batches:
        return f"ended in step {steps:,}", done
    return f"{batches:,} per epoch, {count(epochs, 'epoch')}", f"= {done}"
