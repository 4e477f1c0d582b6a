"""What the figures of the training trace say and draw, computed again from the run's numbers."""

import math
from itertools import pairwise

import pytest
import torch

from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import of_class, parsed, share, words
from tests.course.lessons.lesson.said import (
    RUNS,
    Said,
    apart,
    cells,
    column,
    made,
    plural,
    same,
    trace_of,
    whole,
)
from trainer.engine.trace import Document, Trace

everywhere = pytest.mark.parametrize("name", RUNS)
NAMES = {"loss": ("running_loss", "loss", "heldout_loss"),
         "accuracy": ("running_accuracy", "accuracy", "heldout_accuracy")}  # fmt: skip


def printed(figures: torch.Tensor) -> torch.Tensor:
    """To the digits of a page, as Python rounds."""
    return torch.tensor([round(each, 3) for each in figures.tolist()], dtype=torch.float64)


# -- three measures ------------------------------------------------------------------------

measures = Said()


@measures.claim(r"Dotted: running\. Dashed: training rows\. Solid: held-out rows\.")
def _how(document: Document, noun: str) -> None:
    pass


@measures.claim(r"This run has no (loss|accuracy) that can be drawn\.")
def _none(document: Document, noun: str, said: str) -> None:
    assert said == noun
    assert not any(column(document, name).isfinite().any() for name in NAMES[noun])


@measures.claim(
    r"Epoch INT:(?: running FIGURE)?(?:,? training rows FIGURE)?(?:,? held-out rows FIGURE)?\."
)
def _last(document: Document, noun: str, epoch: str, *written: str | None) -> None:
    last = document["epochs"][-1]
    assert whole(epoch) == last["epoch"]
    for text, name in zip(written, NAMES[noun], strict=True):
        assert (text is None) == (last[name] is None)
        if text is not None:
            same(text, last[name])


@measures.claim(
    r"Running was (above|below) what the same rows gave once the epoch was over in INT of INT "
    r"(epochs?); the two were at most FIGURE apart, in epoch INT\."
)
def _lags(document: Document, noun: str, side: str, *found: str) -> None:
    times, epochs, unit, gap, epoch = found
    running, ends, _ = (column(document, name) for name in NAMES[noun])
    both = running.isfinite() & ends.isfinite()
    assert whole(epochs) == int(both.sum())
    plural(epochs, unit)
    assert side == ("above" if noun == "loss" else "below")
    worse = printed(running) > printed(ends)
    if noun == "accuracy":
        worse = printed(running) < printed(ends)
    assert whole(times) == int((worse & both).sum())
    gaps = (running - ends).abs().where(both, torch.tensor(-1.0).double())
    assert gaps[whole(epoch) - 1] == gaps.max()
    apart(gap, running[whole(epoch) - 1].item(), ends[whole(epoch) - 1].item())


@measures.claim(
    r"At the end of INT of INT (epochs?) the held-out rows did better than the training rows\."
)
def _outside(document: Document, noun: str, times: str, epochs: str, unit: str) -> None:
    _, ends, heldout = (column(document, name) for name in NAMES[noun])
    both = heldout.isfinite() & ends.isfinite()
    better = printed(heldout) < printed(ends)
    if noun == "accuracy":
        better = printed(heldout) > printed(ends)
    assert whole(times) == int((better & both).sum())
    assert whole(epochs) == int(both.sum())
    plural(epochs, unit)


@everywhere
@pytest.mark.parametrize("noun", NAMES)
def test_three_measures(name: str, noun: str) -> None:
    document = trace_of(name).document
    figure = made(FIGURES["three-measures"], trace_of(name), {"measure": noun})
    assert (figure is None) == (not document["epochs"])
    if figure is None:
        return
    measures.check(figure.says, document, noun)
    finite = [column(document, each).isfinite().any() for each in NAMES[noun]]
    assert bool(figure.drawing) == any(finite)
    if figure.drawing:
        seen = words(parsed(figure.drawing))
        labels = ("running", "training", "held-out")
        assert [label in seen for label in labels] == finite
        assert len(cells(figure.table)) == len(document["epochs"])


def test_a_line_stands_where_the_numbers_say() -> None:
    """The calm run's accuracy, read back from the drawing."""
    trace = trace_of("calm")
    figure = made(FIGURES["three-measures"], trace, {"measure": "accuracy"})
    assert figure
    discs = [
        (share(each.attrib["cx"]), float(each.attrib["cy"]))
        for each in parsed(figure.drawing).iter("circle")
        if each.attrib["class"] == "ink"
    ]
    known = column(trace.document, "heldout_accuracy").tolist()
    assert [x for x, _ in discs] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert [y for _, y in discs] == pytest.approx(
        [212 - 200 * each / 1.08 for each in known], abs=0.01
    )


# -- batches of an epoch ---------------------------------------------------------------------

batches = Said()


@batches.claim(r"Solid: batches\. Dashed: the mean of the epoch\.")
def _which(trace: Trace, chosen: str) -> None:
    pass


def own(trace: Trace, chosen: str) -> list[Document]:
    every = [each for each in trace.document["steps"] if each["loss"] is not None]
    return [each for each in every if chosen in ("all", str(each["epoch"]))]


def losses(trace: Trace, chosen: str) -> torch.Tensor:
    return torch.tensor([float(each["loss"]) for each in own(trace, chosen)], dtype=torch.float64)


@batches.claim(r"At step INT the loss was not a finite number\.")
def _bad(trace: Trace, chosen: str, step: str) -> None:
    steps = own(trace, chosen)
    assert whole(step) == steps[int((~losses(trace, chosen).isfinite()).nonzero()[0])]["step"]


@batches.claim(r"One batch is all of epoch INT, so its loss FIGURE is the mean\.")
def _one(trace: Trace, chosen: str, epoch: str, loss: str) -> None:
    (only,) = own(trace, chosen)
    assert whole(epoch) == only["epoch"]
    same(loss, only["loss"])
    same(loss, trace.document["epochs"][whole(epoch) - 1]["running_loss"])


@batches.claim(r"INT batches, from FIGURE to FIGURE\. The loss rose at INT of INT (changes?)\.")
def _course(trace: Trace, chosen: str, *found: str) -> None:
    count, low, high, rises, changes, unit = found
    known = losses(trace, chosen)
    assert whole(count) == len(known) > 1
    same(low, known.min().item())
    same(high, known.max().item())
    assert whole(rises) == int((known.diff() > 0).sum())
    assert whole(changes) == len(known) - 1
    plural(changes, unit)


@batches.claim(
    r"The mean over all INT (rows?) is FIGURE\. The last batch, ringed, cost FIGURE: FIGURE "
    r"(above|below|from) it\."
)
def _mean(trace: Trace, chosen: str, *found: str) -> None:
    rows, unit, mean, last, gap, side = found
    steps, known = own(trace, chosen), losses(trace, chosen)
    sizes = torch.tensor([each["rows"] for each in steps]).double()
    assert whole(rows) == int(sizes.sum())
    plural(rows, unit)
    exact = float((known * sizes).sum() / sizes.sum())
    same(mean, exact)
    same(last, known[-1].item())
    apart(gap, known[-1].item(), trace.document["epochs"][int(chosen) - 1]["running_loss"])
    assert side == ("above" if known[-1] > exact else "below") or gap == "0.000"


@batches.claim(r"INT (batch|batches) in INT (epochs?)\.")
def _how_many(trace: Trace, chosen: str, *found: str) -> None:
    count, noun, epochs, unit = found
    assert whole(count) == len(trace.document["steps"])
    assert whole(epochs) == trace.document["steps"][-1]["epoch"]
    plural(count, noun, "batch")
    plural(epochs, unit)


@batches.claim(
    r"The last batch of an epoch was at most FIGURE off the mean of its epoch: in epoch INT it "
    r"cost FIGURE, the mean was FIGURE\."
)
def _off(trace: Trace, chosen: str, gap: str, epoch: str, last: str, mean: str) -> None:
    means = column(trace.document, "running_loss")
    lasts = [own(trace, str(each["epoch"]))[-1:] for each in trace.document["epochs"]]
    ends = torch.tensor(
        [float(each[0]["loss"]) if each else math.nan for each in lasts], dtype=torch.float64
    )
    gaps = (ends - means).abs().nan_to_num(-1.0, -1.0, -1.0)
    at = whole(epoch) - 1
    assert gaps[at] == gaps.max()
    same(last, ends[at].item())
    same(mean, means[at].item())
    apart(gap, ends[at].item(), means[at].item())


@batches.claim(r"The loss rose at INT of INT (changes?)\.")
def _rose(trace: Trace, chosen: str, rises: str, changes: str, unit: str) -> None:
    known = losses(trace, "all").tolist()
    assert whole(rises) == sum(b > a for a, b in pairwise(known))
    assert whole(changes) == len(known) - 1
    plural(changes, unit)


@everywhere
def test_batches_of_epochs(name: str) -> None:
    trace = trace_of(name)
    epochs = {str(each["epoch"]) for each in own(trace, "all")}
    options = ["all", *sorted(epochs, key=int)[:2], *sorted(epochs, key=int)[-1:]]
    for chosen in options:
        figure = made(FIGURES["batches-of-epoch"], trace, {"batches": chosen})
        assert (figure is None) == (not epochs)
        if figure is None:
            continue
        assert len(figure.controls[0].options) == len(epochs) + 1
        batches.check(figure.says, trace, chosen)
        assert bool(figure.drawing) == bool(losses(trace, chosen).isfinite().any())
        assert len(cells(figure.table)) == min(50, len(own(trace, chosen)))


def test_the_last_batch_is_ringed_in_an_epoch_and_not_in_all() -> None:
    for chosen, rings in (("3", 1), ("all", 0)):
        figure = made(FIGURES["batches-of-epoch"], trace_of("calm"), {"batches": chosen})
        assert figure
        assert len(of_class(parsed(figure.drawing), "hollow")) == rings


# -- above the baseline ------------------------------------------------------------------------

baseline = Said()
FIELDS = {"heldout": ("heldout_accuracy", "heldout_class_counts", "held-out rows"),
          "training": ("accuracy", "class_counts", "training rows")}  # fmt: skip


def shares(trace: Trace, rows: str) -> torch.Tensor:
    return column(trace.document, FIELDS[rows][0])


@baseline.claim(
    r"The upright line is at FIGURE: INT of INT (held-out rows|training rows) are of CLASS, "
    r"and always naming it needs no model\."
)
def _line(trace: Trace, rows: str, *found: str) -> None:
    at, most, every, noun, named = found
    counts = torch.tensor(trace.document["data"][FIELDS[rows][1]])
    assert noun == FIELDS[rows][2]
    assert whole(most) == int(counts.max()) == int(counts[whole(named)])
    assert whole(every) == int(counts.sum())
    same(at, float(counts.max() / counts.sum()))


@baseline.claim(r"After epoch INT the model is right on FIGURE, FIGURE (above|below|off) it\.")
def _against(trace: Trace, rows: str, epoch: str, right: str, gap: str, side: str) -> None:
    counts = torch.tensor(trace.document["data"][FIELDS[rows][1]]).double()
    level, exact = (
        (counts.max() / counts.sum()).item(),
        shares(trace, rows)[whole(epoch) - 1].item(),
    )
    same(right, exact)
    apart(gap, exact, level)
    assert side == ("above" if exact > level else "below" if exact < level else "off")


@baseline.claim(
    r"The end of INT of INT (epochs?) lies above the line\. One in INT would be FIGURE\."
)
def _above(trace: Trace, rows: str, *found: str) -> None:
    above, epochs, unit, classes, equal = found
    counts = torch.tensor(trace.document["data"][FIELDS[rows][1]]).double()
    known = shares(trace, rows)[shares(trace, rows).isfinite()]
    assert whole(above) == int((known > counts.max() / counts.sum()).sum())
    assert whole(epochs) == len(known)
    plural(epochs, unit)
    assert whole(classes) == len(counts)
    same(equal, 1 / len(counts))


@baseline.claim(r"Drawn: INT of INT epochs\.")
def _drawn(trace: Trace, rows: str, drawn: str, epochs: str) -> None:
    assert whole(drawn) == 12 < whole(epochs) == int(shares(trace, rows).isfinite().sum())


@everywhere
@pytest.mark.parametrize("rows", FIELDS)
def test_above_the_baseline(name: str, rows: str) -> None:
    trace = trace_of(name)
    figure = made(FIGURES["above-baseline"], trace, {"rows": rows})
    known = shares(trace, rows)[shares(trace, rows).isfinite()]
    assert (figure is None) == (not len(known))
    if figure is None:
        return
    baseline.check(figure.says, trace, rows)
    root = parsed(figure.drawing)
    bars = [share(each.attrib["width"]) for each in of_class(root, "ink-3")]
    assert len(bars) == min(12, len(known)) == len(of_class(root, "mark-ground"))
    assert bars[0] == pytest.approx(known[0].item(), abs=1e-4)
    assert bars[-1] == pytest.approx(known[-1].item(), abs=1e-4)
