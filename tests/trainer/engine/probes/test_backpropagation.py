"""Probes of gradients and moves, each against PyTorch."""

import math
import re

import pytest
import torch

from tests.trainer.engine import byhand
from tests.trainer.engine.reading import parameters
from trainer.engine.probes import probe
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")
MOVING = ("calm", "published", "ragged", "whole", "momentum", "adamw")


def number(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float)
    return found


def first_step(trace: Trace) -> byhand.Step:
    return byhand.step_of(trace, parameters(trace)[0], byhand.batches_of(trace)[0])


def second(trace: Trace) -> int:
    """The flat index that the name of the second weight stands for."""
    name = str(probe("second_weight", trace))
    unit, column = map(int, name.removeprefix("0.weight[").removesuffix("]").split(", "))
    return unit * 10 + column


@pytest.mark.parametrize("name", HONEST)
def test_lengths_are_those_of_the_first_step(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    length = byhand.length(step.gradients)
    assert number("first_grad_norm", trace) == pytest.approx(length, rel=1e-5)
    by_hand = float(probe("by_hand_rate", trace) or 0) * step.gradients
    assert number("update_norm_by_hand", trace) == pytest.approx(byhand.length(by_hand), rel=1e-5)
    start, end = parameters(trace)[:2]
    assert number("first_update_norm", trace) == pytest.approx(byhand.length(end - start), rel=1e-5)


@pytest.mark.parametrize("name", MOVING)
def test_moves_are_spread_as_the_optimizer_has_it(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    moved = (parameters(trace)[1].double() - parameters(trace)[0].double()).abs()
    moved = moved[step.gradients != 0]
    spread = number("move_spread", trace)
    assert spread == pytest.approx((moved.max() / moved.min()).item(), rel=1e-6)
    assert (spread < 1.1) == (trace.document["spec"]["optimizer"] in ("adam", "adamw", "rmsprop"))


def test_three_backwards_add_up_to_three_times_the_gradient(calm: Trace) -> None:
    x, y = byhand.batches_of(calm)[0]
    model = byhand.model_of(parameters(calm)[0], 16)
    for _ in range(3):
        loss = torch.nn.functional.cross_entropy(model(byhand.scaled(calm, x)), y)
        loss.backward()  # type: ignore[no-untyped-call]
    together = torch.cat(
        [each.grad.flatten() for each in model.parameters() if each.grad is not None]
    )
    assert number("first_grad_norm_thrice", calm) == pytest.approx(
        byhand.length(together), rel=1e-5
    )


@pytest.mark.parametrize("name", HONEST)
def test_the_second_weight_has_a_smaller_gradient_that_is_not_zero(
    variety: dict[str, Trace], name: str
) -> None:
    trace, step = variety[name], first_step(variety[name])
    hidden = trace.document["spec"]["hidden"]
    sizes = step.gradients[: 10 * hidden].abs()
    gradient = step.gradients[second(trace)].item()
    assert number("second_gradient", trace) == pytest.approx(gradient, rel=1e-3, abs=1e-7)
    assert 0 < abs(gradient) < sizes.max().item()
    below = (sizes[sizes > 0] < abs(gradient)).float().mean().item()
    assert 0.15 < below < 0.35
    assert number("second_gradient_size", trace) == abs(number("second_gradient", trace))


@pytest.mark.parametrize("name", MOVING)
def test_moves_are_those_of_the_parameters(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    moved = (parameters(trace)[1].double() - parameters(trace)[0].double()).abs()
    gradients = first_step(trace).gradients[: 10 * trace.document["spec"]["hidden"]].abs()
    largest = int(gradients.argmax())
    assert number("named_move", trace) == moved[largest].item()
    assert number("second_move", trace) == moved[second(trace)].item()
    share = (gradients[second(trace)] / gradients[largest]).item() * moved[largest].item()
    assert number("second_move_in_proportion", trace) == pytest.approx(share, rel=1e-3)


@pytest.mark.parametrize("name", HONEST)
def test_by_hand_it_is_plain_sgd(variety: dict[str, Trace], name: str) -> None:
    trace, hidden = variety[name], variety[name].document["spec"]["hidden"]
    found = re.fullmatch(r"2\.weight\[(\d+), (\d+)\]", str(probe("output_weight", trace)))
    assert found
    index = 11 * hidden + int(found[1]) * hidden + int(found[2])
    gradient = first_step(trace).gradients[index].item()
    assert number("output_gradient", trace) == pytest.approx(gradient, rel=1e-3, abs=1e-7)
    assert number("output_gradient_flipped", trace) == -number("output_gradient", trace)
    weight = torch.nn.Parameter(parameters(trace)[0][index].double().clone())
    rate = float(probe("by_hand_rate", trace) or 0)
    weight.grad = torch.tensor(number("output_gradient", trace), dtype=torch.float64)
    before = weight.item()
    torch.optim.SGD([weight], lr=rate).step()
    assert number("output_before", trace) == before
    assert number("output_by_hand", trace) == pytest.approx(weight.item(), abs=1e-12)
    assert number("output_move_by_hand", trace) == pytest.approx(before - weight.item(), abs=1e-12)


def test_a_move_that_rounding_decides_over_is_not_asked_for(variety: dict[str, Trace]) -> None:
    assert probe("second_move", variety["crawling"]) is None
    assert probe("second_gradient", variety["crawling"]) is not None


def test_the_optimizer_has_a_name(variety: dict[str, Trace]) -> None:
    names = {
        name: probe("optimizer_name", variety[name]) for name in ("calm", "momentum", "diverged")
    }
    assert names == {"calm": "Adam", "momentum": "SGD with momentum", "diverged": "plain SGD"}
    assert probe("optimizer", variety["adamw"]) == "adamw"
    assert probe("learning_rate", variety["diverged"]) == "1e+09"
    assert probe("learning_rate", variety["calm"]) == "0.02"


def test_a_run_without_gradients_has_nothing_of_this(variety: dict[str, Trace]) -> None:
    for name in ("no forward", "nothing", "late", "odd indentation"):
        for each in ("second_weight", "second_gradient", "second_move", "output_by_hand"):
            assert probe(each, variety[name]) is None
    for name in ("no forward", "nothing"):
        assert probe("first_grad_norm", variety[name]) is None


def test_lengths_that_are_not_finite_are_absent(calm: Trace) -> None:
    steps = [dict(step) for step in calm.document["steps"]]
    steps[0] |= {"grad_norm": "nan", "update_norm": "inf"}
    trace = Trace(calm.document | {"steps": steps}, calm.tensors)
    assert probe("first_grad_norm", trace) is probe("first_update_norm", trace) is None
    assert math.isfinite(number("first_grad_norm", calm))


@pytest.mark.parametrize("name", HONEST)
def test_a_rate_moves_the_named_weight_as_far_as_asked(
    variety: dict[str, Trace], name: str
) -> None:
    trace, step = variety[name], first_step(variety[name])
    unit, column = map(int, str(probe("named_weight", trace))[9:-1].split(", "))
    gradient = step.gradients[unit * 10 + column].double()

    def moved(lr: float) -> float:
        weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
        weight.grad = gradient
        torch.optim.SGD([weight], lr=lr).step()
        return abs(weight.item())

    rate = number("rate_to_move", trace)
    assert moved(rate) == pytest.approx(0.01, rel=1e-4)
    assert moved(0.01) == pytest.approx(number("move_at_that_rate", trace), rel=1e-4)
    assert number("rate_to_move_uphill", trace) == -rate
    assert number("weight_gradient_twice", trace) == pytest.approx(2 * float(gradient), rel=1e-4)


def test_without_a_gradient_there_is_no_such_rate(variety: dict[str, Trace]) -> None:
    for name in ("no forward", "no loss"):
        assert probe("rate_to_move", variety[name]) is None
        assert probe("weight_gradient_twice", variety[name]) is None


@pytest.mark.parametrize("name", MOVING)
def test_the_farthest_move_and_the_largest_gradient(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    before, after = (each.double() for each in parameters(trace)[:2])
    gradient = step.gradients.double().abs().max().item()
    assert number("farthest_move", trace) == pytest.approx((after - before).abs().max().item())
    assert number("largest_gradient", trace) == pytest.approx(gradient, rel=1e-4)
    rate = trace.document["spec"]["lr"]
    assert number("farthest_move_of_sgd", trace) == pytest.approx(rate * gradient, rel=1e-4)
    unit, column = map(int, str(probe("named_weight", trace))[9:-1].split(", "))
    moved = (after - before)[unit * 10 + column].item()
    assert number("named_move_signed", trace) == pytest.approx(moved, abs=1e-7)
    assert abs(moved) == pytest.approx(number("named_move", trace))
