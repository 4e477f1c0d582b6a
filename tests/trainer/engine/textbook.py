"""The loop as a textbook writes it, and the data by its published rule: nothing of the engine.

What the engine gives is compared with this, bit by bit.
"""

import csv
import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from tests.sources import ROOT

Pair = tuple[Tensor, Tensor]


@dataclass
class Course:
    """What happened in a textbook run: per batch, per epoch, and the parameters over time."""

    batches: list[Pair] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    running_losses: list[float] = field(default_factory=list)
    running_accuracies: list[float] = field(default_factory=list)
    heldout_accuracies: list[float] = field(default_factory=list)
    parameters: list[Tensor] = field(default_factory=list)


def data(rows: int = 1000, data_seed: int = 1) -> tuple[Pair, Pair]:
    """Training and held-out rows: uniform columns, a random linear rule, Gumbel noise."""
    g = torch.Generator().manual_seed(data_seed)
    x = torch.rand(1000, 10, generator=g) * 100
    weights = torch.randn(10, 3, generator=g)

    def labels(x: Tensor) -> Tensor:
        gumbel = -torch.log(-torch.log(torch.rand(len(x), 3, generator=g)))
        return torch.argmax((x - 50) / 28.87 @ weights * 10 / math.sqrt(10) + gumbel, dim=1)

    y = labels(x)
    heldout_x = torch.rand(500, 10, generator=g) * 100
    heldout_y = labels(heldout_x)
    return (x[:rows], y[:rows]), (heldout_x, heldout_y)


def rows_of(dataset: str, rows: int, data_seed: int) -> tuple[Pair, Pair]:
    """Training and held-out rows of any data set; a file is shuffled and cut at two thirds."""
    if dataset == "synthetic":
        return data(rows, data_seed)
    numbers = torch.tensor([[float(cell) for cell in line] for line in _file(dataset)[1:]])
    order = torch.randperm(len(numbers), generator=torch.Generator().manual_seed(data_seed))
    x, y = numbers[order][:, :-1], numbers[order][:, -1].to(torch.int64)
    cut = {"iris": 100, "wine": 118, "digits": 1200}[dataset]
    return (x[:rows], y[:rows]), (x[cut:], y[cut:])


def _file(dataset: str) -> list[list[str]]:
    path = ROOT / "trainer" / "engine" / "datasets" / f"{dataset}.csv"
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def default_model(hidden: int, seed: int) -> nn.Sequential:
    """PyTorch's own default start under a global seed, which is put back afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(10, hidden), nn.ReLU(), nn.Linear(hidden, 3))


def default_loader(x: Tensor, y: Tensor, batch_size: int, seed: int) -> DataLoader[Pair]:
    """A loader that asks for single rows and stacks them."""
    g = torch.Generator().manual_seed(seed)
    dataset: TensorDataset = TensorDataset(x, y)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=g)  # type: ignore[arg-type]


def make_optimizer(name: str, model: nn.Module, lr: float) -> torch.optim.Optimizer:
    match name:
        case "sgd":
            return torch.optim.SGD(model.parameters(), lr=lr)
        case "momentum":
            return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        case "adam":
            return torch.optim.Adam(model.parameters(), lr=lr)
        case "adamw":
            return torch.optim.AdamW(model.parameters(), lr=lr)
    return torch.optim.RMSprop(model.parameters(), lr=lr)


def train(  # noqa: PLR0913 - a textbook loop, read from top to bottom
    *,
    rows: int = 1000,
    batch_size: int = 100,
    epochs: int = 5,
    hidden: int = 16,
    optimizer: str = "adam",
    lr: float = 0.02,
    seed: int = 138,
    clear: bool = True,
) -> Course:
    """Train; with `clear=False` the gradients of all batches add up."""
    (x, y), (heldout_x, heldout_y) = data(rows)
    low, high = x.min(0).values, x.max(0).values
    model = default_model(hidden, seed)
    loader = default_loader(x, y, batch_size, seed)
    criterion = nn.CrossEntropyLoss()
    update = make_optimizer(optimizer, model, lr)
    course = Course()

    def snapshot() -> Tensor:
        return torch.cat([p.detach().flatten() for p in model.parameters()]).clone()

    course.parameters.append(snapshot())
    for _ in range(epochs):
        total_loss, correct = 0.0, 0
        for batch_x, batch_y in loader:
            course.batches.append((batch_x, batch_y))
            scaled = (batch_x - low) / (high - low)
            if clear:
                update.zero_grad()
            logits = model(scaled)
            loss = criterion(logits, batch_y)
            loss.backward()
            update.step()
            course.losses.append(loss.item())
            course.parameters.append(snapshot())
            total_loss += loss.item() * len(batch_x)
            correct += int((logits.argmax(1) == batch_y).sum())
        course.running_losses.append(total_loss / len(x))
        course.running_accuracies.append(correct / len(x))
        with torch.no_grad():
            hits = model((heldout_x - low) / (high - low)).argmax(1) == heldout_y
        course.heldout_accuracies.append(int(hits.sum()) / len(heldout_y))
    return course
