"""One weight through every update, held against the stored parameters and PyTorch's own state."""

import json
import math
from itertools import product
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from tests.sizes import size
from tests.staging import cut_short
from tests.trainer.engine import byhand
from tests.trainer.engine.generated import Draw
from tests.trainer.engine.reading import OPTIMIZERS, parameters, small, strict
from tests.trainer.engine.test_odd_programs import CORE, SEEDS
from trainer.engine.execute import run, run_plain
from trainer.engine.ledger import ledger
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

Ledger = dict[str, Any]
FLOAT32 = 1e-6
"""Rounding that float32 may do, relative to what is added up."""
LARGEST = 3.5e38

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw", "crawling")
PLACES = (["0.weight", 3, 1], ["0.bias", 0], ["2.weight", 2, 3], ["2.bias", 1])


def flat_place(trace: Trace, wanted: list[Any]) -> int:
    """Where the weight lies among all parameters."""
    start, (name, *index) = 0, wanted
    for each in trace.document["layout"]:
        if each["name"] == name:
            grid = torch.arange(math.prod(each["shape"])).view(each["shape"])
            return start + int(grid[tuple(index)])
        start += math.prod(each["shape"])
    raise AssertionError(name)


def floats(column: list[Any]) -> list[float]:
    return [float(each) for each in column]


def adds_up(found: Ledger) -> int:
    """How many updates are spelled out; fails where one is not what PyTorch did."""
    count = 0
    for at, after in enumerate(found["after"]):
        if found["gradient"][at] is None:
            assert not found["worked"] or found["worked"]["new"][at] is None
            assert after == found["before"][at] or not found["held"][at]
            continue
        new, move = (float(found["worked"][name][at]) for name in ("new", "move"))
        before, recorded = float(found["before"][at]), float(after)
        count += 1
        if math.isfinite(new) and math.isfinite(recorded):
            most = FLOAT32 * (abs(before) + abs(move) + abs(recorded))
            assert new == pytest.approx(recorded, rel=0, abs=most)
        else:
            assert not math.isfinite(recorded)
            assert not math.isfinite(new) or abs(new) > LARGEST
        for name, column in found["is"].items():
            kept, mine = float(column[at]), float(found["worked"].get(name, column)[at])
            held = abs(float(found["was"].get(name, column)[at] or 0.0))
            scale = held + abs(kept)
            if math.isfinite(kept):
                assert mine == pytest.approx(kept, rel=0, abs=FLOAT32 * scale + 1e-38)
    return count


@pytest.mark.parametrize("wanted", PLACES)
@pytest.mark.parametrize("name", HONEST)
def test_values_are_the_stored_parameters_bit_by_bit(
    variety: dict[str, Trace], name: str, wanted: list[Any]
) -> None:
    trace = variety[name]
    found, stored = ledger(trace, wanted), parameters(trace)[:, flat_place(trace, wanted)]
    assert found["before"] == stored[:-1].tolist()
    assert found["after"] == stored[1:].tolist()
    assert found["step"] == list(range(1, len(stored)))
    assert {*found["held"]} == {True}
    for name_ in ("epoch", "batch"):
        assert found[name_] == [each[name_] for each in trace.document["steps"]]


@pytest.mark.parametrize("name", ["calm", "ragged", "momentum"])
def test_gradients_are_autograd_s(variety: dict[str, Trace], name: str) -> None:
    trace, wanted = variety[name], ["2.weight", 1, 2]
    found, place = ledger(trace, wanted), flat_place(trace, wanted)
    pairs = zip(parameters(trace), byhand.batches_of(trace), found["gradient"], strict=False)
    for before, pair, gradient in pairs:
        by_hand = byhand.step_of(trace, before, pair).gradients[place].item()
        assert gradient == pytest.approx(by_hand, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("optimizer", "lr", "wanted"), list(product(OPTIMIZERS, (1e-3, 0.05, 30.0, 1e9), PLACES))
)
def test_every_update_spelled_out_is_what_pytorch_made_of_it(
    optimizer: str, lr: float, wanted: list[Any]
) -> None:
    spec = small(optimizer=optimizer, lr=lr, epochs=6)
    found = ledger(run(spec, Program.correct()), wanted)
    assert found["rule"] == optimizer
    assert adds_up(found) == 12
    assert floats(found["lr"]) == [lr] * 12


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_the_optimizer_holds_is_its_own_state(optimizer: str) -> None:
    spec = small(optimizer=optimizer, lr=0.01)
    found = ledger(run(spec, Program.correct()), ["0.weight", 2, 7])
    names = run_plain(spec, Program.correct())
    state = names["optimizer"].state[dict(names["model"].named_parameters())["0.weight"]]
    called = {"momentum_buffer": "buffer", "exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v"}
    kept = {
        called[name]: value[2, 7].item()
        for name, value in state.items()
        if name in called and value is not None
    }
    kept |= {"t": 4.0} if "step" in state else {}
    assert {name: column[-1] for name, column in found["is"].items()} == kept
    for name, column in found["is"].items():
        assert found["was"][name][0] in (None, 0.0)
        assert found["was"][name][1:] == column[:-1]


def test_settings_are_those_of_the_real_optimizer() -> None:
    for optimizer, wanted in {
        "sgd": {"momentum": 0.0, "weight_decay": 0.0},
        "momentum": {"momentum": 0.9, "weight_decay": 0.0},
        "adamw": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
        "rmsprop": {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "weight_decay": 0.0},
    }.items():
        spec = small(optimizer=optimizer)
        assert ledger(run(spec, Program.correct()), ["0.bias", 1])["settings"] == wanted


# -- programs put together oddly -------------------------------------------------------------


def of_program(text: str, wanted: list[Any] | None = None, **settings: Any) -> Ledger:
    trace = run(small(**settings), Program.parse(text))
    found = ledger(trace, wanted or ["2.bias", 1])
    assert len(found["step"]) == trace.document["updates"]
    adds_up(found)
    return found


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_two_steps_of_a_batch_are_two_entries(optimizer: str) -> None:
    found = of_program("zero_grad,forward,loss,backward,step,step", optimizer=optimizer)
    assert found["step"] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert found["gradient"][::2] == found["gradient"][1::2]
    assert found["before"][1:] == found["after"][:-1]


def test_a_step_ahead_of_the_first_backward_finds_no_gradient() -> None:
    found = of_program("step,zero_grad,forward,loss,backward")
    assert found["gradient"][0] is None
    assert None not in found["gradient"][1:]
    assert found["held"] == [True] * 4
    assert found["is"]["t"] == [None, 1.0, 2.0, 3.0]


def test_a_step_behind_zero_grad_finds_none_at_all() -> None:
    found = of_program("forward,loss,backward,zero_grad,step")
    assert found["gradient"] == [None] * 4
    assert found["worked"] == {}
    assert len({*found["before"], *found["after"]}) == 1
    assert found["rule"] == "adam"


def test_a_step_after_every_fourth_batch_is_there_as_often() -> None:
    body = "forward,loss,loss_share,backward,count_batch,if_fourth:2,step:3,zero_grad:3"
    frame = f"{SEEDS},model,criterion,optimizer,loader,for_epoch,count_start,for_batch,scale"
    found = of_program(f"{frame},{body}", rows=80, epochs=1)
    assert found["step"] == [4, 8]


def test_gradients_are_as_step_saw_them_after_clipping() -> None:
    clipped = of_program("zero_grad,forward,loss,backward,clip,step", optimizer="sgd", lr=1.0)
    plain = of_program("zero_grad,forward,loss,backward,step", optimizer="sgd", lr=1.0)
    assert abs(clipped["gradient"][0]) < abs(plain["gradient"][0])


def test_the_learning_rate_is_the_one_in_force() -> None:
    found = of_program(
        f"{SEEDS},model,criterion,optimizer,scheduler,loader,for_epoch,for_batch,scale,{CORE},"
        "scheduler_step",
        lr=0.5,
    )
    assert found["lr"] == [0.5, 0.5, 0.4, 0.4]


def test_a_head_that_the_optimizer_does_not_hold_is_told_as_such() -> None:
    text = f"{SEEDS},model,criterion,optimizer,new_head,loader,for_epoch,for_batch,scale,{CORE}"
    head, first = of_program(text, ["2.weight", 0, 0]), of_program(text, ["0.weight", 0, 0])
    assert head["held"] == [False] * 4
    assert len({*head["before"], *head["after"]}) == 1
    assert head["rule"] is None
    assert first["held"] == [True] * 4
    assert len({*first["after"]}) == 4


def test_a_new_model_in_every_epoch_begins_its_ledger_anew() -> None:
    found = of_program(
        f"shuffle_seed,scaler,criterion,loader,for_epoch,init_seed:1,model:1,optimizer:1,"
        f"for_batch,scale,{CORE}"
    )
    assert found["before"][2] == found["before"][0]
    assert found["is"]["t"] == [1.0, 2.0, 1.0, 2.0]


def test_a_model_of_another_kind_in_between_has_no_such_weight() -> None:
    found = of_program(
        f"{SEEDS},model_one,criterion,optimizer,loader,for_epoch,for_batch,step,model:2,"
        "optimizer:2,scale,zero_grad,forward,loss,backward,step",
        ["2.weight", 2, 1],
    )
    assert found["held"][0] is None
    assert found["before"][0] is found["after"][0] is None
    assert True in found["held"]


def test_dropout_is_drawn_as_it_was() -> None:
    text = f"{SEEDS},model_dropout,criterion,optimizer,loader,for_epoch,train_mode,for_batch,scale"
    trace = run(small(), Program.parse(f"{text},{CORE}"))
    found = ledger(trace, ["3.weight", 1, 2])
    stored = parameters(trace)[:, flat_place(trace, ["3.weight", 1, 2])]
    assert found["after"] == stored[1:].tolist()


# -- where it ends ---------------------------------------------------------------------------


def test_a_run_that_failed_or_stopped_ends_its_ledger_there() -> None:
    failed = run(small(), Program.parse("zero_grad,forward,loss,backward,step,backward"))
    assert failed.document["status"] == "failed"
    assert ledger(failed, ["0.bias", 0])["step"] == [1]
    stopped = cut_short("Enough.", 2, small())
    found = ledger(stopped, ["0.bias", 0])
    assert len(found["step"]) == stopped.document["updates"] < 4


def test_a_run_without_an_update_has_an_empty_ledger() -> None:
    found = of_program("zero_grad,forward,loss,backward")
    assert found["step"] == []
    assert found["rule"] is None


@pytest.mark.parametrize(
    "wanted",
    [
        ["0.weight", 4, 0], ["0.weight", 0, 10], ["0.weight", -1, 0], ["0.weight", 1],
        ["0.bias", 0, 0], ["1.weight", 0, 0], ["", 0], ["0.bias"],
    ],
)  # fmt: skip
def test_a_weight_that_does_not_exist_is_refused(wanted: list[Any]) -> None:
    trace = run(small(), Program.correct())
    with pytest.raises(NotReached):
        ledger(trace, wanted)


def test_a_run_without_parameters_has_no_ledger(variety: dict[str, Trace]) -> None:
    assert ledger(variety["nothing"], ["0.bias", 0])["step"] == []
    trace = run(small(), Program.parse("init_seed,net,model_net,optimizer,for_batch:0"))
    with pytest.raises(NotReached):
        ledger(trace, ["0.bias", 0])


def test_numbers_that_are_not_finite_are_words(variety: dict[str, Trace]) -> None:
    found = ledger(variety["not finite"], ["0.weight", 0, 0])
    assert strict(json.dumps(found, allow_nan=False)) == found
    assert "nan" in found["after"]
    adds_up(found)


def test_it_is_the_loss_of_the_batch_that_the_gradient_belongs_to() -> None:
    """Moved a little against the gradient of one weight, the batch's loss falls as it says."""
    trace = run(RunSpec(optimizer="sgd", lr=0.1, rows=50, batch_size=50), Program.correct())
    wanted = ["2.weight", 0, 5]
    gradient = ledger(trace, wanted)["gradient"][0]
    x, y = byhand.batches_of(trace)[0]
    losses = []
    for away in (-1e-3, 1e-3):
        flat = parameters(trace)[0].clone().double()
        flat[flat_place(trace, wanted)] += away
        model: nn.Module = byhand.model_like(trace, flat.float()).double()
        losses.append(cross_entropy(model(byhand.scaled(trace, x).double()), y).item())
    assert (losses[1] - losses[0]) / 2e-3 == pytest.approx(gradient, rel=1e-2)


@pytest.mark.parametrize("seed", range(size(40, 1000)))
def test_any_program_has_a_ledger_that_adds_up(seed: int) -> None:
    draw = Draw(seed)
    trace = run(small(optimizer=draw.random.choice(OPTIMIZERS)), draw.program())
    for each in trace.document["layout"]:
        found = ledger(trace, [each["name"], *(extent - 1 for extent in each["shape"])])
        assert len(found["step"]) == trace.document["updates"]
        adds_up(found)
