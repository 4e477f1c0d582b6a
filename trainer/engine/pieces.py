"""What the lines of a program name beside torch: rows, scaler, layer, and the data itself.

This file is also part of every `script.py`, word for word, so it stands alone.
"""

import math
from array import array
from typing import Self

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset


class Rows(Dataset[tuple[Tensor, Tensor]]):
    """Rows of a data set: `x` of shape (n, features), raw units, and labels `y` of shape (n,)."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.x)

    def __getitems__(self, indices: list[int]) -> tuple[Tensor, Tensor]:
        """A whole batch at once: the same rows in the same order as one by one, sooner."""
        rows = torch.frombuffer(array("q", indices), dtype=torch.int64)
        return self.x.index_select(0, rows), self.y.index_select(0, rows)


class MinMaxScaler:
    """Maps the smallest value of each fitted column to 0 and the largest to 1.

    A column that never changes has no span to divide by. It is divided by 1, so it becomes 0.
    """

    low: Tensor
    high: Tensor
    span: Tensor

    def fit(self, x: Tensor) -> Self:
        """Learn the bounds of each column of `x` (n, features)."""
        self.low, self.high = x.min(dim=0).values, x.max(dim=0).values
        self.span = torch.where(self.high > self.low, self.high - self.low, 1.0)
        return self

    def __call__(self, x: Tensor) -> Tensor:
        """Scale rows (n, features) by the bounds that were learnt."""
        return (x - self.low) / self.span


class Linear(nn.Linear):
    """`nn.Linear` whose starting weights come from a generator of one's own.

    Same distribution and, for the same seed, the same bits as PyTorch's default.
    """

    def __init__(self, inputs: int, outputs: int, *, generator: torch.Generator) -> None:
        self.generator = generator
        super().__init__(inputs, outputs)

    def reset_parameters(self) -> None:
        """Draw weights and biases as `nn.Linear` does, in the same order."""
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5), generator=self.generator)
        bound = 1 / math.sqrt(self.in_features)
        nn.init.uniform_(self.bias, -bound, bound, generator=self.generator)


def altered(train: Rows, heldout: Rows, wanted: str, data_seed: int) -> tuple[Rows, Rows]:
    """Copies of the rows with something done to them: `wanted` names what, in this order."""
    names, (x, y) = wanted.split(","), (train.x.clone(), train.y)
    held = heldout.x.clone()
    if "shuffled-labels" in names:
        y = y[torch.randperm(len(y), generator=torch.Generator().manual_seed(data_seed))]
    if "label-leak" in names:
        x = torch.cat([x, y.unsqueeze(1)], dim=1)
        held = torch.cat([held, heldout.y.unsqueeze(1)], dim=1)
    if "constant-column" in names:
        held[:, 0] = x[:, 0] = x[0, 0].clone()
    if "outlier" in names:
        x[0, 1] = 100 * x[:, 1].max()
    if "sorted-labels" in names:
        order = y.argsort(stable=True)
        x, y = x[order], y[order]
    return Rows(x, y), Rows(held, heldout.y)


def synthetic(rows: int, data_seed: int) -> tuple[Rows, Rows]:
    """Training and held-out rows: ten made-up measurements, three classes.

    A label is the class with the largest of three weighted sums plus Gumbel noise. Both
    sets are drawn at full size and the first `rows` training rows kept, so `rows` never
    changes the hidden rule.
    """
    draw = torch.Generator().manual_seed(data_seed)
    x = torch.rand(1000, 10, generator=draw) * 100
    rule = torch.randn(10, 3, generator=draw)

    def label(x: Tensor) -> Tensor:
        score = ((x - 50) / 28.87) @ rule * 10 / math.sqrt(10)
        noise = -torch.log(-torch.log(torch.rand(len(x), 3, generator=draw)))
        return (score + noise).argmax(dim=1)

    y = label(x)
    heldout_x = torch.rand(500, 10, generator=draw) * 100
    heldout = Rows(heldout_x, label(heldout_x))
    return Rows(x[:rows], y[:rows]), heldout


def table_of(text: str) -> Tensor:
    """Numbers of a CSV text, (n, columns): a line of names, then a line per row."""
    lines = text.splitlines()[1:]
    return torch.tensor([[float(number) for number in line.split(",")] for line in lines])


def split(table: Tensor, most: int, rows: int, data_seed: int) -> tuple[Rows, Rows]:
    """Training and held-out rows of a table (n, features + 1) whose last column is the class.

    Shuffled once. The first `most` rows are there to train on and `rows` of them are kept; all
    that follow are held out, so `rows` never changes which these are.
    """
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(data_seed))
    x, y = table[order, :-1], table[order, -1].long()
    return Rows(x[:rows], y[:rows]), Rows(x[most:], y[most:])
