"""The evidence of each experiment appears, and not in the run without the mistake."""

import math

import pytest

from course.lab.experiments.content import SEEDS, ExperimentFile
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.sizes import size
from trainer.engine.comparisons import compare
from trainer.engine.execute import run
from trainer.engine.trace import Trace
from trainer.runs import Asked

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # of shapes that differ: one of them

EVERY_SEED = [name for name, tried in EXPERIMENTS.items() if tried.shows_in == SEEDS]
SOME_SEEDS = sorted(set(EXPERIMENTS) - set(EVERY_SEED))


def figures(tried: ExperimentFile, seed: int) -> tuple[float | None, float | None]:
    """The figure of the run, and that of the run beside it in both places."""
    mistaken, usual = made(tried.asked(seed)), made(tried.asked_beside(seed))
    return compare(tried.comparison, mistaken, usual), compare(tried.comparison, usual, usual)


def made(asked: Asked) -> Trace:
    return run(asked.spec, asked.program)


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown here is no matter of speed: a busy machine may take as long as it needs."""
    monkeypatch.setattr("trainer.engine.recorder.TIME_BUDGET", 600.0)


@pytest.mark.parametrize("seed", range(size(2, SEEDS)))
@pytest.mark.parametrize("name", EVERY_SEED)
def test_what_an_experiment_is_to_show_is_there(name: str, seed: int) -> None:
    tried = EXPERIMENTS[name]
    figure, usual = figures(tried, seed)
    assert tried.shows(figure), figure
    assert not tried.shows(usual), usual


@pytest.mark.parametrize("name", SOME_SEEDS)
def test_what_shows_under_some_seeds_shows_under_as_many_as_it_says(name: str) -> None:
    tried = EXPERIMENTS[name]
    found = [figures(tried, seed) for seed in range(SEEDS)]
    assert sum(tried.shows(figure) for figure, _ in found) >= tried.shows_in
    assert not any(tried.shows(usual) for _, usual in found)


def test_no_figure_is_no_evidence() -> None:
    for tried in EXPERIMENTS.values():
        assert not tried.shows(None)
        assert not tried.shows(math.nan)
        assert not (tried.shows(-1e300) and tried.shows(1e300))
