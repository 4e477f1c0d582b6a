"""What all peers train: the data of the unit, scaled, and its layers. And the shares to keep."""

from torch import Tensor, nn

from bench.plain_loop import UNIT
from trainer.engine.data import rows_of

NAME = "G3 recorded bench and its charts / {}"
GOAL_NOTEBOOK, GOAL_SKORCH, GOAL_LIGHTNING = 0.75, 0.5, 1 / 3


def scaled() -> tuple[Tensor, Tensor]:
    """Rows (n, 10) with columns from 0 to 1, and their labels (n,)."""
    rows, _ = rows_of(UNIT)
    low, high = rows.x.min(dim=0).values, rows.x.max(dim=0).values
    return (rows.x - low) / (high - low), rows.y


def layers() -> nn.Sequential:
    """A fresh model."""
    return nn.Sequential(nn.Linear(10, UNIT.hidden), nn.ReLU(), nn.Linear(UNIT.hidden, 3))
