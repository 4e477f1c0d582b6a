"""Comparisons: what they measure, against PyTorch, and that they can be asked of any two runs."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from tests.sizes import size
from tests.trainer.engine.generated import Draw
from trainer.engine.comparisons import COMPARISONS, compare, refusal
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # of shapes that differ

SMALL = RunSpec(rows=60, batch_size=25, epochs=3, hidden=5)
CORE = "zero_grad,forward,loss,backward,step"
ARGUMENTS = {
    "gradient_ratio": "last",
    "largest_change": "0.weight 2.bias",
    "fails_with": "RuntimeError",
}


BEFORE_THE_FORWARD_PASS = {
    "rows_left_out", "bound_difference", "updates_per_epoch", "largest_change",
    "middle_of_second_column", "start_difference", "silent_share",
}  # fmt: skip
"""What a run has that fails right after its first batch was scaled."""


def made(lines: str = CORE, **settings: object) -> Trace:
    return run(replace(SMALL, **settings), Program.parse(lines))  # type: ignore[arg-type]


def spelled(name: str) -> str:
    return f"{name} {ARGUMENTS.get(name, '')}".strip()


@pytest.fixture(scope="module")
def usual() -> Trace:
    return made()


@pytest.fixture(scope="module")
def other() -> Trace:
    return made(lr=0.1, seed=2)


def tensor(trace: Trace, name: str) -> Tensor:
    found = trace.tensor(name)
    return torch.tensor(list(found.flat)).reshape(found.shape)


def test_updates_are_measured_as_pytorch_measures_them(usual: Trace, other: Trace) -> None:
    rows = tensor(usual, "parameters")
    lengths = rows.diff(dim=0).norm(dim=1)
    assert compare("total_movement", usual, other) == pytest.approx(lengths.sum().item(), rel=1e-5)
    assert compare("first_movement", usual, other) == pytest.approx(lengths[0].item(), rel=1e-5)
    change = (rows[-1] - rows[0])[:50].abs().max().item()
    assert compare("largest_change 0.weight", usual, other) == pytest.approx(change)
    assert compare("largest_change 2.bias", usual, other) == pytest.approx(
        (rows[-1] - rows[0])[-3:].abs().max().item()
    )
    start = (rows[0] - tensor(other, "parameters")[0]).abs().max().item()
    assert compare("start_difference", usual, other) == pytest.approx(start)


def test_gradients_are_compared_at_the_step_that_is_named(usual: Trace) -> None:
    doubled = made("zero_grad,forward,loss,backward_retain,backward,step")
    assert compare("gradient_ratio first", doubled, usual) == pytest.approx(2)
    kept = made("forward,loss,backward,step")
    assert compare("gradient_ratio first", kept, usual) == pytest.approx(1)
    last = compare("gradient_ratio last", kept, usual)
    assert last is not None
    assert abs(last - 1) > 0.1


def test_plain_sgd_moves_by_rate_times_gradient(usual: Trace) -> None:
    plain = made(optimizer="sgd", lr=0.5)
    assert compare("update_over_gradient", plain, usual) == pytest.approx(1, rel=1e-5)


def test_losses_are_those_of_the_steps(usual: Trace, other: Trace) -> None:
    ours, theirs = ([step["loss"] for step in each.document["steps"]] for each in (usual, other))
    assert compare("lowest_loss", usual, other) == min(ours)
    assert compare("first_loss_ratio", usual, other) == ours[0] / theirs[0]
    largest = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    assert compare("largest_loss_difference", usual, other) == largest
    rises = sum(b > a for a, b in pairwise(ours))
    assert compare("rises", usual, other) == rises


def test_rows_and_calls_are_counted(usual: Trace) -> None:
    setup = "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader_drop_last,for_epoch"
    dropped = made(f"{setup},for_batch,scale,{CORE}")
    assert compare("rows_left_out", dropped, usual) == 10
    assert compare("rows_left_out", usual, usual) == 0
    assert compare("updates_per_epoch", usual, usual) == 3


def test_hidden_units_and_scores_are_counted_by_row(usual: Trace) -> None:
    hidden = tensor(usual, "first.hidden") == 0
    sometimes = (hidden.any(dim=0) & ~hidden.all(dim=0)).sum().item()
    assert compare("units_now_and_then", usual, usual) == sometimes
    clipped = made("zero_grad,forward,relu_logits,loss,backward,step")
    share = (tensor(clipped, "first.logits") == 0).float().mean().item()
    assert compare("clipped_share", clipped, usual) == pytest.approx(share)


def test_a_failed_run_fails_with_its_own_words_only(usual: Trace) -> None:
    failed = made("zero_grad,forward,loss,backward,backward,step")
    assert compare("fails_with a second time", failed, usual) == 1
    assert compare("fails_with no such words", failed, usual) == 0
    assert compare("fails_with a second time", usual, usual) == 0


def test_what_a_run_did_not_come_to_is_none(usual: Trace) -> None:
    broken = made("loss")
    found = {name for name in COMPARISONS if compare(spelled(name), broken, usual) is not None}
    assert found == {"fails_with", "was_stopped", *BEFORE_THE_FORWARD_PASS}


@pytest.mark.parametrize("seed", range(size(8, 200)))
def test_any_two_runs_can_be_compared(seed: int, usual: Trace) -> None:
    odd = run(SMALL, Draw(seed).program())
    for name in COMPARISONS:
        for pair in ((odd, usual), (usual, odd)):
            figure = compare(spelled(name), *pair)
            assert figure is None or isinstance(figure, float | int)


def test_runs_of_different_sizes_and_without_finite_numbers_can_be_compared(usual: Trace) -> None:
    wild = made(optimizer="adamw", lr=1e9, hidden=7, dataset="iris", rows=30)
    for name in COMPARISONS:
        figure = compare(spelled(name), wild, usual)
        assert figure is None or not math.isnan(figure)


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("nothing", "does not exist"),
        ("", "does not exist"),
        ("gradient_ratio", "takes `first` or `last`"),
        ("lowest_loss first", "takes nothing"),
        ("gradient_ratio second", "takes `first` or `last`"),
    ],
)
def test_a_spelling_that_is_none_is_refused(spelling: str, said: str) -> None:
    assert said in (refusal(spelling) or "")


@pytest.mark.parametrize("name", COMPARISONS)
def test_each_says_a_sentence_with_its_figure(name: str) -> None:
    assert refusal(spelled(name)) is None
    each = COMPARISONS[name]
    for figure in (0.0, 1.0):
        said = each.sentence(figure, "7.5", ARGUMENTS.get(name, ""))
        assert "{" not in said
        assert said.endswith(".")
        assert ("7.5" in said) != each.is_yes_or_no
