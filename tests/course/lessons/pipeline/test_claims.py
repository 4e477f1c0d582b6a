"""Every sentence of the page is true of every run that it is said of."""

from collections.abc import Iterator

import pytest

from course.lessons.pipeline.context import _lead
from course.lessons.pipeline.section import Section
from tests.course.lessons.pipeline.claims import check
from tests.course.lessons.pipeline.variety import NAMES, Facts, told_of, trace_of
from trainer.charts import batches, curves
from trainer.models import Run
from trainer.pages import headline

everywhere = pytest.mark.parametrize("name", NAMES)


def texts(section: Section) -> Iterator[str]:
    """Everything that a stage says, paragraph by paragraph."""
    yield section.claim
    yield from section.prose
    yield from section.evidence
    yield section.caption
    yield from (table.get("note", "") for table in (section.given, section.table) if table)


@everywhere
def test_what_the_stages_say_is_true(name: str) -> None:
    facts = Facts.of(name)
    for section in told_of(name).values():
        for text in texts(section):
            check(facts, text)


@everywhere
def test_the_lead_is_true(name: str) -> None:
    check(Facts.of(name), _lead(trace_of(name).document))


@everywhere
def test_the_headline_is_true(name: str) -> None:
    document = trace_of(name).document
    run = Run(status=document["status"], duration_ms=31)
    check(Facts.of(name), headline(run, document))


@everywhere
def test_what_stands_below_the_charts_is_true(name: str) -> None:
    trace = trace_of(name)
    if trace.document["epochs"]:
        for chart in curves(trace) + batches(trace):
            check(Facts.of(name), chart["says"])
