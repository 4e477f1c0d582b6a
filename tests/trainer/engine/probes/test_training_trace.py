"""Probes of the training trace, each against PyTorch or a computation by hand."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from tests.trainer.engine import byhand, textbook
from tests.trainer.engine.documents import INF, NAN, document
from tests.trainer.engine.reading import changed, parameters
from trainer.engine.probes import Found, probe
from trainer.engine.trace import Trace

HONEST = ("calm", "published", "ragged", "one by one", "whole", "momentum", "adamw")

everywhere = pytest.mark.parametrize("name", HONEST)


def number(name: str, trace: Trace) -> float:
    found = probe(name, trace)
    assert isinstance(found, float | int)
    return float(found)


def ends(trace: Trace) -> list[tuple[float, float, float, float]]:
    """Loss and accuracy on training rows and on held-out rows at each epoch's end, by PyTorch."""
    spec = trace.document["spec"]
    sets = textbook.data(spec["rows"], spec["data_seed"])
    found = []
    for epoch in trace.document["epochs"]:
        model = byhand.model_of(parameters(trace)[epoch["last_step"]], spec["hidden"])
        figures = []
        for x, y in sets:
            with torch.no_grad():
                logits = model(byhand.scaled(trace, x))
            figures += [cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean()]
        found.append(tuple(float(each) for each in figures))
    return found  # type: ignore[return-value]


@everywhere
def test_the_ends_of_epochs(variety: dict[str, Trace], name: str) -> None:
    trace, known = variety[name], ends(variety[name])
    assert number("first_training_loss", trace) == pytest.approx(known[0][0], rel=1e-5)
    assert number("last_training_loss", trace) == pytest.approx(known[-1][0], rel=1e-5)
    assert number("last_training_accuracy", trace) == pytest.approx(known[-1][1])
    assert probe("epochs_measured", trace) == len(known)
    running = [each["running_loss"] for each in trace.document["epochs"]]
    above = sum(round(a, 3) > round(b[0], 3) for a, b in zip(running, known, strict=True))
    assert abs(number("running_above_end", trace) - above) <= 1
    losses = [each[2] for each in known]
    best = int(number("best_heldout_epoch", trace))
    assert losses[best - 1] == pytest.approx(min(losses), rel=1e-5)
    assert number("best_heldout_loss", trace) == pytest.approx(min(losses), rel=1e-5)


@everywhere
def test_from_epoch_to_epoch(variety: dict[str, Trace], name: str) -> None:
    trace, known = variety[name], torch.tensor(ends(variety[name]), dtype=torch.float64)
    assert probe("epoch_changes", trace) == len(known) - 1
    assert probe("heldout_loss_falls", trace) == int((known[:, 2].diff() < 0).sum())
    assert probe("heldout_accuracy_rises", trace) == int((known[:, 3].diff() > 0).sum())


@everywhere
def test_the_last_batch_against_its_epoch(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    gaps = []
    for epoch in trace.document["epochs"]:
        own = [each for each in trace.document["steps"] if each["epoch"] == epoch["epoch"]]
        losses = torch.tensor([each["loss"] for each in own], dtype=torch.float64)
        sizes = torch.tensor([each["rows"] for each in own], dtype=torch.float64)
        gaps.append(float((losses[-1] - (losses * sizes).sum() / sizes.sum()).abs()))
    assert number("largest_last_batch_gap", trace) == pytest.approx(max(gaps), abs=1e-9)


@everywhere
def test_hits_beyond_a_blind_answer(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    spec = trace.document["spec"]
    _, (x, y) = textbook.data(spec["rows"], spec["data_seed"])
    model = byhand.model_of(parameters(trace)[-1], spec["hidden"])
    named = model(byhand.scaled(trace, x)).argmax(dim=1)
    always = int(y.bincount().max())
    assert probe("hits_above_majority", trace) == int((named == y).sum()) - always
    assert probe("hits_above_equal", trace) == int((named == y).sum()) - round(len(y) / 3)
    counts = ", ".join(str(int((y == each).sum())) for each in range(3))
    assert probe("heldout_class_counts", trace) == counts


@pytest.mark.parametrize("name", [*HONEST, "never clears in time", "nothing", "late"])
def test_the_weights_that_the_batches_of_an_epoch_met(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    last = trace.document["epochs"][-1]["epoch"]
    steps = [each["step"] for each in trace.document["steps"] if each["epoch"] == last]
    rows = parameters(trace)[[step - 1 for step in steps]]
    assert probe("weights_met", trace) == len({tuple(row) for row in rows.tolist()})


def test_one_epoch_is_not_several(calm: Trace) -> None:
    assert probe("several_epochs", calm) == 5
    spec = calm.document["spec"] | {"epochs": 1}
    assert probe("several_epochs", changed(calm, spec=spec)) is None


def of(trace: Trace, **columns: list[float]) -> Trace:
    """The calm run with other figures of its epochs."""
    rows = [dict(each) for each in trace.document["epochs"]]
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return changed(trace, epochs=rows)


def test_figures_are_compared_as_they_are_printed(calm: Trace) -> None:
    ends_ = [1.0, 0.9, 0.8, 0.7, 0.6]
    running = [1.0004, 0.9006, 0.9, 0.7, 0.5]
    assert probe("running_above_end", of(calm, loss=ends_, running_loss=running)) == 2


@pytest.mark.parametrize("gone", [NAN, INF])
def test_what_is_not_finite_is_absent(calm: Trace, gone: float) -> None:
    spelled = str(gone)
    trace = of(calm, loss=[1.0, 1, 1, 1, spelled], heldout_loss=[1.0, 1, spelled, 1, 1])  # type: ignore[list-item]
    for name in ("last_training_loss", "epochs_measured", "running_above_end", "epoch_changes",
                 "heldout_loss_falls", "best_heldout_epoch", "best_heldout_loss"):  # fmt: skip
        assert probe(name, trace) is None, name
    assert probe("first_training_loss", trace) == 1.0


def test_a_batch_whose_loss_is_gone_is_no_last_batch() -> None:
    def gap(*epochs: list[float | None]) -> Found:
        return probe("largest_last_batch_gap", Trace(document(*epochs), b""))

    assert gap([1.0, 3.0], [2.0, 2.0]) == pytest.approx(1.0)
    assert gap([1.0, 3.0], [2.0, math.nan]) == pytest.approx(1.0)
    assert gap([1.0, None]) is None


# -- what questions read ---------------------------------------------------------------------


@everywhere
def test_the_last_batches_are_listed_and_their_rises_counted(
    variety: dict[str, Trace], name: str
) -> None:
    trace = variety[name]
    losses = torch.tensor([step["loss"] for step in trace.document["steps"]])
    if len(losses) < 10:
        assert probe("late_losses", trace) is probe("late_rises", trace) is None
        return
    listed = torch.tensor([float(each) for each in str(probe("late_losses", trace)).split(", ")])
    assert torch.allclose(listed, losses[-10:], atol=5.01e-4)
    assert probe("late_rises", trace) == int((listed.diff() > 0).sum())


def test_losses_that_print_alike_are_no_rise() -> None:
    trace = Trace(document([0.5 + 1e-5 * each for each in range(10)]), b"")
    assert probe("late_rises", trace) == 0


@pytest.mark.parametrize("gone", [NAN, INF, -0.5, 1e4, None])
def test_what_cannot_be_read_is_not_listed(gone: float | None) -> None:
    trace = Trace(document([1.0] * 9 + [gone]), b"")
    assert probe("late_losses", trace) is None
    assert probe("late_rises", trace) is None


@everywhere
def test_held_out_rows_beside_training_rows(variety: dict[str, Trace], name: str) -> None:
    trace, (loss, _, heldout, _) = variety[name], ends(variety[name])[-1]
    assert number("heldout_over_training", trace) == pytest.approx(heldout - loss, abs=1e-5)
    epoch, steps = trace.document["epochs"][-1]["epoch"], trace.document["steps"]
    own = [each for each in steps if each["epoch"] == epoch]
    rows = torch.tensor([each["rows"] for each in own], dtype=torch.float64)
    running = (torch.tensor([each["loss"] for each in own]) * rows).sum() / rows.sum()
    assert number("heldout_over_running", trace) == pytest.approx(
        heldout - float(running), abs=1e-5
    )


@everywhere
def test_how_far_the_loss_came_down(variety: dict[str, Trace], name: str) -> None:
    trace = variety[name]
    running = torch.tensor([each["running_loss"] for each in trace.document["epochs"]])
    losses = torch.tensor([each["loss"] for each in trace.document["steps"]])
    assert number("running_fall", trace) == pytest.approx(float(running[0] - running[-1]), abs=1e-6)
    assert number("batch_fall", trace) == pytest.approx(float(losses[0] - losses[-1]), abs=1e-6)


def test_beside_a_loss_that_is_not_finite_there_is_no_gap(calm: Trace) -> None:
    trace = of(calm, loss=[1.0, 1, 1, 1, str(NAN)])  # type: ignore[list-item]
    assert probe("heldout_over_training", trace) is None
