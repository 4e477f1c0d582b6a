"""What the texts of the traces say of some runs only is true of every run that it is said of."""

import math
import re

import pytest
import torch
from torch import Tensor
from torch.nn.functional import linear

from course.lessons import files
from course.lessons.lesson.text import Line, parse
from course.quiz import evidence, roles
from tests.course.lessons.lesson.said import RUNS, Said, column, same, trace_of, whole
from tests.course.lessons.pipeline.variety import Facts
from tests.course.quiz.conftest import CONTENT
from trainer.engine.trace import as_float

TEXTS = {folder.lesson.slug: folder.lesson.text for folder in files.read(CONTENT)}
everywhere = pytest.mark.parametrize("name", RUNS)

training, prediction = Said(), Said()


def conditional(slug: str) -> list[Line]:
    return [line for line in parse(TEXTS[slug]).lines() if line.when]


def told(slug: str, name: str) -> list[str]:
    """The lines under a condition that this run is told."""
    names = evidence.known(parse(TEXTS[slug]).probes())
    values = evidence.values_of(names, trace_of(name))
    return [roles.fill(line.text, values) for line in conditional(slug) if line.holds(values)]


@everywhere
def test_the_training_trace(name: str) -> None:
    for text in told("training-trace", name):
        training.check(text, Facts.of(name))


@everywhere
def test_the_prediction_trace(name: str) -> None:
    for text in told("prediction-trace", name):
        prediction.check(text, Facts.of(name))


@pytest.mark.parametrize("slug", ["training-trace", "prediction-trace"])
def test_every_condition_holds_for_a_run_and_not_for_all(slug: str) -> None:
    seen = [{re.sub(r"[\d.,−e]+", "", text) for text in told(slug, name)} for name in RUNS]
    assert len(set.union(*seen)) >= len(conditional(slug))
    assert not set.intersection(*seen)


# -- the training trace --------------------------------------------------------------------


def lagging(facts: Facts) -> int:
    pairs = zip(column(facts.document, "running_loss"), column(facts.document, "loss"), strict=True)
    return sum(round(float(a), 3) > round(float(b), 3) for a, b in pairs)


@training.claim(
    r"In this run the running loss lies above the loss of the same training rows in each of the "
    r"INT epochs\. It counts batches that met older weights than the ones that the epoch ended "
    r"with\."
)
def _in_each(facts: Facts, epochs: str) -> None:
    assert lagging(facts) == whole(epochs) == len(facts.epochs) > 1
    for epoch in facts.epochs:
        own = [each["step"] for each in facts.steps if each["epoch"] == epoch["epoch"]]
        assert not torch.equal(facts.after(own[0] - 1), facts.after(own[-1]))


@training.claim(
    r"In this run the running loss lies above the loss of the same training rows in INT of INT "
    r"epochs\."
)
def _in_some(facts: Facts, some: str, epochs: str) -> None:
    assert 0 < lagging(facts) == whole(some) < whole(epochs) == len(facts.epochs)


@training.claim(
    r"The dashed line is the mean of each epoch\. Choose an epoch to see its batches one by one: a "
    r"batch is a sample of the rows, up to INT at a time, and samples differ\."
)
def _dashed(facts: Facts, rows: str) -> None:
    assert facts.spec.batches > 1
    assert all(each["rows"] <= whole(rows) == facts.spec.batch_size for each in facts.steps)


@training.claim(r"In this run the last batch of an epoch is off the epoch's mean by up to FIGURE\.")
def _off(facts: Facts, gap: str) -> None:
    lasts = {each["epoch"]: as_float(each["loss"]) for each in facts.steps}
    ends = torch.tensor(
        [lasts.get(each["epoch"]) or math.nan for each in facts.epochs], dtype=torch.float64
    )
    gaps = (ends - column(facts.document, "running_loss")).abs()
    same(gap, gaps[gaps.isfinite()].max().item())


@training.claim(
    r"A new epoch does not begin anew\. The first batch of epoch 2 cost FIGURE, the very first "
    r"batch of the run FIGURE: the weights carry on from where they are\."
)
def _carry_on(facts: Facts, second: str, first: str) -> None:
    start = next(each for each in facts.steps if each["epoch"] == 2)
    same(second, start["loss"])
    same(first, facts.steps[0]["loss"])
    assert float(start["loss"]) < float(facts.steps[0]["loss"])


def blind(facts: Facts) -> float:
    counts: list[int] = facts.document["data"]["heldout_class_counts"]
    return max(counts) / sum(counts)


@training.claim(
    r"At the end of this run INT held-out rows are right, against a baseline of FIGURE\."
)
def _above(facts: Facts, hits: str, level: str) -> None:
    share = facts.epochs[-1]["heldout_accuracy"]
    assert share > blind(facts)
    assert whole(hits) == round(share * facts.document["data"]["heldout_rows"])
    same(level, blind(facts))


@training.claim(
    r"At the end of this run FIGURE of the held-out rows are right\. That is no more than the "
    r"baseline FIGURE: so far as these rows can tell, nothing was learned\."
)
def _not_above(facts: Facts, share: str, level: str) -> None:
    same(share, facts.epochs[-1]["heldout_accuracy"])
    same(level, blind(facts))
    assert facts.epochs[-1]["heldout_accuracy"] <= blind(facts)


@training.claim(
    r"From one epoch to the next the held-out loss fell INT of INT times, and the held-out "
    r"accuracy rose INT times\."
)
def _fell(facts: Facts, fell: str, changes: str, rose: str) -> None:
    assert whole(changes) == len(facts.epochs) - 1
    assert whole(fell) == int((column(facts.document, "heldout_loss").diff() < 0).sum())
    assert whole(rose) == int((column(facts.document, "heldout_accuracy").diff() > 0).sum())


@training.claim(
    r"In this run FIGURE of the training rows and FIGURE of the held-out rows are right\. Watch "
    r"the two together, and the held-out loss beside them\."
)
def _both(facts: Facts, train: str, heldout: str) -> None:
    same(train, facts.epochs[-1]["accuracy"])
    same(heldout, facts.epochs[-1]["heldout_accuracy"])


# -- the prediction trace --------------------------------------------------------------------


def logits(facts: Facts, rows: str) -> Tensor:
    """Of the first twenty rows of batch 1, by the model that training left."""
    shapes = [tuple(each["shape"]) for each in facts.document["layout"]]
    flat = facts.tensors["parameters"][-1]
    parts = torch.split(flat, [math.prod(shape) for shape in shapes])
    weight1, bias1, weight2, bias2 = (
        part.view(shape).double() for part, shape in zip(parts, shapes, strict=True)
    )
    x = facts.tensors[rows][:20].double()
    return linear(linear(x, weight1, bias1).clamp(min=0), weight2, bias2)


def place(facts: Facts) -> int:
    top = logits(facts, "first.scaled").topk(2).values
    odds = (top[:, 0] - top[:, 1]).exp()
    return int(((odds >= 3) & (odds <= 50)).nonzero()[0])


@prediction.claim(
    r"Take training row INT\. After training its largest logit is FIGURE ahead of the next\."
)
def _ahead(facts: Facts, row: str, gap: str) -> None:
    at = place(facts)
    assert whole(row) == int(facts.tensors["first.rows"][at])
    first, second = logits(facts, "first.scaled")[at].topk(2).values.tolist()
    same(gap, first - second)


@prediction.claim(
    r"For this row it would turn a largest share of FIGURE into FIGURE\. More than FIGURE can "
    r"never come out\."
)
def _twice(facts: Facts, once: str, twice: str, most: str) -> None:
    shares = logits(facts, "first.scaled")[place(facts)].softmax(0)
    same(once, shares.max().item())
    same(twice, shares.softmax(0).max().item())
    one_hot = torch.eye(len(shares), dtype=torch.float64)[0]
    same(most, one_hot.softmax(0).max().item())


@prediction.claim(
    r"The loss does look at shares: it is low only where the true class gets much\. In this run "
    r"the true class of a held-out row gets a typical share of FIGURE, which is e to the power of "
    r"minus the loss, while FIGURE of the rows are right\."
)
def _typical(facts: Facts, share: str, right: str) -> None:
    exact = math.exp(-float(facts.epochs[-1]["heldout_loss"]))
    if exact >= 0.0005:
        same(share, exact)
    else:
        assert float(share) == 0
    same(right, facts.epochs[-1]["heldout_accuracy"])


@prediction.claim(
    r"Take the first INT rows of batch 1\. Scaled as in training, the trained model is right on "
    r"INT of them\. Given raw it is right on INT, and the mean of its largest shares is FIGURE\. "
    r"One of these rows holds a value of FIGURE, which the weights never met\."
)
def _raw(facts: Facts, rows: str, right: str, raw_right: str, sure: str, value: str) -> None:
    labels = facts.tensors["first.y"][:20]
    assert whole(rows) == len(labels)
    for written, which in (right, "first.scaled"), (raw_right, "first.x"):
        assert whole(written) == int((logits(facts, which).argmax(1) == labels).sum())
    same(sure, logits(facts, "first.x").softmax(1).max(1).values.mean().item())
    same(value, facts.tensors["first.x"][place(facts)].max().item())
    assert float(value) > float(facts.tensors["first.scaled"].max())
