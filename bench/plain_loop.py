"""The unit P: the loop as somebody writes it by hand who wants losses and accuracies, no more.

The one loop in this project beside the program of the engine. It is the yardstick, so it shares
nothing with what is measured but the data: PyTorch's own layers under PyTorch's own seed,
columns scaled once, batches cut by slicing. `bench.equality` shows that both come to the same
bits.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from trainer.engine.data import rows_of
from trainer.engine.spec import PRESETS, RunSpec

torch.set_num_threads(1)

UNIT = PRESETS["bench"]


@dataclass(frozen=True, slots=True)
class Plain:
    """What the loop leaves: loss, accuracy and rows of each step, and the final parameters."""

    losses: list[float]
    accuracies: list[float]
    rows: list[int]
    parameters: list[Tensor]

    @property
    def hits(self) -> list[int]:
        """Rows of each step whose largest logit was at the label."""
        both = zip(self.accuracies, self.rows, strict=True)
        return [round(share * rows) for share, rows in both]


def train(spec: RunSpec = UNIT) -> Plain:
    """Train under a spec. The data are drawn before the first time, not within it."""
    data, _ = rows_of(spec)
    scaled = _scaled(data.x)
    torch.manual_seed(spec.seed)
    columns, classes = data.x.shape[1], len(spec.facts.classes)
    model = nn.Sequential(
        nn.Linear(columns, spec.hidden), nn.ReLU(), nn.Linear(spec.hidden, classes)
    )
    criterion = nn.CrossEntropyLoss()
    optimizer = _optimizer(spec, model)
    generator = torch.Generator().manual_seed(spec.seed)
    losses, accuracies, rows = [], [], []
    for _ in range(spec.epochs):
        order = _order(spec.rows, generator)
        shuffled_x, shuffled_y = scaled[order], data.y[order]
        for start in range(0, spec.rows, spec.batch_size):
            x = shuffled_x[start : start + spec.batch_size]
            y = shuffled_y[start : start + spec.batch_size]
            optimizer.zero_grad()
            logits = model(x)
            loss = criterion(logits, y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            accuracies.append((logits.argmax(dim=1) == y).float().mean().item())
            rows.append(len(y))
    return Plain(losses, accuracies, rows, [each.detach() for each in model.parameters()])


def _scaled(x: Tensor) -> Tensor:
    """Each column from 0 to 1; one that never changes is 0."""
    low, high = x.min(dim=0).values, x.max(dim=0).values
    return (x - low) / (high - low).where(high > low, 1.0)


def _order(rows: int, generator: torch.Generator) -> Tensor:
    """The order of an epoch, as a shuffling `DataLoader` draws it."""
    torch.empty((), dtype=torch.int64).random_(generator=generator)  # its workers' seed
    order = torch.randperm(rows, generator=generator)
    torch.randperm(rows, generator=generator)  # its sampler draws one that it never deals
    return order


def _optimizer(spec: RunSpec, model: nn.Module) -> torch.optim.Optimizer:
    match spec.optimizer:
        case "momentum":
            return torch.optim.SGD(model.parameters(), lr=spec.lr, momentum=0.9)
        case "adam":
            return torch.optim.Adam(model.parameters(), lr=spec.lr)
        case "adamw":
            return torch.optim.AdamW(model.parameters(), lr=spec.lr)
        case "rmsprop":
            return torch.optim.RMSprop(model.parameters(), lr=spec.lr)
    return torch.optim.SGD(model.parameters(), lr=spec.lr)
