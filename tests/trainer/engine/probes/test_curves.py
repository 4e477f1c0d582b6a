"""Curves are the document's own figures, epoch by epoch."""

import math

import pytest

from tests.staging import short
from trainer.engine.probes import CURVES, PROBES, curve
from trainer.engine.trace import Trace


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_has_the_value_of_each_epoch(name: str) -> None:
    trace = short(epochs=3)
    figure = CURVES[name].figure
    assert curve(name, trace) == [each[figure] for each in trace.document["epochs"]]


def test_a_value_that_is_not_finite_is_a_float() -> None:
    epochs = [{"running_loss": 1.5}, {"running_loss": "inf"}, {"running_loss": "nan"}]
    first, second, third = curve("running_losses", Trace({"epochs": epochs}, b"")) or []
    assert (first, second) == (1.5, math.inf)
    assert math.isnan(third)


def test_a_run_that_measured_nothing_has_none() -> None:
    assert curve("heldout_losses", short("loss,forward")) is None


def test_no_curve_goes_by_the_name_of_a_probe() -> None:
    assert not set(CURVES) & set(PROBES)
