"""The figures that the course prints about its named presets."""

from dataclasses import replace

import pytest

from tests.sizes import size
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

REAL = {"iris": 0.92, "wine": 0.91, "digits": 0.92}
"""The least share of held-out rows that was right under seeds 0 to 19."""

TARGET_LOSS = [1.20, 0.85, 0.60, 0.45, 0.35]
TARGET_ACCURACY = [0.45, 0.60, 0.75, 0.82, 0.88]


def column(trace: Trace, name: str) -> list[float]:
    return [each[name] for each in trace.document["epochs"]]


def rounded(trace: Trace, name: str) -> list[float]:
    return [round(value, 3) for value in column(trace, name)]


def test_published_is_near_the_published_curve_in_every_epoch(published: Trace) -> None:
    assert column(published, "running_loss") == pytest.approx(TARGET_LOSS, abs=0.05)
    assert column(published, "running_accuracy") == pytest.approx(TARGET_ACCURACY, abs=0.05)


def test_published_gives_the_figures_of_the_docs(published: Trace) -> None:
    assert rounded(published, "running_loss") == [1.184, 0.826, 0.574, 0.473, 0.369]
    assert rounded(published, "running_accuracy") == [0.421, 0.612, 0.741, 0.783, 0.843]
    assert rounded(published, "heldout_accuracy")[-1] == 0.860
    assert published.document["silent_units"] == 58


def test_the_same_net_at_a_gentle_rate_does_better() -> None:
    gentle = run(replace(PRESETS["published"], lr=0.02), Program.correct())
    assert rounded(gentle, "heldout_accuracy")[-1] == 0.918


def test_calm_gives_the_figures_of_the_docs(calm: Trace) -> None:
    assert rounded(calm, "running_loss") == [1.019, 0.833, 0.650, 0.519, 0.419]
    assert rounded(calm, "running_accuracy") == [0.521, 0.670, 0.742, 0.797, 0.854]
    assert rounded(calm, "heldout_accuracy")[-1] == 0.870
    assert calm.document["silent_units"] == 3


def test_calm_is_what_a_spec_starts_from() -> None:
    assert RunSpec.parse({}) == RunSpec() == PRESETS["calm"]


def test_the_presets_are_those_that_the_contract_names() -> None:
    assert list(PRESETS) == ["calm", "published", "bench", *REAL]
    assert (PRESETS["bench"].optimizer, PRESETS["bench"].lr) == ("sgd", 0.1)
    assert {PRESETS[name].steps for name in ("calm", "published", "bench")} == {50}


@pytest.mark.parametrize(("name", "least"), REAL.items())
def test_on_real_data_the_presets_learn_under_any_seed(name: str, least: float) -> None:
    assert PRESETS[name] == RunSpec.parse({"preset": name, "dataset": name})
    runs = [
        run(replace(PRESETS[name], seed=seed), Program.correct()) for seed in range(size(5, 20))
    ]
    assert min(column(each, "heldout_accuracy")[-1] for each in runs) >= least
