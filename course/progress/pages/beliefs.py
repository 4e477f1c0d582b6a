"""The map of beliefs: which of the catalogue one's answers showed, and what came of each."""

from collections.abc import Mapping
from typing import Any

from course.accounts.models import User
from course.drawings.belief_map import Row, belief_map_tall, belief_map_wide
from course.drawings.numerals import count
from course.drawings.signs import sign
from course.drawings.svg import Told
from course.lab.showing import show
from course.progress.beliefs import Timeline, timelines
from course.progress.contents import contents, said
from course.progress.given import given
from course.progress.pages.moments import day, latest, moments, told
from course.progress.pages.words import table
from course.quiz.misconceptions import BELIEFS, BY_STAGE
from course.stages import MARKS

WORDS = {"never": "never shown", "shown": "shown", "overcome": "overcome"}
HEADS = [("Stage", "nowrap"), ("Never shown", "n"), ("Shown", "n"), ("Overcome", "n")]

Found = Mapping[str, Timeline]


def my_beliefs(learner: User | None) -> dict[str, Any]:
    """Everything that the page shows. Four queries."""
    rows = given(learner)
    versions = contents(rows) if rows else {}
    found = timelines(said(rows, versions))
    entries = _entries(found, told(found.values(), versions)) if found else {}
    return {
        "answers": len(rows),
        "stages": [_stage(slug, entries) for slug in BY_STAGE],
        "key": [{"sign": sign(name), "word": word} for name, word in WORDS.items()],
        **_map(found),
    }


def state_of(timeline: Timeline | None) -> str:
    """Where one is with a belief: a name of `WORDS`."""
    if timeline is None:
        return "never"
    return "overcome" if timeline.is_overcome else "shown"


def _map(found: Found) -> dict[str, Any]:
    states = {
        slug: [state_of(found.get(name)) for name in names] for slug, names in BY_STAGE.items()
    }
    drawn = [Row(*MARKS[slug], cells) for slug, cells in states.items()]
    says = _says(found)
    what = Told("Beliefs of the course, by stage", says)
    rows = [
        [" ".join(MARKS[slug]), *(str(cells.count(each)) for each in WORDS)]
        for slug, cells in states.items()
    ]
    return {
        "says": says,
        "wide": belief_map_wide(what, drawn),
        "tall": belief_map_tall(what, drawn),
        "table": table("Beliefs by stage", HEADS, rows),
    }


def _says(found: Found) -> str:
    overcome = sum(each.is_overcome for each in found.values())
    shown = f"Of {len(BELIEFS)} false beliefs, your answers showed {len(found) or 'none'}"
    return f"{shown}; {overcome} of them overcome." if found else f"{shown} so far."


def _stage(slug: str, entries: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    names = BY_STAGE[slug]
    return {
        "mark": MARKS[slug][0],
        "name": MARKS[slug][1],
        "met": [entries[name] for name in names if name in entries],
        "never": [said for name, said in names.items() if name not in entries],
    }


def _entries(found: Found, answers: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    experiments = show(found)
    return {
        name: {
            "said": BELIEFS[name],
            "state": _state(timeline),
            "sign": sign(state_of(timeline)),
            "moments": moments(timeline, answers),
            "earlier": _earlier(timeline),
            "experiment": experiments[name].address if name in experiments else "",
        }
        for name, timeline in found.items()
    }


def _state(timeline: Timeline) -> str:
    """In words: when it was overcome, or how often and when it was shown."""
    times, last = timeline.times_shown, day(timeline.moments[-1].given.created)
    if timeline.is_overcome:
        return f"overcome on {last}"
    return f"shown on {last}" if times == 1 else f"shown {times} times, last on {last}"


def _earlier(timeline: Timeline) -> str:
    left = len(timeline.moments) - len(latest(timeline))
    return f"{count(left, 'earlier answer')} not listed." if left else ""
