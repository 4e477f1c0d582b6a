"""Where a run left the finite numbers, held against loops in plain PyTorch."""

import json
import math

import pytest
import torch
from torch import nn

from trainer.engine import execute
from trainer.engine.autopsy import LOOKED_AT, autopsy
from trainer.engine.execute import names_of
from trainer.engine.finite import first_sign
from trainer.engine.pieces import Linear
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors import preload  # noqa: F401 (a first run would pay for all of PyTorch)

SETUP = "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader,for_epoch,for_batch"
CORE = "zero_grad,forward,loss,backward,step"
ASCENT = "zero_grad,forward,loss,loss_negative,backward,step"
BY_HAND = f"{SETUP.replace('scaler', 'bounds')},scale_by_hand,{CORE}"
LARGEST = torch.finfo(torch.float32).max


def run(lines: str = "", **settings: str | float) -> Trace:
    program = Program.parse(lines) if lines else Program.correct()
    return execute.run(RunSpec(**settings), program)  # type: ignore[arg-type]


def plain_loop(spec: RunSpec, optimizer: str) -> tuple[int, str]:
    """The correct loop by hand; step and name of the first tensor that is not finite."""
    names = names_of(spec)
    init, shuffle = (torch.Generator().manual_seed(spec.seed) for _ in range(2))
    scale = names["MinMaxScaler"]().fit(names["train"].x)
    model = nn.Sequential(
        Linear(names["features"], spec.hidden, generator=init),
        nn.ReLU(),
        Linear(spec.hidden, names["classes"], generator=init),
    )
    update = getattr(torch.optim, optimizer)(model.parameters(), lr=spec.lr)
    loader = torch.utils.data.DataLoader(
        names["train"], spec.batch_size, shuffle=True, generator=shuffle, collate_fn=tuple
    )
    step = 0
    for _ in range(spec.epochs):
        for x, y in loader:
            step += 1
            update.zero_grad()
            logits = model(scale(x))
            loss = nn.CrossEntropyLoss()(logits, y)
            for name, tensor in (("logits", logits), ("loss", loss)):
                if not tensor.isfinite().all():
                    return step, name
            loss.backward()
            update.step()
    return 0, ""


@pytest.mark.parametrize("seed", [1, 2, 138])
def test_it_names_the_tensor_that_a_plain_loop_meets_first(seed: int) -> None:
    spec = RunSpec(optimizer="adamw", lr=1e9, seed=seed)
    found = autopsy(execute.run(spec, Program.correct()), 8)["found"]
    assert (found["step"], found["tensor"]) == plain_loop(spec, "AdamW")
    assert found["updates"] == found["step"] - 1
    assert found["nan"] + found["inf"] + found["minus_inf"] > 0


def test_steps_too_long_may_never_leave_the_finite_numbers() -> None:
    spec = RunSpec(optimizer="sgd", lr=1e9)
    trace = execute.run(spec, Program.correct())
    assert plain_loop(spec, "SGD") == (0, "")
    told = autopsy(trace, 8)
    assert told["found"] is None
    # Every parameter is finite; the length of all that changed, in 32 bits, is not.
    sign = first_sign(trace)
    assert sign
    assert (sign.what, trace.document["steps"][sign.step - 1]["update_norm"]) == (
        "the length of the update",
        "inf",
    )
    assert told["chain"][-1]["step"] == sign.step < len(trace.document["steps"])
    assert all(math.isfinite(float(each["update"])) for each in told["chain"])


def test_a_constant_column_scaled_by_hand_is_0_by_0() -> None:
    trace = run(BY_HAND, alterations="constant-column")
    found = autopsy(trace, 8)["found"]
    assert (found["step"], found["tensor"], found["operation"]) == (1, "x", "0/0")
    assert (found["nan"], found["numbers"], found["updates"]) == (100, 1000, 0)
    assert found["source"] == trace.document["source"].splitlines()[found["line"] - 1].strip()
    assert trace.document["steps"][0]["loss"] == "nan"


def test_a_row_that_scales_itself_stays_finite() -> None:
    """Its bounds are itself: the scaler divides by one, and every number is 0."""
    trace = run(f"{SETUP},scale_per_batch,{CORE}", rows=20, batch_size=1, epochs=2)
    assert autopsy(trace, 8)["found"] is None
    assert first_sign(trace) is None


def test_going_uphill_ends_in_an_overflow_of_finite_numbers() -> None:
    trace = run(ASCENT, optimizer="sgd", lr=1.0, epochs=20)
    told = autopsy(trace, 8)
    found = told["found"]
    assert (found["tensor"], found["operation"]) == ("loss", "overflow")
    assert trace.document["steps"][found["step"] - 1]["loss"] in ("inf", "-inf")
    assert all(
        math.isfinite(float(each["loss"])) for each in trace.document["steps"][: found["step"] - 1]
    )
    *before, last = told["lines"]
    assert [math.isfinite(float(each["largest"])) for each in before] == [True] * len(before)
    assert (last["line"], last["largest"]) == (found["line"], "inf")


def test_a_square_overflows_long_before_its_root() -> None:
    lines = (
        SETUP.replace("model", "model_one").replace("criterion", "criterion_mse")
        + ",scale,labels_float,zero_grad,forward,squeeze,loss,backward,step"
    )
    told = autopsy(run(lines, optimizer="sgd", lr=1e3), 8)
    largest = next(each["largest"] for each in told["lines"] if each["tensor"] == "logits")
    assert (told["found"]["tensor"], told["found"]["operation"]) == ("loss", "overflow")
    assert math.sqrt(LARGEST) < largest < LARGEST


def test_the_layer_is_the_first_that_gave_such_a_number() -> None:
    trace = run(ASCENT, optimizer="sgd", lr=100.0, epochs=20)
    told = autopsy(trace, 8)
    assert (told["found"]["tensor"], told["found"]["layer"]) == ("logits", "2")


def test_the_chain_is_what_the_document_says_of_those_steps() -> None:
    trace = run(optimizer="adamw", lr=1e9)
    told = autopsy(trace, 8)
    bad = told["found"]["step"]
    assert [each["step"] for each in told["chain"]] == list(range(1, bad + 1))
    for each, step in zip(told["chain"][:-1], trace.document["steps"], strict=False):
        assert each["loss"] == step["loss"]
        if step["grad_norm"] != "inf":  # a length in double precision stays finite
            assert each["gradient"] == pytest.approx(step["grad_norm"], rel=1e-4)
        if step["update_norm"] != "inf":
            assert each["update"] == pytest.approx(step["update_norm"], rel=1e-4)
    json.dumps(told, allow_nan=False)


def test_it_tells_as_many_steps_as_are_wanted() -> None:
    trace = run(ASCENT, optimizer="sgd", lr=1.0, epochs=20)
    bad = autopsy(trace, 0)["found"]["step"]
    for wanted in (0, 3, 8):
        steps = [each["step"] for each in autopsy(trace, wanted)["chain"]]
        assert steps == list(range(bad - wanted, bad + 1))
    with pytest.raises(NotReached):
        autopsy(trace, 51)


def test_a_program_that_fails_is_looked_at_as_far_as_it_went() -> None:
    for lines in ("loss,forward", "zero_grad,forward,loss,backward,backward,step"):
        assert autopsy(run(lines), 8)["found"] is None


def test_where_it_looks_it_finds_the_same_as_looking_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = run(ASCENT, optimizer="sgd", lr=0.1, epochs=60)
    sign = first_sign(trace)
    assert sign
    assert sign.step > LOOKED_AT
    found = autopsy(trace, 8)
    monkeypatch.setattr("trainer.engine.autopsy.LOOKED_AT", 10**6)
    assert autopsy(trace, 8) == found


def test_a_sign_is_the_first_figure_that_is_not_finite() -> None:
    trace = run(optimizer="adamw", lr=1e9)
    sign, found = first_sign(trace), autopsy(trace, 8)["found"]
    assert sign
    assert sign.step <= found["step"]
    assert first_sign(run()) is None
