"""Each probe against a computation of its own, and over runs that have nothing for it."""

import math
from itertools import pairwise

import pytest
import torch
from safetensors.torch import save

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.documents import INF, NAN, Losses, document
from tests.trainer.engine.reading import changed, parameters, tensors
from trainer.engine.execute import run
from trainer.engine.probes import PROBES, Found, probe
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")


def losses_of(trace: Trace) -> list[float]:
    return [float(step["loss"]) for step in trace.document["steps"]]


def of_losses(name: str, *epochs: Losses) -> Found:
    """A probe that reads losses alone, on a document made by hand."""
    return probe(name, Trace(document(*epochs), b""))


@pytest.mark.parametrize("name", HONEST)
def test_counts_are_those_of_the_run(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    batches = math.ceil(spec["rows"] / spec["batch_size"])
    assert probe("epochs", trace) == spec["epochs"]
    assert probe("batches_per_epoch", trace) == batches
    assert probe("steps_planned", trace) == batches * spec["epochs"]
    assert probe("steps_run", trace) == probe("updates", trace) == batches * spec["epochs"]
    hidden = spec["hidden"]
    assert probe("parameter_count", trace) == 10 * hidden + hidden + 3 * hidden + 3
    assert probe("silent_units", trace) == trace.document["silent_units"]


@pytest.mark.parametrize("name", HONEST)
def test_loss_probes_read_the_losses(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    losses = losses_of(trace)
    assert probe("first_batch_loss", trace) == losses[0]
    assert probe("last_batch_loss", trace) == losses[-1]
    assert probe("batch_pairs", trace) == len(losses) - 1
    assert probe("rises_in_batch_loss", trace) == sum(b > a for a, b in pairwise(losses))
    assert probe("first_bad_step", trace) is None
    assert probe("log_classes", trace) == pytest.approx(1.0986122886681098)
    second = next(step for step in trace.document["steps"] if step["epoch"] == 2)
    assert probe("second_epoch_first_loss", trace) == second["loss"]


@pytest.mark.parametrize(
    ("losses", "course"),
    [
        ([3.0, 2.0, 1.0], "falls_always"),
        ([3.0, 2.0, 2.5, 1.0], "falls_with_rises"),
        ([3.0, 2.0, 2.0, 1.0], "falls_with_rises"),
        ([1.0, 2.0, 3.0], "does_not_fall"),
        ([1.0, 0.5, 1.0], "does_not_fall"),
        ([1.0, 1.0], "does_not_fall"),
        ([1.0, NAN, 0.5], "does_not_fall"),
        ([1.0, INF, 0.5], "does_not_fall"),
        ([1.0, 0.5, NAN], "does_not_fall"),
        ([1.0], None),
        ([1.0, None, 0.5], None),
        ([], None),
    ],
)
def test_the_course_of_the_batch_losses_has_three_names(
    losses: list[float | None], course: str | None
) -> None:
    assert of_losses("batch_loss_course", losses) == course


def test_rises_are_counted_across_epochs_and_not_where_a_loss_is_missing_or_not_finite() -> None:
    assert of_losses("rises_in_batch_loss", [1.0, 2.0], [3.0, 2.0]) == 2
    assert of_losses("batch_pairs", [1.0, 2.0], [3.0, 2.0]) == 3
    assert of_losses("rises_in_batch_loss", [1.0, NAN]) is None
    assert of_losses("batch_pairs", [1.0, NAN]) == 1
    assert of_losses("rises_in_batch_loss", [1.0, None]) is None
    assert of_losses("rises_in_batch_loss", [1.0]) is None


def test_the_first_bad_step_is_the_first_that_is_not_finite() -> None:
    assert of_losses("first_bad_step", [1.0, 2.0], [INF, NAN]) == 3
    assert of_losses("first_bad_step", [None, 2.0], [3.0, NAN]) == 4
    assert of_losses("first_bad_step", [1.0, None]) is None


@pytest.mark.parametrize("name", HONEST)
def test_epoch_probes_read_the_first_and_the_last_epoch(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    first, *_, last = trace.document["epochs"]
    assert probe("first_running_loss", trace) == first["running_loss"]
    assert probe("last_running_loss", trace) == last["running_loss"]
    assert probe("last_running_accuracy", trace) == last["running_accuracy"]
    assert probe("heldout_loss", trace) == last["heldout_loss"]
    assert probe("heldout_accuracy", trace) == last["heldout_accuracy"]


@pytest.mark.parametrize("name", HONEST)
def test_held_out_hits_are_counted_rows(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    _, (x, y) = textbook.data(spec["rows"])
    model = byhand.model_of(parameters(trace)[-1], spec["hidden"])
    hits = int((model(byhand.scaled(trace, x)).argmax(dim=1) == y).sum())
    assert probe("heldout_hits", trace) == hits
    assert probe("heldout_rows", trace) == len(y)
    assert probe("heldout_majority", trace) == int(y.bincount().max()) / len(y)


@pytest.mark.parametrize("name", HONEST)
def test_one_value_is_followed_through_the_scaler(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    low, high = byhand.bounds(trace)
    x, _ = byhand.batches_of(trace)[0]
    column = int((high - low).argmin())
    assert probe("followed_column", trace) == column
    assert probe("followed_raw", trace) == x[0, column].item()
    assert probe("followed_low", trace) == low[column].item()
    assert probe("followed_high", trace) == high[column].item()
    assert probe("followed_scaled", trace) == byhand.scaled(trace, x)[0, column].item()
    raw, least, most = (float(probe(f"followed_{n}", trace) or 0) for n in ("raw", "low", "high"))
    by_hand = (raw - least) / (most - least)
    assert probe("followed_scaled", trace) == pytest.approx(by_hand, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", HONEST)
def test_the_shown_row_is_the_first_of_the_first_batch(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    step = byhand.step_of(trace, parameters(trace)[0], byhand.batches_of(trace)[0])
    label = int(step.y[0])
    logits = step.logits[0].double()
    probability = torch.softmax(logits, dim=0)[label].item()
    assert probe("shown_row_label", trace) == label
    assert probe("shown_row_probability", trace) == pytest.approx(probability, rel=1e-6)
    assert probe("shown_row_loss", trace) == pytest.approx(-math.log(probability), rel=1e-5)
    assert probe("shown_row_miss", trace) == pytest.approx(1 - probability, rel=1e-6)
    assert probe("shown_row_logit_sum", trace) == pytest.approx(logits.sum().item(), abs=1e-6)
    assert probe("shown_row_lowest_logit", trace) == logits.min().item()


@pytest.mark.parametrize("name", HONEST)
def test_the_named_weight_has_the_largest_gradient_of_the_first_layer(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    hidden = trace.document["spec"]["hidden"]
    step = byhand.step_of(trace, parameters(trace)[0], byhand.batches_of(trace)[0])
    gradients = step.gradients[: 10 * hidden].view(hidden, 10)
    index = int(gradients.abs().argmax())
    assert probe("named_weight", trace) == f"0.weight[{index // 10}, {index % 10}]"
    gradient = gradients.flatten()[index].item()
    before, after = (parameters(trace)[at][index].item() for at in (0, 1))
    assert probe("weight_gradient", trace) == gradient
    assert probe("weight_before", trace) == before
    assert probe("weight_after", trace) == after
    rate = float(probe("by_hand_rate", trace) or 0)
    assert probe("weight_by_hand", trace) == pytest.approx(before - rate * gradient, rel=1e-12)
    assert probe("weight_uphill", trace) == pytest.approx(before + rate * gradient, rel=1e-12)
    assert probe("weight_minus_gradient", trace) == pytest.approx(before - gradient, rel=1e-12)


def test_the_rate_by_hand_is_never_the_run_s_own_under_plain_sgd() -> None:
    for rate in (0.5, 0.25, 0.1):
        trace = run(RunSpec(optimizer="sgd", lr=rate, epochs=1), Program.correct())
        assert probe("by_hand_rate", trace) not in {rate, None}
        own = float(probe("weight_before", trace) or 0) - rate * float(
            probe("weight_gradient", trace) or 0
        )
        assert probe("weight_after", trace) == pytest.approx(own, rel=1e-6)


@pytest.mark.parametrize("name", [*HONEST, "diverged", "late", "accumulating"])
def test_the_largest_change_is_between_start_and_end(variety: dict[str, Trace], name: str) -> None:
    stored = parameters(variety[name]).double()
    largest = (stored[-1] - stored[0]).abs().max().item()
    assert probe("largest_change", variety[name]) == largest


@pytest.mark.parametrize("end", [[NAN, 1.0], [1.0, NAN], [INF, NAN]])
def test_a_parameter_that_left_the_numbers_hides_behind_no_other(end: list[float]) -> None:
    trace = Trace({}, save({"parameters": torch.tensor([[0.0, 0.0], end])}))
    found = probe("largest_change", trace)
    assert isinstance(found, float)
    assert math.isnan(found)


def test_a_run_that_never_moves_has_a_largest_change_of_zero(variety: dict[str, Trace]) -> None:
    for name in ("nothing", "never clears in time"):
        assert probe("largest_change", variety[name]) == 0.0


ABSENT = {
    "no forward": {
        "first_batch_loss", "last_batch_loss", "batch_pairs", "rises_in_batch_loss",
        "batch_loss_course", "second_epoch_first_loss", "first_running_loss", "heldout_loss",
        "shown_row_loss", "shown_row_probability", "shown_row_miss", "shown_row_logit_sum",
        "shown_row_lowest_logit", "named_weight", "weight_before", "weight_after",
        "weight_gradient", "weight_by_hand", "weight_uphill", "weight_minus_gradient",
    },
    "odd indentation": {
        "parameter_count", "silent_units", "first_batch_loss", "first_running_loss",
        "heldout_accuracy", "heldout_hits", "followed_raw", "followed_column", "shown_row_label",
        "shown_row_loss", "named_weight", "weight_before", "largest_change", "batch_pairs",
    },
    "nothing": {"first_batch_loss", "shown_row_loss", "named_weight", "weight_gradient"},
    "late": {"named_weight", "weight_gradient", "weight_before", "weight_after"},
}  # fmt: skip


@pytest.mark.parametrize("name", ABSENT)
def test_what_a_run_does_not_have_is_absent(variety: dict[str, Trace], name: str) -> None:
    found = {each: probe(each, variety[name]) for each in ABSENT[name]}
    assert set(found.values()) == {None}, found


def test_every_probe_answers_on_every_run_and_changes_nothing(variety: dict[str, Trace]) -> None:
    for trace in variety.values():
        before = trace.fingerprint()
        answers = {name: function(trace) for name, function in PROBES.items()}
        assert all(isinstance(each, float | int | str | None) for each in answers.values())
        assert repr(answers) == repr({name: probe(name, trace) for name in PROBES})
        assert trace.fingerprint() == before


def test_a_measured_run_has_an_answer_for_every_probe_but_those_of_a_bad_end(calm: Trace) -> None:
    absent = {name for name in PROBES if probe(name, calm) is None}
    assert absent == {"first_bad_step", "error_message"}


def test_a_probe_depends_on_the_trace_alone(calm: Trace) -> None:
    steps = [dict(step) for step in calm.document["steps"]]
    steps[0]["loss"] = 7.5
    assert probe("first_batch_loss", changed(calm, steps=steps)) == 7.5
    assert probe("first_batch_loss", calm) == tensors(calm)["first.loss"].item()


def test_an_unknown_name_is_a_key_error(calm: Trace) -> None:
    with pytest.raises(KeyError):
        probe("__class__", calm)
