"""One step computed again by hand from known parameters, with PyTorch as the judge."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tests.trainer.engine import textbook
from trainer.engine.trace import Trace


@dataclass
class Step:
    """What one forward and backward pass gives under the parameters before it."""

    x: Tensor
    y: Tensor
    scaled: Tensor
    hidden: Tensor
    logits: Tensor
    loss: float
    gradients: Tensor


def model_of(flat: Tensor, hidden: int, features: int = 10, classes: int = 3) -> nn.Sequential:
    """A fresh model with these parameters."""
    model = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))
    sizes = [each.numel() for each in model.parameters()]
    for parameter, values in zip(model.parameters(), torch.split(flat, sizes), strict=True):
        parameter.data.copy_(values.view_as(parameter))  # its own memory, as aligned as PyTorch's
    return model


def model_like(trace: Trace, flat: Tensor) -> nn.Sequential:
    """The model of a run with these parameters."""
    data = trace.document["data"]
    return model_of(flat, trace.document["spec"]["hidden"], data["features"], data["classes"])


def batches_of(trace: Trace) -> list[textbook.Pair]:
    """The batches of the whole run, from its settings alone."""
    spec = trace.document["spec"]
    (x, y), _ = textbook.rows_of(spec["dataset"], spec["rows"], spec["data_seed"])
    loader = textbook.default_loader(x, y, spec["batch_size"], spec["seed"])
    return [pair for _ in range(spec["epochs"]) for pair in loader]


def bounds(trace: Trace) -> tuple[Tensor, Tensor]:
    spec = trace.document["spec"]
    (x, _), _ = textbook.rows_of(spec["dataset"], spec["rows"], spec["data_seed"])
    return x.min(dim=0).values, x.max(dim=0).values


def scaled(trace: Trace, x: Tensor) -> Tensor:
    low, high = bounds(trace)
    return (x - low) / torch.where(high > low, high - low, 1.0)


def step_of(trace: Trace, flat: Tensor, pair: textbook.Pair) -> Step:
    """Forward, loss and backward on one raw batch under these parameters."""
    x, y = pair
    model = model_like(trace, flat)
    inputs = scaled(trace, x)
    hidden = model[1](model[0](inputs))
    logits = model[2](hidden)
    loss = nn.CrossEntropyLoss()(logits, y)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    flat_gradients = torch.cat([each.flatten() for each in gradients])
    return Step(x, y, inputs, hidden.detach(), logits.detach(), loss.item(), flat_gradients)


def length(vector: Tensor) -> float:
    """Euclidean length, in double precision."""
    return float(torch.linalg.vector_norm(vector.double()))
