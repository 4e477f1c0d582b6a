"""The graph behind a loss, the slider's row of steps, and maps of tall and wide tensors."""

import math

import pytest

from course.drawings.graph import Drawn, autograd_graph, graph_rows
from course.drawings.heat import Table
from course.drawings.scrubber import Passed, scrubber
from course.drawings.svg import Told
from course.drawings.weight_map import Axes, weight_map
from tests.course.drawings.svg import parsed
from tests.course.inside.steps.runs import RUNS
from tests.trainer.engine.conftest import patient
from trainer.engine.moments import moments

__all__ = ["patient"]

TOLD = Told("A drawing", "What is to be seen.")


def graph_of(name: str, *, back: bool) -> Drawn:
    told = moments(RUNS[name](), 2)
    visits = [tuple(each) for each in told["flows"][0]["visits"]] if back else []
    return Drawn.of(told["graphs"][0], visits)


def words(svg: str) -> list[str]:
    return [node.text or "" for node in parsed(svg).iter("text")]


@pytest.mark.parametrize("name", ["short", "digits", "one unit", "accumulating", "one hot"])
@pytest.mark.parametrize("back", [False, True])
def test_a_graph_is_drawn_from_its_parameters_to_the_loss(name: str, back: bool) -> None:
    drawn = graph_of(name, back=back)
    found = words(autograd_graph(drawn, TOLD))
    for parameter in ("0.weight", "0.bias", "2.weight", "2.bias"):
        assert found.count(parameter) == 1
    assert found[-1] == "loss"
    assert "no gradient" in found


def test_layers_lead_from_what_is_made_to_what_it_is_made_from() -> None:
    drawn = graph_of("short", back=False)
    for index, node in enumerate(drawn.nodes):
        for behind in node.made_from:
            assert drawn.layers[behind] > drawn.layers[index]
    assert drawn.layers[0] == 0


def test_no_two_nodes_stand_in_one_place() -> None:
    root = parsed(autograd_graph(graph_of("short", back=True), TOLD))
    boxes = [
        (part.get("x"), node.get("x"), node.get("y"))
        for part in root.iter("svg")
        for node in part.findall("rect")
        if node.get("class") in ("s3-tint", "box")
    ]
    assert len(boxes) == len(set(boxes)) == 12


def test_the_order_of_the_way_back_is_written_at_each_node() -> None:
    drawn = graph_of("short", back=True)
    found = words(autograd_graph(drawn, TOLD))
    assert {str(order) for order in range(1, 12)} <= set(found)
    rows = graph_rows(drawn)
    assert len(rows) == 11
    assert sorted(int(row[4]) for row in rows) == list(range(1, 12))
    assert all(row[4:] == ["–", "–"] for row in graph_rows(graph_of("short", back=False)))


@pytest.mark.parametrize("now", [1, 7, 12])
@pytest.mark.parametrize("odd", [None, math.nan, math.inf, 1e30, -3.0])
def test_the_row_of_steps_is_drawn_with_whatever_losses(now: int, odd: float | None) -> None:
    steps = [Passed(1 + place // 5, 1.0 / (1 + place)) for place in range(12)]
    steps[6] = Passed(2, odd)
    found = words(scrubber(TOLD, steps, now))
    assert {"epoch 1", "epoch 2", "epoch 3"} <= set(found)
    assert sum(each.startswith(("loss", "no loss")) for each in found) == 1


def test_a_long_run_is_drawn_in_few_points() -> None:
    steps = [Passed(1 + place // 10, 1.0) for place in range(2_000)]
    svg = scrubber(TOLD, steps, 1_000)
    assert len(parsed(svg).findall("rect")) == 200
    assert sum(each.startswith("epoch") for each in words(svg)) <= 5


def test_steps_without_any_loss_are_drawn() -> None:
    assert "no loss" in words(scrubber(TOLD, [Passed(1, None)], 1))


@pytest.mark.parametrize(("rows", "columns"), [(1, 500), (100, 10), (16, 64), (65, 16), (3, 1)])
def test_a_map_names_few_rows_and_columns(rows: int, columns: int) -> None:
    table = Table([[0.5 - row] * columns for row in range(rows)])
    root = parsed(weight_map(TOLD, Axes("row", "column"), table, 1.0, None))
    ticks = [node for node in root.iter("text") if "t-tick" in node.get("class", "")]
    assert len(ticks) < 64 + 16 + 4
    assert int(root.get("height", "0")) < 1_300
