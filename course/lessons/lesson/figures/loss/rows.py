"""The losses of the rows of one step, as the figures of this lesson need them."""

import math
from dataclasses import dataclass

from course.drawings.numerals import finite
from course.lessons.lesson.figure import Control, Shown
from course.lessons.pipeline.wording import count
from course.replays import Replayed, replay
from trainer.engine.trace import as_float

CLOSE = 1e-4


@dataclass(frozen=True, slots=True)
class Rows:
    """Losses of a step's rows that are finite, in the order dealt; `dropped` are the others.

    is_loss: their mean is what the program's own loss line made of the batch.
    """

    replayed: Replayed
    losses: list[float]
    dropped: int
    is_loss: bool

    @property
    def mean(self) -> float:
        """Mean of the finite ones."""
        return math.fsum(self.losses) / len(self.losses)

    @property
    def left_out(self) -> str:
        """A sentence about the others, if there are any."""
        if not self.dropped:
            return ""
        has, is_ = ("has", "is") if self.dropped == 1 else ("have", "are")
        return f" {count(self.dropped, 'row')} {has} no finite loss and {is_} left out."


def step_control(given: Shown) -> Control | None:
    """A step of the reader's choice; at first the last one that has a finite loss."""
    steps = given.trace.document["steps"]
    if not steps:
        return None
    losses = {each["step"]: as_float(each["loss"]) for each in steps}
    good = [step for step, loss in losses.items() if loss is not None and math.isfinite(loss)]
    return given.number("step", "Step", (1, len(steps)), good[-1] if good else 1)


def rows_of(given: Shown, step: int) -> Rows | None:
    """None where the step computed no loss per row."""
    found = replay("step", given.trace, step)
    if found is None or not found.get("row_losses"):
        return None
    every = [float(each) for each in found["row_losses"]]
    losses = finite(every)
    rows = Rows(found, losses, len(every) - len(losses), is_loss=False)
    loss = found.get("loss")
    if not losses or rows.dropped or isinstance(loss, list | None):
        return rows
    is_loss = math.isclose(float(loss), rows.mean, rel_tol=CLOSE, abs_tol=CLOSE)
    return Rows(found, losses, 0, is_loss)
