"""Columns of the data, and a mistake in one, held against PyTorch on the rows themselves."""

import math
from dataclasses import replace

import pytest
import torch

from tests.trainer.engine import textbook
from trainer.engine import surveys
from trainer.engine.execute import names_of, run
from trainer.engine.program import Program
from trainer.engine.replay import NotReached
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace


def test_columns_are_those_of_the_published_rule(calm: Trace) -> None:
    (x, _), (heldout, _) = textbook.data()
    found = surveys.columns(calm, 7)
    assert found["values"] == x[:, 7].tolist()
    assert found["heldout_values"] == heldout[:, 7].tolist()
    for column, five in enumerate(found["quartiles"]):
        assert five == torch.quantile(x[:, column], torch.tensor([0, 0.25, 0.5, 0.75, 1])).tolist()
        low, high = x[:, column].min(), x[:, column].max()
        beyond = [value for value in heldout[:, column] if value < low or value > high]
        assert found["outside"][column] == len(beyond)


@pytest.mark.parametrize("dataset", ["synthetic", "iris", "wine", "digits"])
def test_a_mistake_becomes_one_and_the_rest_keeps_its_order(dataset: str) -> None:
    spec = PRESETS["calm" if dataset == "synthetic" else dataset]
    trace, x = run(replace(spec, epochs=1), Program.correct()), names_of(spec)
    train = x["train"].x
    for column in range(train.shape[1]):
        values = train[:, column].double()
        found = surveys.outliers(trace, column)
        assert values[found["row"]] == values.max() == pytest.approx(found["raw"])
        for each in found["spoiled"]:
            high = each["factor"] * (values.max().item() or 1.0)
            assert each["raw"] == pytest.approx(high)
            low = min(value for row, value in enumerate(values.tolist()) if row != found["row"])
            by_hand = (values - low) / (high - low)
            by_hand[found["row"]] = 1.0
            assert each["values"] == pytest.approx(by_hand.tolist(), abs=1e-6)
        clean = [float(value) for value in found["as_it_is"]]
        if values.min() < values.max():
            span = values.max() - values.min()
            assert clean == pytest.approx(((values - values.min()) / span).tolist(), abs=1e-6)
        else:
            assert all(value == 0 or math.isnan(value) for value in clean)


@pytest.mark.parametrize("survey", [surveys.columns, surveys.outliers])
@pytest.mark.parametrize("wanted", [-1, 10, 10**9])
def test_a_column_that_does_not_exist_is_refused(survey: object, wanted: int, calm: Trace) -> None:
    with pytest.raises(NotReached):
        survey(calm, wanted)  # type: ignore[operator]


def test_a_survey_changes_neither_data_nor_trace(calm: Trace) -> None:
    before, rows = calm.fingerprint(), names_of(RunSpec())["train"].x.clone()
    for column in range(10):
        surveys.outliers(calm, column)
        surveys.columns(calm, column)
    assert calm.fingerprint() == before
    assert torch.equal(names_of(RunSpec())["train"].x, rows)
