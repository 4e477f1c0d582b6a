"""Every sentence that the page may say of a run, each with what makes it true.

A text is read from its beginning: one known sentence after the other, none left over. Numbers
are taken out of the sentence and worked out again from the trace's tensors and rows.
"""

import math
import re
from collections.abc import Callable
from itertools import pairwise

import torch
from torch.nn.functional import cross_entropy

from tests.course.lessons.pipeline.variety import Facts
from trainer.engine.datasets import DATASETS, FOLDER, text_of

Check = Callable[..., object]

INT = r"([\d,]+)"
FIGURE = r"(−?[\d.]+(?:e-?\d+)?|not a number|infinite)"

_CLAIMS: list[tuple[re.Pattern[str], Check]] = []


def claim(pattern: str) -> Callable[[Check], Check]:
    """Know a sentence: INT and FIGURE stand for its numbers, in the order of the arguments."""
    compiled = re.compile(pattern.replace("INT", INT).replace("FIGURE", FIGURE))

    def know(check: Check) -> Check:
        _CLAIMS.append((compiled, check))
        return check

    return know


def check(facts: Facts, text: str) -> None:
    """Hold a text against a run. Fails at a sentence that is unknown, and at one that is false."""
    left = text.strip()
    while left:
        found = [(match, rule) for known, rule in _CLAIMS if (match := known.match(left))]
        assert found, f"nobody checks this sentence: {left}"
        match, rule = max(found, key=lambda each: each[0].end())
        rule(facts, *match.groups())
        left = left[match.end() :].strip()


# -- numbers -------------------------------------------------------------------------------


def whole(text: str) -> int:
    return int(text.replace(",", ""))


def same(written: str, value: float | str | None, digits: int = 3) -> None:
    """A figure as written is the value, to the digits that are written."""
    assert value is not None, written
    exact = float(value)
    if written in ("not a number", "infinite"):
        assert math.isnan(exact) if written == "not a number" else math.isinf(exact)
        return
    read = float(written.replace("−", "-"))
    if "e" in written:
        assert math.isclose(read, exact, rel_tol=0.06)
    else:
        assert abs(read - exact) <= 0.5001 * 10**-digits
        assert re.fullmatch(rf"−?\d+\.\d{{{digits}}}" if digits else r"−?\d+", written)


def plural(number: str, noun: str, one: str = "") -> None:
    """One of a thing is called by its singular, any other number of it by its plural."""
    assert (whole(number) == 1) == (not noun.endswith("s") if not one else noun == one)


# -- the run in a sentence -------------------------------------------------------------------


@claim(r"One run of the training loop: INT (rows?) to learn from, INT (parameters?) to change\.")
def _lead(facts: Facts, rows: str, noun: str, size: str, _: str) -> None:
    assert whole(rows) == facts.spec.rows
    assert whole(size) == facts.size
    plural(rows, noun)


@claim(r"INT (rows?) were ready, and no model was made\.")
def _no_model(facts: Facts, rows: str, _: str) -> None:
    assert whole(rows) == facts.spec.rows
    assert not facts.document["layout"]


@claim(r"(Finished|Failed|Stopped)\.")
def _status(facts: Facts, status: str) -> None:
    assert facts.document["status"] == status.lower()


@claim(r"INT (updates?) in INT ms\.")
def _updates(facts: Facts, updates: str, noun: str, _: str) -> None:
    assert whole(updates) == facts.document["updates"] == sum(facts.moved() if facts.size else [])
    plural(updates, noun)


@claim(r"INT calls? of step\(\) in INT ms, parameters moved in INT of INT (passes|whole passes)\.")
def _calls(facts: Facts, calls: str, _: str, moved: str, passes: str, kind: str) -> None:
    assert whole(calls) == facts.document["updates"] != whole(moved)
    assert whole(moved) == sum(facts.moved())
    assert whole(passes) == len(facts.moved())
    assert (kind == "passes") == (len(facts.moved()) == len(facts.steps))


@claim(r"Held-out accuracy FIGURE\.")
def _accuracy(facts: Facts, written: str) -> None:
    same(written, facts.epochs[-1]["heldout_accuracy"])


@claim(r"(?:Still d|D)iverged: the mean loss is FIGURE\.")
def _diverged(facts: Facts, written: str) -> None:
    loss = float(facts.epochs[-1]["running_loss"])
    same(written, loss)
    assert loss > 10 * math.log(len(DATASETS[facts.spec.dataset].classes))


@claim(r"(?:Still d|D)iverged: at step INT the loss is not a finite number\.")
def _not_finite(facts: Facts, step: str) -> None:
    last = [each for each in facts.steps if each["epoch"] == facts.epochs[-1]["epoch"]]
    bad = [each["step"] for each in last if not math.isfinite(float(each["loss"]))]
    assert whole(step) == bad[0]


@claim(r"Overshot: the loss leapt from FIGURE to FIGURE at step INT\.")
def _overshot(facts: Facts, before: str, after: str, step: str) -> None:
    same(before, facts.steps[whole(step) - 2]["loss"])
    same(after, facts.steps[whole(step) - 1]["loss"])
    earlier = [float(each["loss"]) for each in facts.steps[: whole(step) - 1]]
    assert float(facts.steps[whole(step) - 1]["loss"]) > max(earlier)


# -- stage 1 ---------------------------------------------------------------------------------


@claim(r"INT (rows?) become INT (batch|batches)$")
def _become_batches(facts: Facts, rows: str, _: str, batches: str, noun: str) -> None:
    assert whole(rows) == facts.spec.rows
    assert whole(batches) == -(-facts.spec.rows // facts.spec.batch_size)
    plural(batches, noun, "batch")


@claim(r"The loader shuffles the INT training rows? and deals them INT at a time\.")
def _deals(facts: Facts, rows: str, size: str) -> None:
    assert whole(rows) == facts.spec.rows
    assert whole(size) == min(facts.spec.batch_size, facts.spec.rows) == len(_dealt(facts))


@claim(r"The last batch of an epoch holds the (INT|one) that (?:are|is) left\.")
def _last_batch(facts: Facts, left: str, *_: str) -> None:
    assert (1 if left == "one" else whole(left)) == facts.spec.rows % facts.spec.batch_size
    lasts = [each for each in facts.steps if each["batch"] == facts.spec.batches]
    assert {each["rows"] for each in lasts} <= {facts.spec.rows % facts.spec.batch_size}


@claim(
    r"The data are made up: ten numbers between 0 and 100 per row, drawn at random, and a class by "
    r"a hidden rule with some noise\."
)
def _made_up(facts: Facts) -> None:
    assert facts.spec.dataset == "synthetic"
    x = facts.tensors["first.x"]
    assert x.shape[1] == 10
    assert (x >= 0).all()
    assert (x <= 100).all()


@claim(
    r"The data are 150 iris flowers, four lengths of each\. The class of a flower is its species\."
)
def _flowers(facts: Facts) -> None:
    _is_of(facts, "iris", rows=150, columns=4, classes=3)


@claim(
    r"The data are chemical analyses of 178 wines from one region of Italy\. The class of a wine "
    r"is the variety of its grapes\."
)
def _wines(facts: Facts) -> None:
    _is_of(facts, "wine", rows=178, columns=13, classes=3)


@claim(
    r"The data are 1,797 digits written by hand, each a picture of 8 by 8 cells\. The class of a "
    r"picture is the digit\."
)
def _digits(facts: Facts) -> None:
    _is_of(facts, "digits", rows=1797, columns=8 * 8, classes=10)


def _is_of(facts: Facts, name: str, *, rows: int, columns: int, classes: int) -> None:
    """The batch holds rows of the file, which has so many of them."""
    _, *lines = text_of(name).splitlines()
    known = {tuple(map(float, line.split(","))) for line in lines}
    x, y = facts.tensors["first.x"].double(), facts.tensors["first.y"]
    found = [tuple(round(value, 4) for value in row) for row in x.tolist()]
    assert {(*row, label) for row, label in zip(found, y.tolist(), strict=True)} <= known
    assert (len(lines), x.shape[1]) == (rows, columns)
    assert len({line.rpartition(",")[2] for line in lines}) == classes


@claim(r"In `y`, 0 means ([a-z ]+), 1 ([a-z ]+), 2 ([a-z ]+)\.")
def _classes(facts: Facts, *names: str) -> None:
    assert list(names) == facts.document["data"]["class_names"]


@claim(r"Source: (.+), doi (10\.\S+)\. Licence: (CC BY 4\.0)\.")
def _source(facts: Facts, authors: str, doi: str, licence: str) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    (row,) = (line for line in readme.splitlines() if f"`{facts.spec.dataset}.csv`" in line)
    assert doi in row
    assert licence in row
    assert re.split(r" \(| and ", authors, maxsplit=1)[0] in row


@claim(r"Source: drawn by this site from the data seed\. Licence: none needed\.")
def _no_source(facts: Facts) -> None:
    assert facts.spec.dataset == "synthetic"


@claim(r"A row is INT raw numbers, `x`, and a class, `y`\.")
def _a_row(facts: Facts, features: str) -> None:
    assert whole(features) == facts.tensors["first.x"].shape[1]


@claim(r"Training row INT came before training row INT\.")
def _came_before(facts: Facts, first: str, second: str) -> None:
    dealt = _dealt(facts)
    assert whole(first) > whole(second)
    assert dealt.index(whole(first)) < dealt.index(whole(second))


@claim(r"INT (batch|batches) (makes?) one epoch\.")
def _make_an_epoch(facts: Facts, batches: str, noun: str, verb: str) -> None:
    assert whole(batches) == -(-facts.spec.rows // facts.spec.batch_size)
    plural(batches, noun, "batch")
    assert (whole(batches) == 1) == (verb == "makes")


@claim(
    r"In INT (epochs?) the batch body ran INT (times?), "
    r"with INT (updates?) of the parameters\."
)
def _passes(facts: Facts, *found: str) -> None:
    epochs, _, times, _, updates, _ = found
    assert whole(epochs) == max((each["epoch"] for each in facts.steps), default=0)
    assert whole(times) == len(facts.steps)
    assert whole(updates) == facts.document["updates"] == sum(facts.moved())
    for number, noun in zip(found[::2], found[1::2], strict=True):
        plural(number, noun)


@claim(
    r"In INT epochs? the batch body ran INT times?, with INT calls? of `optimizer\.step\(\)`; "
    r"parameters moved in INT of (these passes|the INT whole passes)\."
)
def _passes_and_calls(
    facts: Facts, epochs: str, times: str, calls: str, moved: str, _: str, through: str | None
) -> None:
    assert whole(through or times) == len(facts.moved())
    assert whole(epochs) == max((each["epoch"] for each in facts.steps), default=0)
    assert whole(times) == len(facts.steps)
    assert whole(calls) == facts.document["updates"] != whole(moved)
    assert whole(moved) == sum(facts.moved())


@claim(r"Each cell is a batch, each row of cells an epoch\. The first is open above\.")
def _cells(facts: Facts) -> None:
    assert facts.steps


UNITS = {
    "in raw units": "synthetic",
    "in centimetres": "iris",
    "in units that the source does not name": "wine",
    "as ink from 0 to 16": "digits",
}


@claim(rf"First INT of INT (rows?), ({'|'.join(UNITS)})\.")
def _first_rows(facts: Facts, shown: str, rows: str, noun: str, unit: str) -> None:
    assert UNITS[unit] == facts.spec.dataset
    assert whole(rows) == len(_dealt(facts))
    assert whole(shown) == min(4, len(_dealt(facts)))
    plural(rows, noun)
    assert facts.tensors["first.x"].max() > 1 or len(_dealt(facts)) == 1


def _dealt(facts: Facts) -> list[int]:
    return list(facts.tensors["first.rows"].tolist())


# -- stage 2 ---------------------------------------------------------------------------------


@claim(r"Every column (that varies )?is stretched to 0 and 1$")
def _stretched(facts: Facts, that_varies: str | None) -> None:
    low, high = facts.tensors["low"], facts.tensors["high"]
    x, scaled, varies = facts.tensors["first.x"], facts.tensors["first.scaled"], low < high
    assert bool(that_varies) == (not varies.all())
    exact = (x - low) / (high - low)
    assert torch.allclose(scaled[:, varies], exact[:, varies], atol=1e-6)


@claim(
    r"INT of INT (?:column never changes|columns never change) over the training rows\. There is "
    r"no span to divide by; the scaler divides by 1 instead, and (?:it becomes|they become) 0\."
)
def _never_changes(facts: Facts, still: str, columns: str) -> None:
    varies = facts.tensors["low"] < facts.tensors["high"]
    assert whole(columns) == len(varies)
    assert whole(still) == int((~varies).sum()) > 0
    assert (facts.tensors["first.scaled"][:, ~varies] == 0).all()


@claim(
    r"Follow one value: column `x\[INT\]`(?:, ([^`]+),)? of the first row, FIGURE\. Over the "
    r"training rows that column goes from FIGURE to FIGURE\."
)
def _follow(facts: Facts, column: str, name: str | None, raw: str, low: str, high: str) -> None:
    known = facts.document["data"]["feature_names"][whole(column)]
    assert known == (name or f"x[{column}]")
    same(raw, facts.tensors["first.x"][0, whole(column)].item())
    same(low, facts.tensors["low"][whole(column)].item())
    same(high, facts.tensors["high"][whole(column)].item())


@claim(r"The scaler learned both before training began, from training rows alone\.")
def _learned(facts: Facts) -> None:
    lines = facts.lines
    assert lines.index("scaler") < lines.index("for_batch")
    assert "MinMaxScaler().fit(train.x)" in facts.document["source"]


@claim(r"Each column is scaled by bounds of its own\. The shape stays\.")
def _bounds(facts: Facts) -> None:
    assert facts.tensors["first.x"].shape == facts.tensors["first.scaled"].shape
    assert (
        len(facts.tensors["low"])
        == len(facts.tensors["high"])
        == facts.document["data"]["features"]
    )


@claim(
    r"The same value before and after\. The smallest training value goes to 0, the largest to 1\."
)
def _smallest(facts: Facts) -> None:
    varies = facts.tensors["low"] < facts.tensors["high"]
    _stretched(facts, None if varies.all() else "that varies ")


# -- stage 3 ---------------------------------------------------------------------------------


@claim(r"INT (numbers?) in, INT (scores?) out$")
def _in_out(facts: Facts, features: str, _: str, classes: str, __: str) -> None:
    assert whole(features) == facts.tensors["first.x"].shape[1]
    assert whole(classes) == facts.tensors["first.logits"].shape[1]


@claim(
    r"Each row of the (scaled )?batch goes through the model on its own: INT numbers? in, "
    r"one score for each of INT classes out\. The INT parameters are the same for every row\."
)
def _through(facts: Facts, scaled: str, features: str, classes: str, size: str) -> None:
    assert bool(scaled) == ("scale" in facts.lines)
    assert whole(features) == facts.document["layout"][0]["shape"][1]
    assert whole(classes) == facts.tensors["first.logits"].shape[1]
    assert whole(size) == facts.size


@claim(r"INT of INT (rows?) (holds?) a score below 0\.")
def _below(facts: Facts, below: str, rows: str, noun: str, verb: str) -> None:
    logits = facts.tensors["first.logits"]
    assert whole(rows) == len(logits)
    assert whole(below) == int((logits < 0).any(dim=1).sum()) > 0
    assert (whole(below) == 1) == (verb == "holds")
    plural(rows, noun)


@claim(r"No row sums to 1\. They are logits: any sign, no fixed sum\.")
def _no_sum(facts: Facts) -> None:
    sums = facts.tensors["first.logits"].double().sum(dim=1)
    assert ((sums - 1).abs() > 5e-4).all()
    # Nor do the figures that the table prints.
    printed = facts.tensors["first.logits"].double().mul(1000).round().sum(dim=1)
    assert (printed != 1000).all()
    assert len(sums) == 1 or sums.std() > 0


@claim(r"Largest of each row marked\.")
def _marked(facts: Facts) -> None:
    assert facts.tensors["first.logits"].isfinite().all()


@claim(r"The model has learned nothing yet\.")
def _nothing_yet(facts: Facts) -> None:
    logits = facts.tensors["first.logits"]
    assert torch.allclose(_logits(facts, 0), logits, rtol=1e-4, atol=1e-5)


def _logits(facts: Facts, step: int) -> torch.Tensor:
    """The logits of the first batch under the parameters after a step, worked out here."""
    x = facts.tensors["first.scaled" if "first.scaled" in facts.tensors else "first.x"]
    flat, hidden = facts.after(step), facts.spec.hidden
    columns, classes = facts.document["data"]["features"], facts.document["data"]["classes"]
    sizes = [hidden * columns, hidden, classes * hidden, classes]
    w1, b1, w2, b2 = torch.split(flat, sizes)
    inner = (x @ w1.view(hidden, columns).T + b1).clamp(min=0)
    return inner @ w2.view(classes, hidden).T + b2


# -- stage 4 ---------------------------------------------------------------------------------


@claim(r"INT rows become one number$")
def _one_number(facts: Facts, rows: str) -> None:
    assert whole(rows) == len(facts.tensors["first.y"]) > 1
    assert facts.tensors["first.loss"].numel() == 1


@claim(r"One row, one number$")
def _one_row(facts: Facts) -> None:
    assert len(facts.tensors["first.y"]) == 1


@claim(
    r"Softmax turns the scores of a row into probabilities\. Of these the criterion looks at one: "
    r"how much did the true class get\? The loss of a row is minus the natural logarithm of that\."
)
def _softmax(facts: Facts) -> None:
    logits, y = facts.tensors["first.logits"], facts.tensors["first.y"]
    share = logits.double().softmax(dim=1)[torch.arange(len(y)), y]
    assert torch.allclose(-share.log(), facts.tensors["first.row_losses"].double(), atol=1e-5)


@claim(r"The loss of the batch is the mean over its INT (rows?)\.")
def _mean(facts: Facts, rows: str, noun: str) -> None:
    losses = facts.tensors["first.row_losses"]
    assert whole(rows) == len(losses)
    plural(rows, noun)
    assert math.isclose(losses.double().mean(), facts.tensors["first.loss"], rel_tol=1e-5)
    assert math.isclose(float(facts.steps[0]["loss"]), losses.double().mean(), rel_tol=1e-5)


@claim(
    r"A criterion makes one loss of a batch, the mean over its rows\. Here the scores were made "
    r"anew after that line: what stands below is what they cost now\."
)
def _anew(facts: Facts) -> None:
    losses = facts.tensors["first.row_losses"]
    assert not math.isclose(losses.double().mean(), float(facts.steps[0]["loss"]), rel_tol=1e-4)
    last = len(facts.lines) - 1 - facts.lines[::-1].index("forward")
    assert last > facts.lines.index("loss")


@claim(r"One dot per row of batch 1\. The line is their mean\. Losses are in nats: .+\.")
def _dots_anew(facts: Facts) -> None:
    _anew(facts)


@claim(
    r"One dot per row of batch 1\. The line is their mean, which is the loss of the batch\. "
    r"Losses are in nats: natural logarithms, not bits\."
)
def _dots(facts: Facts) -> None:
    logits, y = facts.tensors["first.logits"], facts.tensors["first.y"]
    assert math.isclose(cross_entropy(logits, y), float(facts.steps[0]["loss"]), rel_tol=1e-5)


# -- stage 5 ---------------------------------------------------------------------------------


@claim(r"First the gradients, then the update$")
def _gradients_first(facts: Facts) -> None:
    assert facts.lines.index("backward") < facts.lines.index("step")
    assert "first.gradients" in facts.tensors


@claim(
    r"Three lines, three jobs: clear, measure, move\. Only the second is backpropagation; "
    r"the first makes room for it and the third uses it\."
)
def _three_lines(facts: Facts) -> None:
    jobs = [line for line in facts.lines if line in ("zero_grad", "backward", "step")]
    assert jobs == ["zero_grad", "backward", "step"]


@claim(r"`backward\(\)` measures, `step\(\)` moves\. Only the first is backpropagation\.")
def _two_lines(facts: Facts) -> None:
    assert facts.lines.index("backward") < facts.lines.index("step")


@claim(r"Follow one weight, `([^`]+)`, through step 1\. It begins at FIGURE\.")
def _begins(facts: Facts, name: str, start: str) -> None:
    same(start, facts.after(0)[facts.weight(name)].item(), 5)
    gradients = facts.tensors["first.gradients"]
    first = math.prod(facts.document["layout"][0]["shape"])
    assert gradients[facts.weight(name)].abs() == gradients[:first].abs().max()


@claim(r"One weight, step 1\.")
def _one_weight(facts: Facts) -> None:
    assert facts.steps[0]["step"] == 1


@claim(r"The first update moved INT of INT parameters\.")
def _moved(facts: Facts, moved: str, size: str) -> None:
    assert whole(moved) == int((facts.after(0) != facts.after(1)).sum())
    assert whole(size) == facts.size


# -- the training trace ------------------------------------------------------------------------


@claim(
    r"Running (loss|accuracy) FIGURE in the first epoch(?:, FIGURE in the last)?"
    r"(?:; on the held-out rows FIGURE at the end)?\."
)
def _ends(facts: Facts, noun: str, first: str, last: str | None, heldout: str | None) -> None:
    same(first, facts.epochs[0][f"running_{noun}"])
    assert (last is None) == (len(facts.epochs) == 1 or facts.epochs[-1][f"running_{noun}"] is None)
    if last is not None:
        same(last, facts.epochs[-1][f"running_{noun}"])
    measured = facts.epochs[-1][f"heldout_{noun}"]
    assert (heldout is None) == (measured is None)
    if heldout is not None:
        same(heldout, measured)


@claim(r"No (loss|accuracy) was computed\.")
def _none_computed(facts: Facts, noun: str) -> None:
    assert all(each[f"running_{noun}"] is None for each in facts.epochs)


@claim(r"The loss of every batch, in the order in which they were dealt\.")
def _every_batch(facts: Facts) -> None:
    assert any(each["loss"] is not None for each in facts.steps)


@claim(r"It rose at INT of INT changes of batch\.")
def _rose(facts: Facts, rises: str, pairs: str) -> None:
    losses = [float(each["loss"]) for each in facts.steps]
    assert whole(pairs) == len(losses) - 1
    assert whole(rises) == sum(b > a for a, b in pairwise(losses))
