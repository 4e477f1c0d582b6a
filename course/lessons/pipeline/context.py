"""The pipeline page put together: which run it tells, which parts of it stand open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from course import drawings
from course.accounts.models import User
from course.lessons.closing import closing
from course.lessons.models import Lesson
from course.lessons.pipeline import sections
from course.lessons.pipeline.loop_card import loop_card, strip
from course.lessons.pipeline.prediction import prediction
from course.lessons.pipeline.published import published
from course.lessons.pipeline.section import Section
from course.lessons.pipeline.training import training
from course.lessons.pipeline.wording import count, prose
from course.quiz import predictions
from course.quiz.cards import cards_for
from course.quiz.models import Answer
from course.quiz.parts import Card
from course.quiz.predictions import Predictions
from course.quiz.versions import current
from course.stages import MARKS
from trainer.course_runs import ON_REAL_DATA, course_run
from trainer.curve import curve
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Document, Trace
from trainer.forms import RunForm
from trainer.models import Run
from trainer.pages import badge_of, error_of, headline, new_nonce

LESSON = "pipeline"
TRACES = frozenset({"training-trace", "prediction-trace"})
OFFERED = ("calm", "published", *ON_REAL_DATA)
"""Settings to start from."""
PREDICT_FIRST = "Say first what you expect. The run starts when both predictions are locked."

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a run, a held-out row, parts to be open."""

    run: str = ""
    row: int = 0
    opened: frozenset[str] = frozenset()


def asking(
    learner: User | None,
    run: Run | None,
    form: RunForm | None = None,
    parsed: Predictions | None = None,
    nonce: str = "",
) -> Context:
    """The form of the next run: its predictions and its settings."""
    start = form or RunForm.showing(run.form() if run and run.owner_id else {}, learner)
    return {
        # Beside the course's run: beside their own, the learner has answered them already.
        "predictions": predictions.cards(LESSON, learner, course_run("calm"), parsed),
        "form": start,
        "nonce": nonce or new_nonce(),
        "presets": [(name, PRESETS[name]) for name in OFFERED],
        "settings_open": bool(form) or bool(run and run.owner_id),
    }


def page(
    learner: User | None, run: Run | None, wanted: Wanted, answered: Card | None = None
) -> Context:
    """Everything that the page shows of a run. `answered` stands for its card as it is now."""
    lesson = Lesson.objects.filter(slug=LESSON).first()
    versions = [each for each in current(LESSON) if each.question.place != "prediction"]
    cards = cards_for(versions, learner, run)
    if answered:
        cards = [answered if card.slug == answered.slug else card for card in cards]
    trace = run.load() if run else None
    shown: Context = {
        "lesson": lesson,
        "run": run,
        "own": bool(run and run.owner_id),
        "answers": address(wanted, "pipeline-answers"),
        "quiz": closing(lesson, cards, trace),
    }
    if run is None:
        return shown
    return shown | result(run) | (_of_trace(run, trace, wanted, cards) if trace else {})


def result(run: Run, settled: Sequence[Answer] = ()) -> Context:
    """What came of a run, against what was said before it (`settled`, if it is at hand)."""
    trace = run.load()
    shown: Context = {"run": run, "badge": badge_of(run)}
    if run.owner_id:
        shown["outcomes"] = predictions.outcomes(run, settled)
    if trace is None:
        return shown
    document = trace.document
    return shown | {
        "document": document,
        "headline": headline(run, document),
        "error": error_of(document),
        "curve": curve(trace),
    }


def _of_trace(run: Run, trace: Trace, wanted: Wanted, cards: Sequence[Card]) -> Context:
    document = trace.document
    opened = wanted.opened | (TRACES if run.owner_id else frozenset())
    told = sections.sections(trace)
    asked = {card.stage: card for card in cards if card.place == "stage"}
    shown = [_section(trace, told[slug], asked.get(slug), wanted) for slug in told]
    traced = bool(document["epochs"]) and "training-trace" in opened
    return {
        "lead": _lead(document),
        "card": loop_card(document),
        "strip": strip(document),
        "wide": drawings.pipeline_wide(trace),
        "tall": drawings.pipeline_tall(trace),
        "sections": shown,
        "missing": [_missing(slug) for slug in sections.TELLERS if slug not in told],
        "training": training(run, trace) if traced else None,
        "published": published(run, trace) if traced else None,
        "prediction": prediction(trace, wanted.row) if "prediction-trace" in opened else None,
        "traces_link": f"{address(replace(wanted, opened=wanted.opened | TRACES))}#training-trace",
        "opened": sorted(wanted.opened),
    }


def _lead(document: Document) -> str:
    """The run in a sentence."""
    rows, size = (
        document["data"]["train_rows"],
        sum(math.prod(each["shape"]) for each in document["layout"]),
    )
    if not size:
        return f"{count(rows, 'row')} were ready, and no model was made."
    return (
        f"One run of the training loop: {count(rows, 'row')} to learn from, "
        f"{count(size, 'parameter')} to change."
    )


def _missing(slug: str) -> Context:
    """A stage that this run did not come to: links lead to it all the same."""
    mark, name = MARKS[slug]
    return {"slug": slug, "margin": {"stage": mark, "name": name}}


def _section(trace: Trace, section: Section, card: Card | None, wanted: Wanted) -> Context:
    mark, name = MARKS[section.slug]
    margin = {
        "stage": mark,
        "name": name,
        "code": sections.code_of(trace, section.slug),
        "flow": sections.flow_of(trace, section.slug),
        "href": reverse("lesson", args=[section.slug]),
    }
    is_open = card is None or card.is_over or section.slug in wanted.opened
    show_me = address(replace(wanted, opened=wanted.opened | {section.slug}))
    return {
        "told": section,
        "prose": [prose(text) for text in section.prose],
        "evidence": [prose(text) for text in section.evidence if text],
        "margin": margin,
        "card": card,
        "open": is_open,
        "show_me": f"{show_me}#{section.slug}",
    }


def address(wanted: Wanted, name: str = "pipeline") -> str:
    """The page, or another address of it, with the same run and the same parts open."""
    query = [("run", wanted.run)] if wanted.run else []
    query += [("open", slug) for slug in sorted(wanted.opened)]
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)
