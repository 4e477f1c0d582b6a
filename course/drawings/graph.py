"""An autograd graph in layers: parameters above, `loss` at the bottom. Knows no run.

As wide as its frame, from 260 px on: nodes stand in three columns, at shares of the width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.safestring import SafeString

from course.drawings.fluid import at, percent
from course.drawings.numerals import decimal, shape
from course.drawings.svg import Told, arrow_head, circle, drawing, line, rect, text

COLUMNS = (1 / 6, 1 / 2, 5 / 6)
WIDTH, HEIGHT, VISITED = 84, 44, 62
"""Of a node's box; higher where a gradient has arrived."""
GAP, TOP = 34, 8


@dataclass(frozen=True, slots=True)
class Node:
    """An operation, a leaf, or, without an operation, something that asks for no gradient.

    visits: at which place of the backward pass it was reached, and the length that arrived.
    """

    op: str
    shape: str
    parameter: str
    leaf: bool
    made_from: tuple[int, ...]
    visits: tuple[tuple[int, float], ...]

    @property
    def name(self) -> str:
        """Short enough for its box."""
        if not self.op:
            return "no gradient"
        if self.leaf:
            return self.parameter or "a leaf"
        return self.op.partition("Backward")[0]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Nodes from the loss backwards, in layers: how far each is from the loss at most."""

    nodes: Sequence[Node]
    layers: Sequence[int]
    left_out: int

    @classmethod
    def of(cls, graph: Mapping[str, Any], visits: Sequence[tuple[int, float]]) -> "Drawn":
        """Read the graph of a replay and the visits of a backward pass through it."""
        edges = _with_nothings(graph["edges"], len(graph["nodes"]))
        nothing = {"op": "", "shape": [], "leaf": True, "parameter": ""}
        told = [*graph["nodes"], *[nothing] * (_count(graph["edges"]))]
        nodes = [
            Node(
                each["op"], shape(each["shape"]) if each["op"] else "", each["parameter"],
                each["leaf"], tuple(behind for node, behind in edges if node == index),
                tuple((n, length) for n, (node, length) in enumerate(visits, 1) if node == index),
            )
            for index, each in enumerate(told)
        ]  # fmt: skip
        return cls(nodes, _layers(nodes), graph["left_out"])


def _count(edges: Sequence[Sequence[int | None]]) -> int:
    return sum(behind is None for _, behind in edges)


def _with_nothings(edges: Sequence[Sequence[int | None]], nodes: int) -> list[tuple[int, int]]:
    """Edges to nothing lead to a node of their own, behind all others."""
    made, found = nodes, []
    for node, behind in edges:
        found.append((int(node or 0), made if behind is None else behind))
        made += behind is None
    return found


def _layers(nodes: Sequence[Node]) -> list[int]:
    """The longest way from the loss to each node; there are no rings in such a graph."""
    layers = [0] * len(nodes)
    for _ in nodes:
        before = list(layers)
        for index, node in enumerate(nodes):
            for behind in node.made_from:
                layers[behind] = max(layers[behind], layers[index] + 1)
        if layers == before:
            break
    return layers


def autograd_graph(drawn: Drawn, told: Told) -> SafeString:
    """Arrows go the way of the forward pass, or back once gradients have come through."""
    rows = _rows(drawn)
    back = any(node.visits for node in drawn.nodes)
    height = VISITED if back else HEIGHT
    places = _places(drawn, rows, height)
    floor = TOP + len(rows) * (height + GAP) - GAP + 30
    arrows = [
        _arrow(places[behind], places[index], height, back=back)
        for index, node in enumerate(drawn.nodes)
        for behind in node.made_from
    ]
    boxes = [
        at(100 * x, _box(node, y, height)) for node, (x, y) in zip(drawn.nodes, places, strict=True)
    ]
    x, y = places[0]
    loss = at(100 * x, text(0, y + height + 20, "loss", "t-code mid"))
    return drawing(("100%", floor), told, *arrows, *boxes, loss)


def _rows(drawn: Drawn) -> list[list[int]]:
    """Nodes of each layer, farthest first; a layer of more than three takes several rows."""
    rows = []
    for layer in range(max(drawn.layers), -1, -1):
        here = [index for index, its in enumerate(drawn.layers) if its == layer]
        rows += [here[start : start + len(COLUMNS)] for start in range(0, len(here), len(COLUMNS))]
    return rows


def _places(drawn: Drawn, rows: list[list[int]], height: int) -> list[tuple[float, float]]:
    """Share of the width and top of each node: near to what was made of it."""
    across = [COLUMNS[1]] * len(drawn.nodes)
    users: dict[int, int] = {}
    for index, node in enumerate(drawn.nodes):
        for behind in node.made_from:
            users.setdefault(behind, index)
    tops = [0.0] * len(drawn.nodes)
    for row, here in reversed(list(enumerate(rows))):
        wanted = sorted(here, key=lambda index: (across[users.get(index, 0)], index))
        ways = list(combinations(COLUMNS, len(here)))
        near = [[across[users.get(index, 0)] for index in wanted]] * len(ways)
        best = min(zip(ways, near, strict=True), key=_strain)[0]
        for index, place in zip(wanted, best, strict=True):
            across[index], tops[index] = place, TOP + row * (height + GAP)
    return list(zip(across, tops, strict=True))


def _strain(pair: tuple[Sequence[float], Sequence[float]]) -> float:
    return sum(abs(place - wanted) for place, wanted in zip(*pair, strict=True))


def _arrow(
    above: tuple[float, float], below: tuple[float, float], height: int, *, back: bool
) -> str:
    """Down, across and down again; its head is at the end that it leads to."""
    (x, top), (end, floor) = above, below
    start, turn = top + height, floor - (0.4 if back else 0.6) * GAP
    lines = [
        line((percent(x), start), (percent(x), turn), "arrow"),
        line((percent(x), turn), (percent(end), turn), "arrow"),
        line((percent(end), turn), (percent(end), floor), "arrow"),
    ]
    head = arrow_head(0, start + 1, "up") if back else arrow_head(0, floor - 1, "down")
    return "".join([*lines, at(100 * (x if back else end), head)])


def _box(node: Node, y: float, height: int) -> str:
    left = -WIDTH / 2
    tint = "s3-tint" if node.op and not node.leaf else "box"
    edge = "s3-line" if node.op and not node.leaf else "rule"
    parts = [rect(left, y, WIDTH, height, tint, rx=4), rect(left, y, WIDTH, height, edge, rx=4)]
    if not node.op:
        return "".join([*parts, text(0, y + height / 2 + 4, node.name, "t-small mid")])
    kind = "t-code" if node.leaf else "t-small"
    parts += [text(0, y + 18, node.name, f"{kind} mid"), text(0, y + 36, node.shape, "t-code mid")]
    if node.visits:
        order, length = node.visits[-1]
        parts.append(text(0, y + 54, decimal(length), "t-small mid"))
        parts.append(circle(left + 6, y, 10, "ink") + _order(left + 6, y, order))
    return "".join(parts)


def _order(x: float, y: float, order: int) -> str:
    return text(x, y + 4, str(order), "t-small on-ink mid")


def graph_rows(drawn: Drawn) -> list[list[str]]:
    """The same as table rows: node, parameter, shape, made from, order and length of the visit."""
    rows = []
    for index, node in enumerate(drawn.nodes):
        if not node.op:
            continue
        from_ = [str(behind) for behind in node.made_from if drawn.nodes[behind].op]
        orders = ", ".join(str(order) for order, _ in node.visits)
        lengths = ", ".join(decimal(length) for _, length in node.visits)
        made = ", ".join(from_) or "–"
        stands_for = node.name if node.leaf else "–"
        rows.append(
            [f"{index} {node.op}", stands_for, node.shape, made, orders or "–", lengths or "–"]
        )
    return rows
