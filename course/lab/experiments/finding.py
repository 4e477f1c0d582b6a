"""Which experiments there are, for pages that link to them."""

from collections.abc import Collection

from django.db.models import QuerySet

from course.lab.models import Experiment


def shown() -> QuerySet[Experiment]:
    """Those that learners see."""
    return Experiment.objects.filter(archived=False)


def experiments_for(misconceptions: Collection[str]) -> dict[str, Experiment]:
    """The first experiment that puts each of these beliefs to the test, where there is any.

    One query.
    """
    found = shown().filter(misconception__in=misconceptions).order_by("-order", "-name")
    return {each.misconception: each for each in found}


def has_experiments(stage: str) -> bool:
    """Whether a stage has any."""
    return shown().filter(stage=stage).exists()
