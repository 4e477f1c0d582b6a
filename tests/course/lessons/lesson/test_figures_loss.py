"""The figures of the lesson on the loss say what PyTorch finds again, of every run."""

import math
import re

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from course.lessons.lesson.figure import Shown
from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import of_class, parsed
from tests.course.lessons.lesson.drawn import (
    ENDED_BADLY,
    HONEST,
    figure,
    last,
    says,
    step_of,
    value,
)
from tests.course.lessons.pipeline.claims import same
from tests.course.lessons.pipeline.variety import NAMES, Facts
from tests.staging import trained
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.models import Run

everywhere = pytest.mark.parametrize("run", HONEST)
LARGE = 10_000
N = r"(−?[\d.,]+(?:e-?[+−\d]+)?)"


def row_losses(run: str, step: int) -> Tensor:
    found = step_of(run, step)
    return cross_entropy(found.logits.double(), found.y, reduction="none")


def close(written: str, exact: float) -> None:
    """A figure with as many digits as it takes: three decimals, or two digits of a small one."""
    assert value(written) == pytest.approx(exact, rel=0.06, abs=5.1e-4), (written, exact)


def plain(written: str, exact: float) -> None:
    """A figure with three decimals, however large it is."""
    if math.isfinite(exact) and abs(exact) >= LARGE:
        assert value(written) == pytest.approx(exact, rel=0.06)
    else:
        same(written, exact)


# -- the price ------------------------------------------------------------------------------


@everywhere
def test_the_price_names_the_dearest_and_the_cheapest_row(run: str) -> None:
    for step in {1, 2, last(run)} - {0} if last(run) > 1 else {1}:
        losses, told = row_losses(run, step), says("price", run, step=step)
        if len(losses) == 1:
            found = re.fullmatch(rf"The row gave its true class {N}\. It costs {N}\.", told)
            assert found, told
            close(found[1], math.exp(-losses.item()))
            continue
        found = re.fullmatch(
            rf"A dot for each row\. The dearest gave its true class {N} and costs {N}; the "
            rf"cheapest gave it {N} and costs {N}\. The mean of the {N} rows is {N}, the loss of "
            rf"the batch\. {N} of them (have|has) .*true class\.",
            told,
        )
        assert found, told
        share, dearest, low, cheapest, rows, mean, hits = found.groups()[:7]
        close(share, math.exp(-losses.max().item()))
        close(low, math.exp(-losses.min().item()))
        for written, exact in (
            (dearest, losses.max()),
            (cheapest, losses.min()),
            (mean, losses.mean()),
        ):
            assert value(written) == pytest.approx(exact.item(), abs=6e-4, rel=1e-3)
        step_found = step_of(run, step)
        assert int(rows.replace(",", "")) == len(losses)
        assert int(hits) == int((step_found.logits.argmax(1) == step_found.y).sum())
        batch = float(Facts.of(run).steps[step - 1]["loss"])
        assert value(mean) == pytest.approx(batch, abs=6e-4, rel=1e-3)


def test_every_dot_of_the_price_lies_on_the_curve() -> None:
    made = figure("price", "calm", step=50)
    assert made
    (path,) = (
        node for node in of_class(parsed(str(made.drawing)), "s4-line") if node.tag == "path"
    )
    dots = re.findall(r"M([\d.]+) ([\d.]+)h", path.attrib["d"])
    losses = row_losses("calm", 50)
    assert len(dots) == len(losses)
    high = losses.max().item() * 1.04 if losses.max() > 1 else 1.04
    for (x, y), loss in zip(dots, losses.tolist(), strict=True):
        assert float(x) / 1000 == pytest.approx(math.exp(-loss), abs=2e-3)
        assert (212 - float(y)) / 200 * high == pytest.approx(loss, abs=2e-2)


def test_the_price_lists_the_dearest_rows_first() -> None:
    made = figure("price", "calm", step=7)
    assert made
    assert made.table
    rows = [[cell["text"] for cell in row["cells"]] for row in made.table["rows"]]
    losses = sorted(row_losses("calm", 7).tolist(), reverse=True)
    assert [value(row[3]) for row in rows] == pytest.approx(losses[:10], abs=1e-4)


# -- shares of the mean ------------------------------------------------------------------------


@everywhere
def test_the_dearest_tenth_and_the_mean(run: str) -> None:
    for step in (1, last(run)):
        losses, told = row_losses(run, step), says("row-shares", run, step=step)
        if len(losses) == 1:
            found = re.fullmatch(rf"There is one row, and the mean is what it costs, {N}\.", told)
            assert found, told
            close(found[1], losses.item())
            continue
        found = re.fullmatch(
            rf"The dearest {N} of {N} rows \(drawn strong\) makes? up {N} of everything "
            rf"that the rows cost together\. The mean is {N}; "
            rf"{N} of the rows costs? less than that\.",
            told,
        )
        assert found, told
        dearest, rows, share, mean, below = map(value, found.groups())
        top = losses.sort(descending=True).values[: int(dearest)]
        assert (dearest, rows) == (math.ceil(len(losses) / 10), len(losses))
        assert share == pytest.approx((top.sum() / losses.sum()).item(), abs=2e-3)
        assert mean == pytest.approx(losses.mean().item(), abs=6e-4, rel=1e-3)
        assert below == pytest.approx(int((losses < losses.mean()).sum()), abs=1)


def test_the_shares_of_all_tenths_are_the_whole() -> None:
    made = figure("row-shares", "ragged by 104", step=8)
    assert made
    assert made.table
    rows = [[cell["text"] for cell in row["cells"]] for row in made.table["rows"]]
    assert sum(value(row[2]) for row in rows) == pytest.approx(1, abs=6e-3)
    losses = row_losses("ragged by 104", 8)
    assert sum(value(row[1]) for row in rows) == pytest.approx(losses.sum().item(), abs=6e-3)
    assert rows[0][0] == "1 to 11"


# -- equal odds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("run", NAMES)
def test_equal_odds_stand_beside_the_first_batch_of_each_epoch(run: str) -> None:
    facts, made = Facts.of(run), figure("equal-odds", run)
    firsts = {
        each["epoch"]: float(each["loss"])
        for each in facts.steps
        if each["batch"] == 1 and each["loss"] is not None
    }
    if not any(map(math.isfinite, firsts.values())):
        assert made is None
        return
    assert made
    found = re.fullmatch(
        r"Equal odds on (\d+) classes cost ln \1 = ([\d.]+) per row\. The loss of the first batch "
        r"was (.+?) in epoch (\d+)(?:, ([\d.e]+) (above|below) that|, as much)?"
        r"(?:; in epoch (\d+) it was (.+))?\.",
        made.says,
    )
    assert found, made.says
    classes = int(found[1])
    even = cross_entropy(torch.zeros(1, classes), torch.tensor([0])).item()
    assert value(found[2]) == pytest.approx(even, abs=5e-4)
    plain(found[3], firsts[int(found[4])])
    if found[5]:
        gap = firsts[int(found[4])] - math.log(classes)
        assert value(found[5]) == pytest.approx(abs(gap), rel=0.06, abs=1.1e-3)
        assert (gap > 0) == (found[6] == "above")
    assert (found[7] is not None) == (len(firsts) > 1)
    if found[7]:
        assert int(found[7]) == max(firsts)
        plain(found[8], firsts[max(firsts)])


# -- one score ------------------------------------------------------------------------------------


@everywhere
def test_another_score_makes_another_loss_and_turns_right_at_one_place(run: str) -> None:
    step = step_of(run, 1)
    for row in {1, min(7, len(step.y)), len(step.y)}:
        told = says("one-score", run, row=row)
        found = re.fullmatch(
            rf"Its true class is (\d+)\. As the model scored it in step 1 it costs {N}, with 0\.5 "
            rf"more on that score it would cost {N}: the loss answers to every change\. Right or "
            rf"wrong answers at one place alone, \+?{N}, where the score (overtakes|falls back "
            r"behind) the others\. Worked out from the scores of this row\.",
            told,
        )
        assert found, told
        logits, label = step.logits[row - 1].double(), int(found[1])
        assert label == int(step.y[row - 1])
        for written, more in ((found[2], 0.0), (found[3], 0.5)):
            changed = logits.clone()
            changed[label] += more
            loss = cross_entropy(changed[None], torch.tensor([label])).item()
            assert value(written) == pytest.approx(loss, abs=6e-4)
        turn = value(found[4])
        for more, right in ((turn - 2e-3, False), (turn + 2e-3, True)):
            changed = logits.clone()
            changed[label] += more
            assert (int(changed.argmax()) == label) is right
        assert (found[5] == "overtakes") == (int(logits.argmax()) != label)


# -- bad ends --------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", NAMES)
@pytest.mark.parametrize("name", ["price", "row-shares", "one-score"])
def test_a_figure_is_made_where_rows_had_losses(name: str, run: str) -> None:
    """Whatever the loop: there is a figure with its control, or none at all."""
    facts, made = Facts.of(run), figure(name, run)
    if "first.row_losses" not in facts.tensors:
        assert made is None
        return
    assert made
    assert made.controls
    assert "nan" not in made.says
    assert made.says.endswith(".")


def test_rows_that_are_not_finite_are_left_out_in_words() -> None:
    steps = last("not finite")
    for name in ("price", "row-shares"):
        made = figure(name, "not finite", step=steps)
        assert made
        assert (
            made.says == "No row has a finite loss. 100 rows have no finite loss and are left out."
        )
        assert not made.drawing
        assert made.controls[0].value == str(steps)


def test_at_first_the_last_step_with_a_finite_loss_is_shown() -> None:
    for run in (*HONEST, *ENDED_BADLY):
        made, steps = figure("price", run), Facts.of(run).steps
        good = [
            each["step"] for each in steps
            if each["loss"] is not None and math.isfinite(float(each["loss"]))
        ]  # fmt: skip
        if made:
            assert made.controls[0].number == good[-1]


def test_the_mean_is_called_the_loss_only_where_it_is() -> None:
    """Logits made anew after the loss have row losses that the loss knows nothing of."""
    assert "the loss of the batch" in says("price", "never cleared", step=3)
    late = trained(RunSpec(), Program.parse("zero_grad,forward,loss,backward,step,forward"))
    made = FIGURES["price"](Shown(Run(), late, {"step": "3"}))
    assert made
    assert "the loss of the batch" not in made.says
