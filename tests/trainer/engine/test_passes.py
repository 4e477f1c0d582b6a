"""What a step holds is read later, with that of others: the numbers are those of the moment."""

import pytest
import torch

from tests.sizes import size
from tests.trainer.engine.reading import OPTIMIZERS, body, small
from trainer.engine import recorder
from trainer.engine.execute import run
from trainer.engine.passes import HOLD_PASSES, Pass, read
from trainer.engine.program import Program

SHAPES = {"usual": ((16, 10), (16,), (3, 16), (3,)), "one": ((1,),), "odd": ((33, 7), (5,))}

BODIES = (
    "zero_grad,forward,loss,backward,step",
    "forward,loss,backward,step",
    "step,zero_grad,forward,loss,backward",
    "zero_grad,forward,loss,backward,step,forward,loss,backward,step",
    "zero_grad,forward,loss,backward,step,zero_grad,step",
    "forward,loss,backward,step,forward,loss,init_seed:2,model:2,backward",
    "zero_grad,forward,loss,backward,init_seed:2,model:2,optimizer:2,step",
)


@pytest.mark.parametrize("name", SHAPES)
def test_the_length_of_gradients_does_not_depend_on_how_many_are_read_at_once(name: str) -> None:
    draw = torch.Generator().manual_seed(1)
    for count in range(1, HOLD_PASSES + 1):
        held = [
            [torch.randn(shape, generator=draw) * 10.0 ** (number % 9) for shape in SHAPES[name]]
            for number in range(count)
        ]
        passes = [Pass(1, number, 1, gradients=each) for number, each in enumerate(held)]
        read(passes)
        alone = [torch.cat([part.flatten() for part in each]).norm().item() for each in held]
        assert [each.grad_norm for each in passes] == alone
        assert not any(each.gradients for each in passes)


def test_hits_are_counted_for_each_pass_of_its_own_length() -> None:
    labels = [torch.tensor([0, 1, 2]), torch.tensor([2]), torch.tensor([0, 0])]
    logits = [torch.eye(3), torch.tensor([[0.0, 1.0, 0.0]]), torch.zeros(2, 3)]
    passes = [
        Pass(1, number, len(pair[1]), scored=pair)
        for number, pair in enumerate(zip(logits, labels, strict=True))
    ]
    read([passes[0], Pass(1, 9, 4), *passes[1:]])
    assert [each.hits for each in passes] == [3, 0, 2]


@pytest.mark.parametrize("optimizer", OPTIMIZERS[: size(2, len(OPTIMIZERS))])
@pytest.mark.parametrize("lines", BODIES)
def test_how_many_steps_are_held_changes_nothing(
    lines: str, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, program = small(optimizer=optimizer, epochs=4), body(lines)
    together = run(spec, program).document
    monkeypatch.setattr(recorder, "HOLD_PASSES", 1)
    assert run(spec, program).document == together
    assert together["status"] == "finished"


@pytest.mark.parametrize(
    ("settings", "most"),
    [({}, HOLD_PASSES), ({"rows": 1000, "batch_size": 100, "hidden": 256}, 4)],
)
def test_what_leaves_large_tensors_is_held_for_fewer_steps(
    settings: dict[str, int], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at_once: list[int] = []
    monkeypatch.setattr(recorder, "read", lambda passes: read_at_once.append(len(passes)))
    run(small(epochs=60, **settings), Program.correct())
    assert max(read_at_once) == most
