"""A replayed row as drawings and tables read it: its values as floats, under their names."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course.drawings.numerals import count, decimal, real, signed
from trainer.engine.names import Names

Replayed = Mapping[str, Any]
"""What a replay of a row hands over; a number that is not finite is a word in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row in every layer of the model, and its prediction.

    number, label: None for a row that somebody typed in; epoch: after which the model stands, None
    for the end of training.
    """

    number: int | None
    raw: list[float]
    scaled: list[float]
    before: list[float]
    hidden: list[float]
    logits: list[float]
    probabilities: list[float]
    predicted: int
    label: int | None
    epoch: int | None

    @classmethod
    def of(cls, replayed: Replayed) -> "Row":
        """Read the dictionary of a replay."""

        def layer(name: str) -> list[float]:
            return [real(value) for value in replayed[name]]

        return cls(
            number=replayed["row"],
            raw=layer("raw"),
            scaled=layer("scaled"),
            before=layer("hidden_before"),
            hidden=layer("hidden"),
            logits=layer("logits"),
            probabilities=layer("probabilities"),
            predicted=replayed["predicted"],
            label=replayed["label"],
            epoch=replayed.get("epoch"),
        )

    @property
    def title(self) -> str:
        """Which row it is, and through which model it goes."""
        row = "A typed row" if self.number is None else f"Held-out row {self.number}"
        if self.epoch is None:
            return f"{row} through the trained model"
        when = f"after epoch {self.epoch}" if self.epoch else "before training"
        return f"{row} through the model {when}"

    @property
    def right(self) -> bool:
        """Whether the prediction is the label."""
        return self.predicted == self.label

    @property
    def verdict(self) -> str:
        """Right or not, where that is known; of logits that are no numbers none is the largest."""
        if any(math.isnan(value) for value in self.logits):
            return "argmax of nan"
        if self.label is None:
            return ""
        return "right" if self.right else "not right"

    @property
    def zeros(self) -> str:
        """How many hidden units are zero for this row."""
        zeros = sum(value == 0 for value in self.hidden)
        return f"{zeros:,} of {count(len(self.hidden), 'unit')} {'is' if zeros == 1 else 'are'} 0"


def prediction_rows(replayed: Replayed, names: Names) -> list[tuple[str, str, str]]:
    """Every value of the prediction drawing as table rows: layer, name, number."""
    row = Row.of(replayed)
    inputs = [f"x[{index}] {names.feature(index)}".strip() for index in range(len(row.raw))]
    units = [f"h[{index}]" for index in range(len(row.hidden))]
    classes = [names.label(index) for index in range(len(row.logits))]
    layers = (
        ("input, raw", inputs, [decimal(value) for value in row.raw]),
        ("input, scaled", inputs, [decimal(value) for value in row.scaled]),
        ("hidden, before ReLU", units, [signed(value) for value in row.before]),
        ("hidden, after ReLU", units, [decimal(value) for value in row.hidden]),
        ("logits", classes, [signed(value) for value in row.logits]),
        ("softmax", classes, [decimal(value) for value in row.probabilities]),
    )
    return [
        (layer, name, number)
        for layer, called, numbers in layers
        for name, number in zip(called, numbers, strict=True)
    ]
