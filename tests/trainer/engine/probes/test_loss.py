"""Probes of the loss, each against PyTorch or a computation by hand."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from tests.trainer.engine import byhand
from tests.trainer.engine.documents import INF, NAN, document
from tests.trainer.engine.reading import parameters, tensors
from trainer.engine.probes import PROBES, Found, probe
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")

everywhere = pytest.mark.parametrize("name", HONEST)


def number(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float | int)
    return float(found)


def first_step(trace: Trace) -> byhand.Step:
    return byhand.step_of(trace, parameters(trace)[0], byhand.batches_of(trace)[0])


def of_losses(name: str, *losses: float | None) -> Found:
    return probe(name, Trace(document(list(losses)), b""))


@everywhere
def test_a_tenth_of_the_probability_costs_ln_10_more(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    share = step.logits[0].double().softmax(dim=0)[step.y[0]].item()
    assert number("shown_row_tenth", trace) == pytest.approx(share / 10, rel=1e-5)
    assert number("loss_of_tenth", trace) == pytest.approx(-math.log(share / 10), rel=1e-5)
    assert number("loss_times_ten", trace) == pytest.approx(-10 * math.log(share), rel=1e-5)
    lost = -math.log(share) + share - share / 10
    assert number("loss_plus_lost_share", trace) == pytest.approx(lost, rel=1e-5)


@everywhere
def test_equal_odds_are_those_of_the_classes(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    even = torch.zeros(1, int(number("class_count", trace)))
    assert number("log_classes", trace) == pytest.approx(
        cross_entropy(even, torch.tensor([0])).item()
    )
    assert number("equal_share_missed", trace) == pytest.approx(1 - even.softmax(1)[0, 0].item())
    gap = first_step(trace).loss - number("log_classes", trace)
    assert number("first_loss_above_equal_odds", trace) == pytest.approx(gap, abs=1e-5)


@everywhere
def test_a_loss_goes_back_to_the_geometric_mean_of_probabilities(
    variety: dict[str, Trace], name: str
) -> None:
    trace, step = variety[name], first_step(variety[name])
    shares = step.logits.double().softmax(dim=1)[torch.arange(len(step.y)), step.y]
    geometric = (
        shares.prod() ** (1 / len(shares)) if len(shares) < 100 else shares.log().mean().exp()
    )
    assert number("first_batch_probability", trace) == pytest.approx(geometric.item(), rel=1e-4)
    loss = float(trace.document["epochs"][0]["running_loss"])
    assert number("first_running_probability", trace) == pytest.approx(math.e**-loss, rel=1e-12)
    assert number("one_minus_first_running_loss", trace) == 1 - loss


@everywhere
def test_a_batch_of_the_first_four_rows(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    if len(step.y) < 4:
        assert probe("four_rows_mean", trace) is None
        assert probe("four_row_losses", trace) is None
        return
    four = step.logits[:4].double(), step.y[:4]
    each, summed = cross_entropy(*four, reduction="none"), cross_entropy(*four, reduction="sum")
    told = [float(loss) for loss in str(probe("four_row_losses", trace)).split(", ")]
    assert told == pytest.approx(each.tolist(), abs=1e-4)
    assert number("four_rows_mean", trace) == pytest.approx(cross_entropy(*four).item(), rel=1e-5)
    assert number("four_rows_sum", trace) == pytest.approx(summed.item(), rel=1e-5)
    by_classes = summed.item() / step.logits.shape[1]
    assert number("four_rows_by_classes", trace) == pytest.approx(by_classes, rel=1e-5)


@everywhere
def test_softmax_down_the_columns_leaves_rows_their_share(
    variety: dict[str, Trace], name: str
) -> None:
    trace, step = variety[name], first_step(variety[name])
    rows = step.logits.double().softmax(dim=0).sum(dim=1)
    assert number("column_softmax_row_sum", trace) == pytest.approx(rows.mean().item())


@everywhere
def test_equal_odds_on_twice_the_classes(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    even = torch.zeros(1, 2 * int(number("class_count", trace)))
    cost = cross_entropy(even, torch.tensor([0])).item()
    assert number("log_twice_the_classes", trace) == pytest.approx(cost)
    assert number("twice_log_classes", trace) == 2 * number("log_classes", trace)


@everywhere
def test_the_row_whose_class_is_outvoted(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    wrong = (step.logits.argmax(dim=1) != step.y).nonzero().flatten().tolist()
    if not wrong:
        assert probe("outvoted_score", trace) is None
        return
    row = step.logits[wrong[0]].double().detach().requires_grad_()
    (gradient,) = torch.autograd.grad(cross_entropy(row, step.y[wrong[0]]), row)
    lowers = (gradient < 0).nonzero().flatten().tolist()
    assert number("outvoted_row", trace) == wrong[0] + 1
    assert [number("outvoted_label", trace)] == lowers
    assert number("outvoted_score", trace) == pytest.approx(row[lowers[0]].item(), abs=1e-5)
    assert number("outvoted_winner", trace) == pytest.approx(row.max().item(), abs=1e-5)
    told = str(probe("outvoted_scores", trace)).replace("\N{MINUS SIGN}", "-").split(", ")
    assert [float(score) for score in told] == pytest.approx(row.tolist(), abs=1e-4)


def test_batches_are_pooled_by_their_rows() -> None:
    rows = [1.2] * 90 + [0.2] * 10
    assert of_losses("pooled_loss", 1.2, 0.7, 0.2) == pytest.approx(sum(rows) / 100)
    assert of_losses("pooled_as_equals", 1.2, 0.7, 0.2) == pytest.approx(0.7)
    assert of_losses("pooled_as_sum", 1.2, 0.7, 0.2) == pytest.approx(1.4)


@pytest.mark.parametrize("losses", [[], [None], [NAN, 1.0], [1.0, INF]])
def test_nothing_is_worked_out_of_what_is_absent_or_not_finite(losses: list[float | None]) -> None:
    for name in ("pooled_loss", "pooled_as_equals", "pooled_as_sum"):
        assert of_losses(name, *losses) is None
    if not losses or losses[0] is None or math.isnan(losses[0]):
        assert of_losses("first_batch_probability", *losses) is None
        assert of_losses("first_loss_above_equal_odds", *losses) is None


@everywhere
def test_batch_1_is_counted(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    assert probe("first_batch_hits", trace) == int((step.logits.argmax(1) == step.y).sum())
    assert probe("first_batch_rows", trace) == len(step.y)
    assert probe("first_labels", trace) == ", ".join(map(str, step.y[:4].tolist()))


@everywhere
def test_softmax_ahead_of_the_criterion(variety: dict[str, Trace], name: str) -> None:
    trace, step = variety[name], first_step(variety[name])
    twice = cross_entropy(step.logits.double().softmax(dim=1), step.y)
    assert number("softmaxed_loss", trace) == pytest.approx(twice.item(), rel=1e-5)
    perfect = torch.eye(int(number("class_count", trace)), dtype=torch.float64)
    floor = cross_entropy(perfect, torch.arange(len(perfect)))
    assert number("softmaxed_floor", trace) == pytest.approx(floor.item(), rel=1e-9)
    assert number("softmaxed_loss", trace) >= number("softmaxed_floor", trace)


@everywhere
def test_shapes_are_those_of_pytorch(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    rows = trace.document["spec"]["batch_size"]
    column, labels = torch.zeros(rows, 1), torch.zeros(rows)
    assert probe("batch_as_column_shape", trace) == str(tuple(column.shape))
    assert probe("full_batch_labels_shape", trace) == str(tuple(labels.shape))
    assert probe("batch_by_batch_shape", trace) == str(tuple((column - labels).shape))


def test_a_run_without_logits_has_no_rows_to_tell(variety: dict[str, Trace]) -> None:
    for name in ("no forward", "odd indentation", "nothing"):
        for each in ("first_batch_hits", "softmaxed_loss", "loss_of_tenth"):
            assert probe(each, variety[name]) is None
    assert "first.y" in tensors(variety["no forward"])
    assert probe("first_labels", variety["odd indentation"]) is None
    assert {"first_batch_hits", "pooled_loss"} <= PROBES.keys()


def test_a_loss_far_below_0_has_no_probability() -> None:
    """As of a program that trains on the negative loss."""
    assert of_losses("first_batch_probability", -1e9, 1.0) == math.inf
    assert of_losses("first_running_probability", -1e9, -1e9) == math.inf
