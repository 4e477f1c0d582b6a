"""What is said of one held-out row, worked out again from the data and the stored parameters."""

import math
import re
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from course.lessons.pipeline.prediction import prediction
from course.lessons.pipeline.tables import Table
from tests.course.drawings.svg import parsed
from tests.course.lessons.pipeline.claims import same
from tests.course.lessons.pipeline.variety import NAMES, Facts, trace_of
from tests.staging import trained
from tests.trainer.engine import textbook
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy, ReplayKind

ROWS = (0, 3, 47, 77, 250, 499)
WITH_MODEL = [name for name in NAMES if {"parameters", "low"} <= set(Facts.of(name).tensors)]

SAYS = re.compile(
    r"Class (\d)(?: \([a-z ]+\))? gets the largest share, ([\d.]+), "
    r"(?:which is its label|but its label is class (\d)(?: \([a-z ]+\))?)\."
    r"(?: Over all (\d+) held-out rows the model is right on (\d+), ([\d.]+)\.)?"
)
NO_NUMBERS = "The scores of this row are no numbers any more, so no class is ahead of another."


@cache
def heldout(dataset: str, rows: int, data_seed: int) -> tuple[Tensor, Tensor]:
    """Held-out rows as the textbook draws and scales them, with their labels."""
    (x, _), (heldout_x, labels) = textbook.rows_of(dataset, rows, data_seed)
    low, high = x.min(0).values, x.max(0).values
    span = torch.where(low == high, torch.ones_like(low), high - low)
    return (heldout_x - low) / span, labels


def heldout_of(facts: Facts) -> tuple[Tensor, Tensor]:
    return heldout(facts.spec.dataset, facts.spec.rows, facts.spec.data_seed)


def odds(facts: Facts, step: int) -> Tensor:
    """Probabilities (rows, classes) under the parameters after a step."""
    scaled, _ = heldout_of(facts)
    hidden, columns, classes = facts.spec.hidden, scaled.shape[1], facts.document["data"]["classes"]
    sizes = [hidden * columns, hidden, classes * hidden, classes]
    w1, b1, w2, b2 = torch.split(facts.after(step), sizes)
    inner = (scaled @ w1.view(hidden, columns).T + b1).clamp(min=0)
    return (inner @ w2.view(classes, hidden).T + b2).softmax(dim=1)


def rows_there(labels: Tensor) -> list[int]:
    return [row for row in ROWS if row < len(labels)]


def ends(facts: Facts) -> list[int]:
    """The start, and the last step of each epoch that came to its end."""
    last = {each["epoch"]: each["step"] for each in facts.steps}
    return [0] + [step for step in last.values() if step in facts.tensors["kept_steps"].tolist()]


@pytest.mark.parametrize("name", WITH_MODEL)
def test_what_is_said_of_a_row_is_true(name: str) -> None:
    facts = Facts.of(name)
    _, labels = heldout_of(facts)
    last = int(facts.tensors["kept_steps"][-1])
    by_row = odds(facts, last)
    for row in rows_there(labels):
        shown = prediction(trace_of(name), row)
        assert shown is not None
        if not by_row[row].isfinite().all():
            assert shown["says"] == NO_NUMBERS
            continue
        found = SAYS.fullmatch(shown["says"])
        assert found, shown["says"]
        said, share, label, rows, hits, accuracy = found.groups()
        assert int(said) == int(by_row[row].argmax())
        same(share, by_row[row].max().item())
        assert int(label or said) == labels[row]
        assert (label is None) == (int(said) == labels[row])
        measured = facts.epochs[-1]["heldout_accuracy"] if facts.epochs else None
        assert (hits is None) == (measured is None)
        if hits is not None:
            right = int((by_row.argmax(dim=1) == labels).sum())
            assert (int(rows), int(hits)) == (len(labels), right)
            same(accuracy, right / len(labels))


@pytest.mark.parametrize("name", WITH_MODEL)
def test_what_is_said_of_its_way_is_true(name: str) -> None:
    facts = Facts.of(name)
    _, labels = heldout_of(facts)
    by_end = [odds(facts, step) for step in ends(facts)]
    for row in rows_there(labels):
        shown = prediction(trace_of(name), row)
        assert shown is not None
        ways = [each[row] for each in by_end]
        right = [bool(way.argmax() == labels[row] and way.isfinite().all()) for way in ways]
        check_history(shown["history_says"], right)
        check_table(shown["history_table"], ways)


def check_history(said: str, right: list[bool]) -> None:
    """The sentence against whether the row was right before training and after each epoch."""
    if len(right) == 1:
        words = "would have" if right[0] else "would not have"
        assert said == f"Before training it {words} been predicted right. No epoch came to its end."
    elif not any(right):
        assert said == "At no epoch's end would this row have been predicted right."
    elif all(right):
        assert (
            said == "It would have been predicted right at every epoch's end, even before training."
        )
    elif not right[-1]:
        points = f"{sum(right)} of {len(right)} points"
        assert said == f"It would have been right at {points}, and not at the end."
    else:
        since = len(right) - [*reversed(right), False].index(False)
        assert said == f"It would have been predicted right from the end of epoch {since} on."


def check_table(table: Table, odds: list[Tensor]) -> None:
    rows = [[cell["text"] for cell in row["cells"]] for row in table["rows"]]
    assert len(rows) == len(odds)
    for epoch, (row, shares) in enumerate(zip(rows, odds, strict=True)):
        assert int(row[0]) == epoch
        if shares.isfinite().all():
            for written, share in zip(row[1:-1], shares.tolist(), strict=True):
                assert abs(float(written.replace("−", "-")) - share) <= 0.00051
            assert row[-1] == f"class {int(shares.argmax())}"


def test_it_says_how_many_epochs_it_speaks_of_where_some_are_not_stored() -> None:
    spec = RunSpec(dataset="digits", rows=1200, batch_size=600, epochs=137, hidden=256)
    trace = trained(spec, Program.correct())
    shown = prediction(trace, 3)
    assert shown is not None
    rows = [int(row["cells"][0]["text"]) for row in shown["history_table"]["rows"]]
    assert f"Stored are {len(rows) - 1} of 137 epochs' ends." in shown["history_says"]
    assert rows[0] == 0
    assert rows[-1] == 137
    ticks = [node.text for node in parsed(shown["history"]).iter("text") if node.text]
    assert {"0", "100"} <= set(ticks)


def test_every_kind_of_way_was_met() -> None:
    said = {
        shown["history_says"][:38]
        for name in WITH_MODEL
        for row in ROWS
        if (shown := prediction(trace_of(name), row))
    }
    assert len(said) >= 5


def test_probabilities_as_printed_belong_to_the_values_as_printed() -> None:
    shown = prediction(trace_of("calm"), 3)
    assert shown is not None
    values: dict[str, list[float]] = {}
    for row in shown["table"]["rows"]:
        layer, _, value = (cell["text"] for cell in row["cells"])
        values.setdefault(layer, []).append(float(value.replace("−", "-").replace("+", "")))
    assert [len(each) for each in values.values()] == [10, 10, 16, 16, 3, 3]
    relu = [max(value, 0) for value in values["hidden, before ReLU"]]
    assert values["hidden, after ReLU"] == relu
    total = math.fsum(math.exp(value) for value in values["logits"])
    for logit, share in zip(values["logits"], values["softmax"], strict=True):
        assert abs(math.exp(logit) / total - share) < 0.002


def test_rows_before_and_after_are_offered_where_there_are_some() -> None:
    first, last, beyond = (prediction(trace_of("calm"), row) for row in (0, 499, 9999))
    assert first
    assert last
    assert beyond
    assert (first["previous"], first["next"]) == (None, 1)
    assert (last["previous"], last["next"]) == (498, None)
    assert (beyond["row"], beyond["last"]) == (499, 499)


def test_without_a_model_there_is_no_prediction() -> None:
    assert prediction(trace_of("bad indentation"), 0) is None
    assert prediction(trace_of("not scaled"), 0) is None


def test_without_a_free_runner_there_is_none_for_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy(3)

    monkeypatch.setattr(executor(), "replay", busy)
    assert prediction(trace_of("adam, seed 1"), 444) is None
    monkeypatch.undo()
    assert prediction(trace_of("adam, seed 1"), 444)


def test_a_row_is_replayed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = [], executor().replay

    def replay(kind: ReplayKind, trace: Trace, row: int) -> dict[str, Any]:
        asked.append((kind, row))
        return real(kind, trace, row)

    monkeypatch.setattr(executor(), "replay", replay)
    for _ in range(3):
        prediction(trace_of("adam, seed 2"), 445)
    assert asked == [("row", 445)]
