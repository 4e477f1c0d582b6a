"""What a program's names hold at one moment: tensors to the bit, everything else in a few words.

Looking changes nothing: values are copied, and no optimizer is asked for state that it lacks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Literal

from torch import Tensor, nn
from torch.optim import Optimizer

Group = Literal["name", "parameter", "gradient", "state", "rows"]

LONGEST = 60
"""Characters of a plain value."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing as it was: of which group, of which kind, and what it held.

    kind: `tensor`, or the class of what is none. text: what is no tensor, in a few words. bits:
    the bytes of a tensor, by which it is told whether it changed; copy: its numbers.
    """

    group: Group
    kind: str
    text: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    requires_grad: bool = False
    grad_fn: str = ""
    bits: bytes = field(default=b"", repr=False)
    copy: Tensor | None = field(default=None, compare=False, repr=False)


State = dict[str, Seen]
"""By path: `x`, `0.weight`, `0.weight.grad`, `0.weight.exp_avg`."""


def state_of(names: Mapping[str, Any], given: frozenset[str]) -> State:
    """Everything that the program has bound, the parameters of `model`, and their optimizer's."""
    state = {
        name: _named(name, value)
        for name, value in names.items()
        if name not in given and not name.startswith("__") and not _is_tool(value)
    }
    model, optimizer = names.get("model"), names.get("optimizer")
    for name, parameter in parameters_of(model):
        state[name] = of_tensor("parameter", parameter)
        if parameter.grad is not None:
            state[f"{name}.grad"] = of_tensor("gradient", parameter.grad)
        state |= {
            f"{name}.{key}": of_tensor("state", value) for key, value in _kept(optimizer, parameter)
        }
    return state


def parameters_of(model: object) -> list[tuple[str, nn.Parameter]]:
    """Names and parameters of a model; of what is no model, none."""
    return list(model.named_parameters()) if isinstance(model, nn.Module) else []


def of_tensor(group: Group, value: Tensor) -> Seen:
    """A tensor, copied."""
    copy = value.detach().clone().contiguous()
    return Seen(
        group,
        "tensor",
        shape=tuple(value.shape),
        dtype=str(value.dtype).removeprefix("torch."),
        requires_grad=value.requires_grad,
        grad_fn=value.grad_fn.name() if value.grad_fn else "",
        bits=copy.numpy().tobytes(),
        copy=copy,
    )


def _named(name: str, value: object) -> Seen:
    if isinstance(value, Tensor):
        return of_tensor("name", value)
    return Seen("name", type(value).__name__, _words(name, value))


def _words(name: str, value: object) -> str:
    if isinstance(value, int | float | str | tuple):
        return repr(value)[:LONGEST]
    if isinstance(value, Optimizer):
        return f"lr = {value.param_groups[0]['lr']!r}"
    if name == "model" and isinstance(value, nn.Module):
        return "training mode" if value.training else "eval mode"
    return ""


def _is_tool(value: object) -> bool:
    """Modules, classes and functions are what programs are made of, not what they compute."""
    return isinstance(value, ModuleType | type | FunctionType)


def _kept(optimizer: object, parameter: nn.Parameter) -> Iterator[tuple[str, Tensor]]:
    """What an optimizer keeps of a parameter, by name: its own order is that of being made."""
    if not isinstance(optimizer, Optimizer):
        return
    for key, value in sorted((optimizer.state.get(parameter) or {}).items()):
        if isinstance(value, Tensor):
            yield key, value
