"""The page that holds how sure one was against how right, over all answers and by stage."""

from collections.abc import Sequence
from typing import Any

from course.accounts.models import User
from course.drawings.calibration import Lane, calibration
from course.drawings.numerals import decimal, signed
from course.drawings.svg import Told
from course.progress.certainty import (
    ENOUGH,
    RANGES,
    Certainty,
    Judged,
    Level,
    best_of_one_level,
    certainty,
)
from course.progress.given import given
from course.progress.pages.words import amount, listed, of, percent, table
from course.stages import MARKS

ALL = "All answers"
HEADS = [
    ("Stage", "nowrap"), ("You said", ""), ("Answers", "n"), ("Right", "n"), ("Share", "n"),
    ("Pays most", "n"), ("That was", "nowrap"),
]  # fmt: skip


ADVICE = {
    Judged.TOO_SURE: "too sure: less often than this confidence is for",
    Judged.BIT_TOO_SURE: "a bit too sure, which may be chance",
    Judged.WELL_JUDGED: "well judged",
    Judged.BIT_TOO_MODEST: "a bit too modest, which may be chance",
    Judged.TOO_MODEST: "too modest: more often than this confidence is for",
}


def my_certainty(learner: User | None) -> dict[str, Any]:
    """Everything that the page shows. One query."""
    rows = given(learner)
    every = certainty(rows)
    stages = {slug: certainty([row for row in rows if row.stage == slug]) for slug in MARKS}
    asked = {slug: told for slug, told in stages.items() if told.answers}
    return {
        "answers": every.answers,
        "enough": ENOUGH,
        "facts": _facts(every),
        "whole": _figure("", ALL, every),
        "figures": [_figure(*MARKS[slug], told) for slug, told in asked.items()],
        "silent": listed([MARKS[slug][1] for slug in MARKS if slug not in asked]),
        "table": table("How sure, and how often right", HEADS, _rows(every, asked)),
    }


def _facts(told: Certainty) -> list[dict[str, Any]]:
    one = best_of_one_level(told.accuracy)
    return [
        {"name": "First answers with a confidence", "value": str(told.answers)},
        {"name": "Share that was right", "value": percent(told.accuracy)},
        {"name": "Average mark", "value": decimal(told.average)},
        {"name": "Best average for that share with one confidence", "value": decimal(one)},
        {"name": "CB bonus", "value": signed(told.bonus)},
    ]


def _figure(mark: str, name: str, told: Certainty) -> dict[str, Any]:
    lanes = [_lane(level) for level in told.levels]
    counts = [
        f"{level.confidence.label}: {of(level.right, level.answers)} right"
        for level in told.levels
        if level.answers
    ]
    title = f"How sure, how right: {name}"
    words = "; ".join(counts) + ". The shaded range of each is where it earns most marks."
    return {
        "mark": mark,
        "name": name,
        "drawing": calibration(Told(title, words), lanes),
        "says": says(told),
    }


def _lane(level: Level) -> Lane:
    low, high = RANGES[level.confidence]
    clear = level.answers >= ENOUGH
    return Lane(
        name=str(level.confidence.label),
        low=low,
        high=high,
        share=level.share if level.answers else None,
        is_clear=clear,
        words=(of(level.right, level.answers), str(level.judged))
        if level.answers
        else ("none", ""),
    )


def says(told: Certainty) -> str:
    """What follows, level by level; where there are few answers, only that."""
    few = [level for level in told.levels if level.judged == Judged.LITTLE]
    judged = [_judgement(level) for level in told.levels if level not in few and level.answers]
    return " ".join([*judged, *([_little(few)] if few else [])])


def _judgement(level: Level) -> str:
    right = f"{level.confidence.label}: {percent(level.share)} right of {level.answers}"
    return f"{right}, {ADVICE[level.judged]}."


def _little(few: Sequence[Level]) -> str:
    names = listed([str(level.confidence.label) for level in few])
    numbers = listed([str(level.answers) for level in few])
    answers = "answer says" if few[-1].answers == 1 and len(few) == 1 else "answers say"
    return f"{names}: {numbers} {answers} little."


def _rows(every: Certainty, stages: dict[str, Certainty]) -> list[list[str]]:
    named = [(ALL, every), *((" ".join(MARKS[slug]), told) for slug, told in stages.items())]
    return [_row(name, level) for name, told in named for level in told.levels if level.answers]


def _row(name: str, level: Level) -> list[str]:
    low, high = RANGES[level.confidence]
    return [
        name,
        str(level.confidence.label),
        str(level.answers),
        amount(level.right),
        percent(level.share),
        f"{percent(low)} to {percent(high)}",
        str(level.judged),
    ]
