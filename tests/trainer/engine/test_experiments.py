"""The evidence of each experiment appears, and not in the run without the mistake."""

import pytest

from tests.sizes import size
from tests.trainer.engine.experiments import EXPERIMENTS
from trainer.engine.execute import run

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # of shapes that differ: one of them

SEEDS = range(size(2, 20))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_an_experiment_is_to_show_is_there(name: str, seed: int) -> None:
    experiment = EXPERIMENTS[name]
    mistaken, usual = (
        run(spec, program)
        for spec, program in zip(experiment.specs(seed), experiment.programs(), strict=True)
    )
    figure = experiment.figure(mistaken, usual)
    assert experiment.shows(figure), figure
    usual_figure = experiment.figure(usual, usual)
    assert not experiment.shows(usual_figure), usual_figure


def test_every_experiment_has_a_bound() -> None:
    for experiment in EXPERIMENTS.values():
        assert not experiment.shows(float("nan"))
        assert not (experiment.shows(-1e300) and experiment.shows(1e300))
