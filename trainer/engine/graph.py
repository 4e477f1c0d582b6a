"""The autograd graph behind a tensor, and the way of the gradients through it.

Nodes are watched by hooks that return nothing, so what passes them stays as it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import Node
from torch.utils.hooks import RemovableHandle

from trainer.engine.trace import number

SHOWN = 48
"""Nodes that are told one by one: graphs may go back over many steps."""
COUNTED = 5_000
"""Nodes that are counted at most."""


@dataclass(slots=True)
class Graph:
    """Nodes from a tensor backwards, nearest first; edges lead from a node to what it came from.

    An edge to None leads to something that asks for no gradient. left_out: nodes beyond `SHOWN`.
    """

    nodes: list[Node]
    edges: list[tuple[int, int | None]]
    left_out: int

    def as_dict(self, named: Mapping[int, str]) -> dict[str, Any]:
        """As strict JSON; `named`: the names of parameters by their identity."""
        return {
            "nodes": [_described(node, named) for node in self.nodes],
            "edges": [list(edge) for edge in self.edges],
            "left_out": self.left_out,
        }


def graph_of(root: Node) -> Graph:
    """The graph behind a node: breadth first, so that what is left out lies farthest."""
    nodes, places = [root], {root: 0}
    edges: list[tuple[int, int | None]] = []
    for at, node in enumerate(nodes):
        if len(nodes) > COUNTED:
            break
        for behind, _ in node.next_functions:
            if behind is not None and behind not in places:
                places[behind] = len(nodes)
                nodes.append(behind)
            edges.append((at, None if behind is None else places[behind]))
    shown = [edge for edge in edges if edge[0] < SHOWN and (edge[1] or 0) < SHOWN]
    return Graph(nodes[:SHOWN], shown, max(0, len(nodes) - SHOWN))


def _described(node: Node, named: Mapping[int, str]) -> dict[str, Any]:
    # What a node has put out is written nowhere else.
    made = node._input_metadata  # noqa: SLF001
    leaf = getattr(node, "variable", None)
    return {
        "op": node.name().rpartition("::")[2],
        "shape": list(made[0].shape) if made else [],
        "leaf": leaf is not None,
        "parameter": named.get(id(leaf), "") if leaf is not None else "",
    }


@dataclass(slots=True)
class Flow:
    """Notes at which nodes a backward pass arrives, in order, and how long a gradient it brings."""

    visits: list[tuple[int, float]] = field(default_factory=list)
    _handles: list[RemovableHandle] = field(default_factory=list)

    def watch(self, graph: Graph) -> None:
        """Listen at every node that is told."""
        self._handles += [
            node.register_prehook(partial(self._arrived, index))
            for index, node in enumerate(graph.nodes)
        ]

    def _arrived(self, index: int, gradients: Sequence[Tensor | None]) -> None:
        lengths = [torch.linalg.vector_norm(each).item() for each in gradients if each is not None]
        self.visits.append((index, math.hypot(*lengths)))

    def close(self) -> None:
        """Listen no more."""
        for handle in self._handles:
            handle.remove()

    def as_list(self) -> list[list[Any]]:
        """Node and length of the gradient, in the order in which they were visited."""
        return [[index, number(length)] for index, length in self.visits]
