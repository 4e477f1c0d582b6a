"""What an optimizer carries from step to step, at every few steps of a run.

With the parameters of the same step it is all that a step needs of those before it, where the
program itself hands on nothing else. Kept so that a step can be had again without all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

EVERY = 4
"""Steps from one to the next, until the room is full; then twice as many, and so on."""
ROOM = 2**20


@dataclass(slots=True)
class Carried:
    """By step: each tensor of the optimizer's state, flat, over all parameters."""

    every: int = EVERY
    at: dict[int, dict[str, Tensor]] = field(default_factory=dict)

    def keep(self, step: int, optimizer: object, live: Sequence[nn.Parameter]) -> None:
        """Copy the state after a step, if it is one of these and the optimizer has a state."""
        if step % self.every or not isinstance(optimizer, Optimizer) or not optimizer.state:
            return
        found = state_of(optimizer, live)
        if found:
            self.at[step] = found
            self._make_room()

    def _make_room(self) -> None:
        size = sum(tensor.nbytes for tensor in next(iter(self.at.values())).values())
        while len(self.at) * size > ROOM and len(self.at) > 1:
            self.every *= 2
            self.at = {step: kept for step, kept in self.at.items() if step % self.every == 0}


def state_of(optimizer: Optimizer, live: Sequence[nn.Parameter]) -> dict[str, Tensor]:
    """Each tensor of the state, flat, in the order of the parameters.

    Empty where a parameter has none, or another kind than the first.
    """
    states = [
        {name: value for name, value in optimizer.state.get(each, {}).items() if _carries(value)}
        for each in live
    ]
    if not states or any(state.keys() != states[0].keys() for state in states):
        return {}
    return {name: torch.cat([state[name].reshape(-1) for state in states]) for name in states[0]}


def restore(optimizer: Optimizer, live: Sequence[nn.Parameter], kept: dict[str, Tensor]) -> None:
    """Give an optimizer that has made no step the state that `state_of` found."""
    for name, flat in kept.items():
        whole = len(flat) != len(live)  # else a number per parameter, as Adam counts its steps
        sizes = [each.numel() if whole else 1 for each in live]
        for each, part in zip(live, torch.split(flat, sizes), strict=True):
            optimizer.state[each][name] = part.clone().view(each.shape if whole else ())


def _carries(value: object) -> bool:
    return isinstance(value, Tensor)
