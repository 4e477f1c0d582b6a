"""What the database holds of a visitor, for tests that look behind the page."""

import re

from playwright.sync_api import Page

from course.quiz.models import Answer
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.models import Run


def run_of(page: Page) -> Run:
    """The run that the page's address names."""
    found = re.search(r"run=(\w{10})|/runs/(\w{10})/", page.url)
    assert found, page.url
    return Run.objects.select_related("owner", "trace").get(pk=found[1] or found[2])


def trace_of(page: Page) -> Trace:
    """What that run left."""
    trace = run_of(page).load()
    assert trace
    return trace


def figure(page: Page, name: str, digits: int = 3) -> str:
    """A number of that run, as a learner would type it."""
    value = probes.probe(name, trace_of(page))
    assert isinstance(value, int | float)
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"


def answers_of(page: Page) -> list[Answer]:
    """What the owner of that run has answered, in order, predictions first."""
    owner = run_of(page).owner
    rows = Answer.objects.filter(learner=owner).select_related("question", "run")
    return list(rows.order_by("pk"))
