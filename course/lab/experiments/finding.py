"""Which experiments there are, for pages that link to them."""

from collections.abc import Collection

from django.db.models import QuerySet

from course.lab.models import Experiment
from course.quiz.models import Stage

MARKS = dict(zip(Stage.values, "12345TP", strict=True))
"""How each stage is marked everywhere."""


def shown() -> QuerySet[Experiment]:
    """Those that learners see."""
    return Experiment.objects.filter(archived=False)


def experiment_for(misconception: str) -> Experiment | None:
    """The first experiment that puts this belief to the test."""
    return experiments_for([misconception]).get(misconception)


def experiments_for(misconceptions: Collection[str]) -> dict[str, Experiment]:
    """The same of several beliefs, of those that have one. One query."""
    found = shown().filter(misconception__in=misconceptions).order_by("-order", "-name")
    return {each.misconception: each for each in found}


def by_belief() -> dict[str, str]:
    """The name of the first experiment for each belief that has any. One query for all."""
    found = shown().order_by("-order", "-name").values_list("misconception", "name")
    return dict(found)


def has_experiments(stage: str) -> bool:
    """Whether a stage has any."""
    return shown().filter(stage=stage).exists()
