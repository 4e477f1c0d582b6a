"""What came of a pair of runs: the figure of the comparison, its bound, and what that says."""

import math
from dataclasses import dataclass

from course.lab.experiments.content import SEEDS, ExperimentFile
from trainer.engine.comparisons import COMPARISONS, compare, split
from trainer.engine.trace import Trace
from trainer.pages import MINUS, shown

SMALL = 0.001
NONE = "One of the two runs left no number for this comparison, so there is nothing to compare."


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figure in a sentence. bound: from where on it counts; "" for yes or no."""

    says: str
    bound: str
    is_there: bool
    verdict: str
    figure: float | None = None


def evidence(tried: ExperimentFile, run: Trace, beside: Trace) -> Evidence:
    """Measure both runs."""
    figure = compare(tried.comparison, run, beside)
    if figure is None:
        return Evidence(NONE, "", is_there=False, verdict="")
    is_there = tried.shows(figure)
    if is_there:
        verdict = "The effect is there in your run."
    else:
        verdict = f"In your run the effect is absent. {share(tried)}"
    return Evidence(tried.says(figure, written(figure)), bound(tried), is_there, verdict, figure)


def share(tried: ExperimentFile) -> str:
    """In how many seeds it shows, as the course's own tests have measured."""
    if tried.shows_in == SEEDS:
        return f"Over the seeds 0 to {SEEDS - 1} it shows in every one."
    return f"Over the seeds 0 to {SEEDS - 1} it shows in at least {tried.shows_in} of {SEEDS}."


def bound(tried: ExperimentFile) -> str:
    """Which figures count as evidence, with their unit."""
    comparison = COMPARISONS[split(tried.comparison)[0]]
    if comparison.is_yes_or_no:
        return ""
    low, high = (
        None if each is None else written(each) for each in (tried.at_least, tried.at_most)
    )
    if low == high:
        limits = f"exactly {low}"
    elif low and high:
        limits = f"{low} to {high}"
    else:
        limits = f"at least {low}" if low else f"at most {high}"
    return f"What counts as the effect: {limits} {comparison.unit}."


def written(figure: float) -> str:
    """A whole number as it is, others with three decimals or, where those say 0, a power of ten."""
    if math.isfinite(figure) and figure == int(figure) and abs(figure) < 1 / SMALL:
        return f"{figure:.0f}".replace("-", MINUS)
    if 0 < abs(figure) < SMALL:
        return f"{figure:.1e}".replace("-", MINUS)
    return shown(figure)
