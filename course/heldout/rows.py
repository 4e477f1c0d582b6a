"""All held-out rows at the end of an epoch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawings.numerals import count, real
from course.replays import replay
from trainer.engine.trace import Trace

NOTHING = "There are no predictions of this run at that point, or no runner is free just now."


@dataclass(frozen=True, slots=True)
class Row:
    """One held-out row, counted from 0: its class, the class predicted, its logits and shares."""

    number: int
    label: int
    predicted: int
    logits: list[float]
    shares: list[float]

    @property
    def right(self) -> bool:
        """Whether the prediction is the class."""
        return self.predicted == self.label

    @property
    def known(self) -> bool:
        """Whether its shares are numbers: otherwise no class is ahead of another."""
        return all(map(math.isfinite, self.shares))

    @property
    def sure(self) -> float:
        """The largest share."""
        return max(self.shares)


def last_epoch(trace: Trace) -> int:
    """The number of the last epoch; 0 where none was begun."""
    epochs = trace.document["epochs"]
    return int(epochs[-1]["epoch"]) if epochs else 0


def last_kept(trace: Trace) -> int:
    """The last epoch at whose end the parameters were kept; 0, before training, if none was."""
    kept = set(trace.tensor("kept_steps").flat)
    ends = ((each["epoch"], each["last_step"]) for each in trace.document["epochs"])
    return max((int(epoch) for epoch, step in ends if step in kept), default=0)


def rows_after(trace: Trace, epoch: int) -> list[Row]:
    """Every held-out row; none where nothing is known of that epoch."""
    found = replay("heldout", trace, epoch)
    if found is None:
        return []
    columns = (found[name] for name in ("labels", "predicted", "logits", "probabilities"))
    every = enumerate(zip(*columns, strict=True))
    return [
        Row(number, label, predicted, [*map(real, logits)], [*map(real, shares)])
        for number, (label, predicted, logits, shares) in every
    ]


def unknown(rows: Sequence[Row]) -> str:
    """How many rows have scores that are no numbers, if any."""
    lost = sum(not row.known for row in rows)
    return f" The shares of {count(lost, 'row')} are not numbers." if lost else ""


def when(epoch: int) -> str:
    """The point in time in words."""
    return f"after epoch {epoch}" if epoch else "before training"
