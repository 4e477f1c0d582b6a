"""What the texts and questions on loss and backpropagation claim without a number of the run."""

import math
import re
from functools import cache

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from course.lessons import files
from course.lessons.lesson.text import Line, parse
from course.quiz import evidence, roles
from tests.course.lessons.lesson.drawn import HONEST, step_of
from tests.course.lessons.pipeline.variety import LOOPS, NAMES, SEEDS, Facts, trace_of
from tests.course.quiz.conftest import CONTENT
from tests.sizes import size
from tests.staging import trained
from tests.trainer.engine import byhand
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

TEXTS = {folder.lesson.slug: folder.lesson.text for folder in files.read(CONTENT)}
LESSONS = ("loss", "backpropagation")
SOME = list(SEEDS)[: size(8, len(SEEDS))]


def conditional(slug: str) -> list[Line]:
    return [line for line in parse(TEXTS[slug]).lines() if line.when]


@cache
def told(slug: str, name: str) -> list[str]:
    """The lines under a condition that this run is told."""
    names = evidence.known(parse(TEXTS[slug]).probes())
    values = evidence.values_of(names, trace_of(name))
    return [roles.fill(line.text, values) for line in conditional(slug) if line.holds(values)]


def looped(lines: str, seed: int) -> Trace:
    return trained(RunSpec(seed=seed), Program.parse(LOOPS.get(lines, lines)))


def model_and_batch(seed: int) -> tuple[nn.Sequential, Tensor, Tensor]:
    """The model of a run before training, and its first batch, scaled."""
    trace = trained(RunSpec(seed=seed), Program.correct())
    x, y = byhand.batches_of(trace)[0]
    flat = torch.tensor(list(trace.tensor("parameters")[0].flat))
    return byhand.model_of(flat, 16), byhand.scaled(trace, x), y


# -- what is said of some runs ---------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_under_a_condition_is_true_where_it_stands(name: str) -> None:
    facts = Facts.of(name)
    for text in told("loss", name):
        if "began near it" in text:
            gap = float(facts.steps[0]["loss"]) - math.log(facts.document["data"]["classes"])
            assert abs(gap) < 0.2501
        elif "For the first batch" in text:
            losses = facts.tensors["first.row_losses"].double()
            shares, paid = (-losses).exp(), float(facts.steps[0]["loss"])
            mean = shares.log().mean().exp().item()
            if name == "scores made anew":  # after the loss line, which saw others
                assert not math.isclose(losses.mean().item(), paid, rel_tol=1e-4)
                mean = math.exp(-paid)
            written = float(re.findall(r"[\d.]+\d", text)[-1])
            assert written == pytest.approx(mean, abs=6e-4)
        else:
            right = facts.tensors["first.logits"].argmax(dim=1) == facts.tensors["first.y"]
            assert "largest score at the true class" in text
            assert ("every row" in text) == bool(right.all())
    for text in told("backpropagation", name):
        if "two level bands" in text:
            gradients = facts.tensors["first.gradients"]
            moved = (facts.after(1) - facts.after(0))[gradients != 0]
            assert facts.spec.optimizer == "adam"
            assert moved.abs().max() <= 1.1 * moved.abs().min() > 0
            assert torch.equal(moved.sign(), -gradients[gradients != 0].sign())
        else:
            assert "plain SGD" in text
            assert "torch.optim.SGD(model.parameters(), lr=lr)" in facts.document["source"]


@pytest.mark.parametrize("slug", LESSONS)
def test_every_condition_holds_for_a_run_and_not_for_all(slug: str) -> None:
    seen = [{re.sub(r"[\d.,−e]+", "", text) for text in told(slug, name)} for name in NAMES]
    assert len(set.union(*seen)) == len(conditional(slug))
    assert not set.intersection(*seen)


def test_a_calm_run_is_told_where_it_began_and_of_its_bands() -> None:
    assert "began near it" in " ".join(told("loss", "calm"))
    assert "two level bands" in " ".join(told("backpropagation", "calm"))
    assert "plain SGD" in " ".join(told("backpropagation", "bench"))


def test_with_adam_a_parameter_may_move_against_the_sign_of_its_gradient() -> None:
    facts = Facts.of("calm")
    gradients = step_of("calm", 20).gradients
    update = facts.after(20) - facts.after(19)
    assert (gradients * update > 0).any()


# -- loss ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SOME)
def test_input_that_was_not_scaled_makes_a_first_loss_twice_as_large(seed: int) -> None:
    loss = float(looped("not scaled", seed).document["steps"][0]["loss"])
    assert loss > 2 * math.log(3)


@pytest.mark.parametrize("seed", SOME)
def test_small_weights_give_nearly_equal_odds(seed: int) -> None:
    trace = trained(RunSpec(seed=seed), Program.correct())
    assert abs(float(trace.document["steps"][0]["loss"]) - math.log(3)) < 0.25


def test_the_share_of_right_rows_has_no_way_back() -> None:
    model, x, y = model_and_batch(1)
    share = (model(x).argmax(1) == y).float().mean()
    assert share.grad_fn is None
    with pytest.raises(RuntimeError, match="does not require grad"):
        share.backward()


def gradients_of(loss: Tensor, model: nn.Module) -> Tensor:
    found = torch.autograd.grad(loss, list(model.parameters()))
    return torch.cat([each.flatten() for each in found])


@pytest.mark.parametrize("seed", SOME)
def test_a_sum_has_gradients_as_many_times_as_large_as_there_are_rows(seed: int) -> None:
    model, x, y = model_and_batch(seed)
    mean = gradients_of(cross_entropy(model(x), y), model)
    total = gradients_of(cross_entropy(model(x), y, reduction="sum"), model)
    assert torch.allclose(total, len(y) * mean, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("seed", SOME)
def test_adam_hardly_notices_a_sum(seed: int) -> None:
    ends = []
    for reduction in ("mean", "sum"):
        model, x, y = model_and_batch(seed)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
        for _ in range(20):
            optimizer.zero_grad()
            loss = cross_entropy(model(x), y, reduction=reduction)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        ends.append(cross_entropy(model(x), y).item())
    assert ends[0] == pytest.approx(ends[1], abs=5e-3)


@pytest.mark.parametrize("seed", SOME)
def test_softmax_ahead_of_the_criterion_runs_and_makes_gradients_smaller(seed: int) -> None:
    model, x, y = model_and_batch(seed)
    plain = gradients_of(cross_entropy(model(x), y), model)
    twice = gradients_of(cross_entropy(model(x).softmax(1), y), model)
    assert 0 < twice.norm() < plain.norm()


def test_rows_of_zeros_and_ones_pick_the_same_and_hold_decimal_numbers() -> None:
    model, x, y = model_and_batch(1)
    rows = one_hot(y, 3)
    assert cross_entropy(model(x), rows.float()).item() == pytest.approx(
        cross_entropy(model(x), y).item()
    )
    with pytest.raises(RuntimeError):
        cross_entropy(model(x), rows)


# -- backpropagation --------------------------------------------------------------------------


def test_step_leaves_gradients_where_they_are_and_clearing_empties_them() -> None:
    model, x, y = model_and_batch(1)
    optimizer = torch.optim.Adam(model.parameters())
    before = [each.clone() for each in model.parameters()]
    optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    loss = cross_entropy(model(x), y)
    loss.backward()  # type: ignore[no-untyped-call]
    found = [each.grad.clone() for each in model.parameters() if each.grad is not None]
    optimizer.step()
    kept = [each.grad for each in model.parameters() if each.grad is not None]
    assert all(torch.equal(a, b) for a, b in zip(found, kept, strict=True))
    optimizer.zero_grad()
    assert all(each.grad is None for each in model.parameters())


def test_a_second_backward_is_an_error_and_doubles_where_the_graph_is_kept() -> None:
    model, x, y = model_and_batch(1)
    loss = cross_entropy(model(x), y)
    loss.backward(retain_graph=True)  # type: ignore[no-untyped-call]
    (first, *_) = model.parameters()
    assert first.grad is not None
    once = first.grad.clone()
    loss.backward()  # type: ignore[no-untyped-call]
    assert torch.equal(first.grad, 2 * once)
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_at_the_beginning_of_the_pass_trains_one_batch_late(seed: int) -> None:
    late, usual = looped("step first", seed), trained(RunSpec(seed=seed), Program.correct())
    assert late.document["status"] == "finished"
    moved = [float(each["update_norm"]) > 0 for each in late.document["steps"]]
    assert moved == [False] + [True] * (len(moved) - 1)
    ends = [float(each.document["epochs"][-1]["heldout_loss"]) for each in (late, usual)]
    start = float(usual.document["steps"][0]["loss"])
    assert start - ends[0] > 0.8 * (start - ends[1])


@pytest.mark.parametrize("seed", SOME)
def test_clearing_at_the_end_of_the_pass_changes_no_loss(seed: int) -> None:
    last, usual = looped("clear last", seed), trained(RunSpec(seed=seed), Program.correct())
    assert [each["loss"] for each in last.document["steps"]] == [
        each["loss"] for each in usual.document["steps"]
    ]
    assert last.document["epochs"] == usual.document["epochs"]


@pytest.mark.parametrize("name", HONEST)
def test_against_its_gradients_a_batch_gets_cheaper_at_first(name: str) -> None:
    """Just a little way, and in double precision, so that the slope is what is seen."""
    step = step_of(name, 1)
    model = byhand.model_like(trace_of(name), Facts.of(name).after(0)).double()
    start = cross_entropy(model(step.scaled.double()), step.y).item()
    sizes = [each.numel() for each in model.parameters()]
    parts = torch.split(step.gradients.double(), sizes)
    with torch.no_grad():
        for parameter, gradient in zip(model.parameters(), parts, strict=True):
            parameter.sub_(1e-3 * gradient.view_as(parameter))
    assert cross_entropy(model(step.scaled.double()), step.y).item() < start
