"""What the figures of the prediction trace say and draw, computed again with PyTorch."""

import math
import re

import pytest
import torch
from torch import Tensor
from torch.nn.functional import linear

from course.heldout.rows import Row, rows_after
from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import of_class, parsed, share, words
from tests.course.lessons.lesson.said import (
    RUNS,
    Said,
    cells,
    made,
    plural,
    same,
    trace_of,
    whole,
)
from tests.course.lessons.pipeline.variety import Facts
from trainer.engine.execute import names_of
from trainer.engine.probes import spec_of
from trainer.engine.trace import Trace

everywhere = pytest.mark.parametrize("name", RUNS)
KEPT = ["calm", "published", "ragged by 40", "one by one", "many epochs", "one hidden unit",
        "sgd, seed 3", "adam, seed 2", "crawling", "zero-between", "step first"]  # fmt: skip


def trained(trace: Trace) -> bool:
    """Whether there is a model to predict with, and a scaler."""
    return trace.has("parameters") and trace.has("low")


def last_epoch(trace: Trace) -> int:
    return max((int(each["epoch"]) for each in trace.document["epochs"]), default=0)


def epochs_of(trace: Trace) -> list[int]:
    return sorted({0, 1, last_epoch(trace)} & {0, *range(last_epoch(trace) + 1)})


def logits_of(name: str, epoch: int) -> Tensor:
    """Of all held-out rows, by hand, under the parameters after an epoch."""
    facts, trace = Facts.of(name), trace_of(name)
    x = names_of(spec_of(trace))["heldout"].x
    low, high = facts.tensors["low"], facts.tensors["high"]
    step = 0 if epoch == 0 else trace.document["epochs"][epoch - 1]["last_step"]
    shapes = [tuple(each["shape"]) for each in trace.document["layout"]]
    parts = torch.split(facts.after(step), [math.prod(shape) for shape in shapes])
    weight1, bias1, weight2, bias2 = (p.view(s) for p, s in zip(parts, shapes, strict=True))
    hidden = linear((x - low) / (high - low), weight1, bias1).clamp(min=0)
    return linear(hidden, weight2, bias2)


def tensors(rows: list[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Labels, predictions, and shares by PyTorch in double precision."""
    labels = torch.tensor([row.label for row in rows])
    logits = torch.tensor([row.logits for row in rows], dtype=torch.float64)
    return labels, logits.argmax(dim=1), logits.softmax(dim=1)


@pytest.mark.parametrize("name", KEPT)
def test_the_figures_read_the_rows_that_pytorch_predicts(name: str) -> None:
    trace = trace_of(name)
    labels = names_of(spec_of(trace))["heldout"].y
    for epoch in epochs_of(trace):
        rows = rows_after(trace, epoch)
        wanted = logits_of(name, epoch)
        found = torch.tensor([row.logits for row in rows])
        assert torch.allclose(found, wanted, rtol=1e-4, atol=1e-4)
        assert [row.label for row in rows] == labels.tolist()
        odds = torch.tensor([row.shares for row in rows])
        assert torch.allclose(odds, wanted.softmax(dim=1), atol=1e-4)


# -- confusion -------------------------------------------------------------------------------

confusion = Said()


@confusion.claim(r"Down: the class of a row\. Across: the class predicted\.")
def _how(rows: list[Row], classes: int) -> None:
    pass


@confusion.claim(r"INT of INT (rows?) lie on the diagonal: they are predicted right\.")
def _diagonal(rows: list[Row], classes: int, right: str, every: str, unit: str) -> None:
    labels = torch.tensor([row.label for row in rows])
    named = torch.tensor([row.predicted for row in rows])
    assert whole(right) == int((labels == named).sum())
    assert whole(every) == len(rows)
    plural(every, unit)


def counted(rows: list[Row], classes: int) -> Tensor:
    flat = torch.tensor([row.label * classes + row.predicted for row in rows])
    return flat.bincount(minlength=classes * classes).view(classes, classes)


@confusion.claim(r"Of the INT others the commonest kind is CLASS taken for CLASS: INT (rows?)\.")
def _kind(rows: list[Row], classes: int, *found: str) -> None:
    others, label, named, count, unit = found
    table = counted(rows, classes)
    off = table - table.diag().diag()
    assert whole(others) == int(off.sum()) > 1
    assert whole(count) == int(off.max()) == int(off[whole(label), whole(named)])
    plural(count, unit)


@confusion.claim(r"The other one is CLASS taken for CLASS\.")
def _other(rows: list[Row], classes: int, label: str, named: str) -> None:
    table = counted(rows, classes)
    assert int((table - table.diag().diag()).sum()) == int(table[whole(label), whole(named)]) == 1
    assert label != named


@confusion.claim(r"Never predicted: ((?:class \d+(?: \([^()]+\))?(?:, )?)+)\.")
def _never(rows: list[Row], classes: int, listed: str) -> None:
    empty = (counted(rows, classes).sum(dim=0) == 0).nonzero().flatten().tolist()
    assert [int(each) for each in re.findall(r"class (\d+)", listed)] == empty


@confusion.claim(r"INT of INT classes are never predicted\.")
def _many(rows: list[Row], classes: int, empty: str, every: str) -> None:
    assert whole(empty) == int((counted(rows, classes).sum(dim=0) == 0).sum()) > 4
    assert whole(every) == classes


@confusion.claim(r"The shares of INT (rows?) are not numbers\.")
def _lost(rows: list[Row], classes: int, lost: str, unit: str) -> None:
    assert whole(lost) == int((~tensors(rows)[2].isfinite()).any(dim=1).sum()) > 0
    plural(lost, unit)


@confusion.claim(r"There are no predictions of this run at that point, or no runner is free .*\.")
def _nothing(rows: list[Row], classes: int) -> None:
    assert not rows


@everywhere
def test_which_class_is_taken_for_which(name: str) -> None:
    trace = trace_of(name)
    classes = trace.document["data"]["classes"]
    for epoch in epochs_of(trace):
        figure = made(FIGURES["confusion"], trace, {"confused_after": str(epoch)})
        assert (figure is None) == (not trained(trace))
        if figure is None:
            continue
        rows = rows_after(trace, epoch)
        confusion.check(figure.says, rows, classes)
        assert bool(figure.drawing) == bool(rows)
        if rows:
            table = counted(rows, classes)
            assert [row[1:] for row in cells(figure.table)] == [
                [str(each) for each in line] for line in table.tolist()
            ]
            seen = [word.replace(",", "") for word in words(parsed(figure.drawing))]
            for number in table.flatten().tolist():
                seen.remove(str(number))
            assert len(of_class(parsed(figure.drawing), "framed")) == classes


def test_ten_classes_stand_beside_one_another_in_a_drawing_that_scrolls() -> None:
    for name, width in (("calm", 290), ("digits", 520)):
        figure = made(FIGURES["confusion"], trace_of(name))
        assert figure
        assert 250 < float(parsed(figure.drawing).attrib["width"]) < width


# -- softmax and what it sees --------------------------------------------------------------------

shift = Said()


def changed(row: Row, change: str) -> Tensor:
    logits = torch.tensor(row.logits).double()
    if change == "again":
        return logits.softmax(dim=0)
    return (
        logits + 10 if change == "add" else logits * {"double": 2, "halve": 0.5, "flip": -1}[change]
    )


@shift.claim(
    r"Upper bar: before\. Lower bar: after\. The logits are the run's, the change was worked out "
    r"here\."
)
def _bars(row: Row, change: str) -> None:
    pass


@shift.claim(r"The largest is FIGURE ahead of the next before, FIGURE after\.")
def _ahead(row: Row, change: str, before: str, after: str) -> None:
    for text, logits in (before, torch.tensor(row.logits).double()), (after, changed(row, change)):
        first, second = logits.topk(2).values.tolist()
        same(text, first - second)


def odds(row: Row, change: str) -> tuple[Tensor, Tensor]:
    before = torch.tensor(row.logits).double().softmax(dim=0)
    return before, changed(row, change).softmax(dim=0)


@shift.claim(r"The largest share stays FIGURE, and CLASS keeps it\.")
def _stays(row: Row, change: str, written: str, named: str) -> None:
    for each in odds(row, change):
        same(written, each.max().item())
        assert each[whole(named)] == each.max()


@shift.claim(r"The largest share goes from FIGURE to FIGURE, and CLASS keeps it\.")
def _goes(row: Row, change: str, first: str, then: str, named: str) -> None:
    for text, each in zip((first, then), odds(row, change), strict=True):
        same(text, each.max().item())
        assert each[whole(named)] == each.max()
    assert first != then
    assert change != "add"


@shift.claim(r"CLASS had the largest share, FIGURE; CLASS has it then, FIGURE\.")
def _turns(row: Row, change: str, *found: str) -> None:
    for named, text, each in zip(found[::2], found[1::2], odds(row, change), strict=True):
        same(text, each.max().item())
        assert each[whole(named)] == each.max()
    assert change == "flip"


@shift.claim(r"With INT classes it could not be more than FIGURE\.")
def _most(row: Row, change: str, classes: str, most: str) -> None:
    assert change == "again"
    one_hot = torch.zeros(len(row.logits)).double()
    one_hot[0] = 1
    same(most, one_hot.softmax(dim=0).max().item())
    assert whole(classes) == len(row.logits)
    assert odds(row, change)[1].max() <= one_hot.softmax(dim=0).max()


@shift.claim(r"The logits of this row are not numbers\.")
def _no_numbers(row: Row, change: str) -> None:
    assert not torch.tensor(row.logits).isfinite().all()


@shift.claim(r"There are no predictions of this run at that point, or no runner is free .*\.")
def _none(row: Row | None, change: str) -> None:
    assert row is None


@everywhere
def test_changes_of_logits(name: str) -> None:
    trace = trace_of(name)
    rows = rows_after(trace, last_epoch(trace)) if trained(trace) else []
    for number in (0, 17, len(rows) - 1):
        for change in ("add", "double", "halve", "flip", "again"):
            chosen = {"logits_of": str(number), "change": change}
            figure = made(FIGURES["shift-logits"], trace, chosen)
            assert (figure is None) == (not trained(trace))
            if figure is None:
                continue
            row = rows[number] if rows else None
            shift.check(figure.says, row, change)
            if figure.drawing and row:
                _is_drawn(parsed(figure.drawing), row, change)


def _is_drawn(root: object, row: Row, change: str) -> None:
    for class_, wanted in zip(("ink-3", "ink"), odds(row, change), strict=True):
        bars = [share(each.attrib["width"]) for each in of_class(root, class_)]  # type: ignore[arg-type]
        assert bars == pytest.approx(wanted.tolist(), abs=1e-4)


# -- how sure and how right ----------------------------------------------------------------------

confidence = Said()


@confidence.claim(
    r"A line for each tenth of the largest share\. Bar: how many of its rows were right\. "
    r"Upright line: how sure the model was of them\."
)
def _tenths(rows: list[Row]) -> None:
    pass


def known(rows: list[Row]) -> tuple[Tensor, Tensor]:
    """The largest share of each row that has one, and whether it was right."""
    labels, named, shares = tensors(rows)
    finite = shares.isfinite().all(dim=1)
    return shares[finite].max(dim=1).values, (labels == named)[finite]


@confidence.claim(
    r"Over all INT (rows?) the mean of the largest share is FIGURE, and FIGURE of them are right: "
    r"the model is (less sure than|surer than|as sure as) it is right\."
)
def _over_all(rows: list[Row], *found: str) -> None:
    count, unit, sure, right, side = found
    shares, hits = known(rows)
    assert whole(count) == len(shares)
    plural(count, unit)
    same(sure, shares.mean().item())
    same(right, hits.double().mean().item())
    least = shares.mean() < hits.double().mean()
    assert side == ("as sure as" if sure == right else "less sure than" if least else "surer than")


@confidence.claim(
    r"Where it is wrong \(INT (rows?)\) the mean is FIGURE, and the surest of them has FIGURE\."
)
def _wrong(rows: list[Row], count: str, unit: str, mean: str, most: str) -> None:
    shares, hits = known(rows)
    assert whole(count) == int((~hits).sum())
    plural(count, unit)
    same(mean, shares[~hits].mean().item())
    same(most, shares[~hits].max().item())


@confidence.claim(r"The fullest bin, from (0\.\d) on, is sure of FIGURE and right on FIGURE\.")
def _fullest(rows: list[Row], low: str, sure: str, right: str) -> None:
    shares, hits = known(rows)
    tenths = (shares * 10).floor().clamp(max=9)
    sizes = tenths.long().bincount(minlength=10)
    mine = tenths == round(float(low) * 10)
    assert int(mine.sum()) == int(sizes.max())
    same(sure, shares[mine].mean().item())
    same(right, hits[mine].double().mean().item())


@confidence.claim(r"The shares of INT (rows?) are not numbers\.")
def _not_numbers(rows: list[Row], lost: str, unit: str) -> None:
    assert whole(lost) == int((~tensors(rows)[2].isfinite()).any(dim=1).sum()) > 0
    plural(lost, unit)


@confidence.claim(r"There are no predictions of this run at that point, or no runner is free .*\.")
def _no_rows(rows: list[Row]) -> None:
    assert not rows


@everywhere
def test_how_sure_and_how_right(name: str) -> None:
    trace = trace_of(name)
    for epoch in epochs_of(trace):
        figure = made(FIGURES["confidence"], trace, {"sure_after": str(epoch)})
        assert (figure is None) == (not trained(trace))
        if figure is None:
            continue
        rows = rows_after(trace, epoch)
        confidence.check(figure.says, rows)
        if figure.drawing:
            counts = [(int(row[1]), int(row[2])) for row in cells(figure.table)]
            shares, hits = known(rows)
            assert sum(count for count, _ in counts) == len(shares)
            assert sum(right for _, right in counts) == int(hits.sum())
            root = parsed(figure.drawing)
            bars = [share(each.attrib["width"]) for each in of_class(root, "ink-3")]
            assert bars == pytest.approx([right / count for count, right in counts], abs=1e-4)


# -- choices ---------------------------------------------------------------------------------------


def test_the_epoch_of_a_figure_is_the_last_until_another_is_chosen() -> None:
    trace = trace_of("calm")
    for figure in ("confusion", "confidence"):
        found = made(FIGURES[figure], trace)
        assert found
        assert found.title.endswith("after epoch 5")
        (control,) = found.controls
        assert (control.low, control.high, control.number) == (0, 5, 5)
    before = made(FIGURES["confusion"], trace, {"confused_after": "0"})
    assert before
    assert before.title.endswith("before training")
