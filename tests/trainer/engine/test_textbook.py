"""The engine against a loop written by hand in plain PyTorch, with its ordinary loader."""

from itertools import pairwise

import pytest
import torch
from torch.utils.data import DataLoader

from tests.sizes import size
from tests.trainer.engine.reading import OPTIMIZERS, flat, parameters, same_bits
from tests.trainer.engine.textbook import data, default_loader, default_model, train
from trainer.engine.execute import run, run_plain
from trainer.engine.pieces import Linear, MinMaxScaler, Rows, synthetic
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec

SETTINGS = {
    "calm": {},
    "published": {"hidden": 64, "lr": 0.09},
    "bench": {"optimizer": "sgd", "lr": 0.1},
    **{name: {"optimizer": name, "epochs": 2} for name in OPTIMIZERS},
    "ragged": {"rows": 250, "batch_size": 60, "epochs": 3},
    "one by one": {"rows": 30, "batch_size": 1, "epochs": 2},
    "whole": {"batch_size": 1000, "epochs": 3},
    **{f"seed {seed}": {"seed": seed, "epochs": 2} for seed in range(size(3, 100))},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_losses_accuracies_and_parameters_are_the_textbook_s_to_the_bit(name: str) -> None:
    settings = SETTINGS[name]
    course = train(**settings)  # type: ignore[arg-type]
    trace = run(RunSpec(**settings), Program.correct())  # type: ignore[arg-type]
    epochs = trace.document["epochs"]
    assert [step["loss"] for step in trace.document["steps"]] == course.losses
    assert same_bits(parameters(trace), torch.stack(course.parameters))
    assert [each["running_accuracy"] for each in epochs] == course.running_accuracies
    assert [each["heldout_accuracy"] for each in epochs] == course.heldout_accuracies
    assert [each["running_loss"] for each in epochs] == pytest.approx(
        course.running_losses, rel=1e-14
    )


@pytest.mark.parametrize("seed", [0, 1, 138, 2**31 - 1])
@pytest.mark.parametrize(("inputs", "outputs"), [(10, 16), (10, 64), (16, 3), (1, 1), (10, 256)])
def test_a_layer_starts_with_the_bits_of_pytorch_s_default(
    seed: int, inputs: int, outputs: int
) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        default = torch.nn.Linear(inputs, outputs)
    own = Linear(inputs, outputs, generator=torch.Generator().manual_seed(seed))
    assert same_bits(own.weight.detach(), default.weight.detach())
    assert same_bits(own.bias.detach(), default.bias.detach())


def test_layers_drawn_one_after_another_start_like_a_model_under_one_seed() -> None:
    init = torch.Generator().manual_seed(7)
    first, second = Linear(10, 16, generator=init), Linear(16, 3, generator=init)
    both = torch.cat([flat(first), flat(second)])
    assert same_bits(both, flat(default_model(16, seed=7)))


@pytest.mark.parametrize(("rows", "batch_size"), [(1000, 100), (250, 60), (10, 1), (37, 37)])
def test_batches_are_the_textbook_s_in_order_and_value(rows: int, batch_size: int) -> None:
    (x, y), _ = data(rows)
    textbook = default_loader(x, y, batch_size, seed=138)
    g = torch.Generator().manual_seed(138)
    own = DataLoader(Rows(x, y), batch_size, shuffle=True, generator=g, collate_fn=tuple)
    for _ in range(3):
        pairs = list(zip(own, textbook, strict=True))
        assert len(pairs) == -(-rows // batch_size)
        for (own_x, own_y), (book_x, book_y) in pairs:
            assert same_bits(own_x, book_x)
            assert same_bits(own_y, book_y)


def test_the_loop_s_own_loader_deals_them_too() -> None:
    spec = RunSpec(rows=130, batch_size=40, epochs=1)
    names = run_plain(spec, Program.correct())
    (x, y), _ = data(130)
    textbook = default_loader(x, y, 40, seed=138)
    list(textbook)  # the epoch that the run has used up
    for (own_x, own_y), (book_x, book_y) in zip(names["loader"], textbook, strict=True):
        assert same_bits(own_x, book_x)
        assert same_bits(own_y, book_y)


@pytest.mark.parametrize("data_seed", [0, 1, 2, 2**31 - 1])
def test_the_data_follow_the_published_rule(data_seed: int) -> None:
    rows, heldout = synthetic(1000, data_seed)
    (x, y), (heldout_x, heldout_y) = data(1000, data_seed)
    assert same_bits(rows.x, x)
    assert same_bits(rows.y, y)
    assert same_bits(heldout.x, heldout_x)
    assert same_bits(heldout.y, heldout_y)


def test_fewer_rows_are_the_first_of_the_same_rows_under_the_same_rule() -> None:
    sizes = [synthetic(rows, 1) for rows in (10, 250, 1000)]
    for (few, few_heldout), (more, more_heldout) in pairwise(sizes):
        assert torch.equal(few.x, more.x[: len(few)])
        assert torch.equal(few.y, more.y[: len(few)])
        assert torch.equal(few_heldout.x, more_heldout.x)
        assert torch.equal(few_heldout.y, more_heldout.y)


def test_the_scaler_maps_what_it_was_fitted_on_to_zero_and_one() -> None:
    x = torch.tensor([[1.0, -5.0], [3.0, 5.0], [2.0, 0.0]])
    scale = MinMaxScaler().fit(x)
    assert scale(x).tolist() == [[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]
    assert scale(torch.tensor([[5.0, -10.0]])).tolist() == [[2.0, -0.5]]


def test_rows_outside_the_training_range_may_leave_zero_and_one() -> None:
    train_rows, heldout = synthetic(100, 1)
    scaled = MinMaxScaler().fit(train_rows.x)(heldout.x)
    assert float(scaled.min()) < 0.0
    assert float(scaled.max()) > 1.0
