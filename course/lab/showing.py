"""Experiments for the replies to answers that show a belief."""

from collections.abc import Collection

from django.urls import reverse

from course.lab.experiments.finding import experiments_for
from course.quiz.parts import Shown
from course.quiz.showing import shows


@shows
def show(beliefs: Collection[str]) -> dict[str, Shown]:
    """Each belief that is put to the test, with the first experiment that does it."""
    return {
        belief: Shown(reverse("experiment", args=[found.name]), found.title)
        for belief, found in experiments_for(beliefs).items()
    }
