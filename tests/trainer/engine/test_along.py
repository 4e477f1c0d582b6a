"""The loss on a way through a step, against PyTorch's own model and optimizer."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from tests.trainer.engine import byhand
from tests.trainer.engine.reading import parameters
from trainer.engine.along import PLACES, along
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")


def loss_at(trace: Trace, flat: Tensor, step: int) -> float:
    x, y = byhand.batches_of(trace)[step - 1]
    model = byhand.model_like(trace, flat)
    return cross_entropy(model(byhand.scaled(trace, x)), y).item()


def each_place(way: dict[str, Any]) -> list[tuple[float, float]]:
    return [(at, float(loss)) for at, loss in zip(way["at"], way["loss"], strict=True)]


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("step", [1, 2, -1])
def test_every_place_is_a_model_of_its_own(variety: dict[str, Trace], name: str, step: int) -> None:
    trace = variety[name]
    step = step if step > 0 else len(trace.document["steps"])
    found, (before, after) = along(trace, step), parameters(trace)[step - 1 : step + 1]
    gradients = byhand.step_of(trace, before, byhand.batches_of(trace)[step - 1]).gradients
    assert found["start"] == pytest.approx(loss_at(trace, before, step), rel=1e-4)
    ways = {"gradient": -gradients, "update": after - before}
    for kind, direction in ways.items():
        for at, loss in each_place(found[kind])[::8]:
            there = loss_at(trace, before + at * direction, step)
            assert loss == pytest.approx(there, rel=2e-3, abs=1e-4)
    assert found["update"]["once"] == pytest.approx(loss_at(trace, after, step), rel=1e-4)


def test_once_against_the_gradients_is_plain_sgd_at_the_run_s_rate(calm: Trace) -> None:
    x, y = byhand.batches_of(calm)[0]
    model = byhand.model_of(parameters(calm)[0], 16)
    optimizer, criterion = torch.optim.SGD(model.parameters(), lr=0.02), nn.CrossEntropyLoss()
    criterion(model(byhand.scaled(calm, x)), y).backward()
    optimizer.step()
    after = criterion(model(byhand.scaled(calm, x)), y).item()
    assert along(calm, 1)["gradient"]["once"] == pytest.approx(after, rel=1e-5)


@pytest.mark.parametrize("name", [*HONEST, "diverged"])
def test_the_way_goes_as_far_as_the_loss_rises_or_is_gone(
    variety: dict[str, Trace], name: str
) -> None:
    found = along(variety[name], 1)
    for kind in ("gradient", "update"):
        places = each_place(found[kind])
        assert len(places) == len(PLACES)
        assert places[8] == (0.0, found["start"])
        assert places[-1][1] > found["start"] or places[-1][1] <= 0.01 * found["start"]
        half = dict(places)[places[-1][0] / 2]
        assert half <= found["start"]


def test_a_way_that_rises_from_its_beginning_is_followed_all_the_same() -> None:
    """Running means may move against the slope of a batch, most of all one of a single row."""
    trace = run(RunSpec(rows=101, batch_size=10, epochs=2), Program.correct())
    found = along(trace, len(trace.document["steps"]))
    places = each_place(found["update"])
    assert places[-1][0] == 1.0
    assert [loss for _, loss in places] == sorted(loss for _, loss in places)
    assert places[7][1] < found["start"] < places[9][1]
    assert places[-1][1] == found["update"]["once"]


def test_a_step_that_moved_nothing_has_the_same_loss_all_along(variety: dict[str, Trace]) -> None:
    found = along(variety["crawling"], 1)
    assert {*found["update"]["loss"], found["update"]["once"]} == {found["start"]}
    assert min(found["gradient"]["loss"]) < found["start"] < max(found["gradient"]["loss"])


def test_what_is_not_finite_is_told_as_such(variety: dict[str, Trace]) -> None:
    steps = len(variety["not finite"].document["steps"])
    found = along(variety["not finite"], steps)
    assert math.isnan(float(found["start"]))
    assert {*found["gradient"]["loss"]} == {"nan"}


@pytest.mark.parametrize(
    ("name", "step"),
    [("calm", 0), ("calm", 51), ("nothing", 1), ("late", 1), ("no forward", 1)],
)
def test_a_step_without_an_update_has_no_way(
    variety: dict[str, Trace], name: str, step: int
) -> None:
    with pytest.raises(NotReached):
        along(variety[name], step)
