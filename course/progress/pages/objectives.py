"""The page of what one can do: each objective of the course, where one stands, and what is next."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from course.accounts.models import User
from course.drawings.signs import sign
from course.progress.given import Given, given
from course.progress.mastery import APART, Standing, State, standings
from course.progress.pages.words import table
from course.quiz.models import Mode, Question
from course.quiz.objectives import BY_STAGE
from course.stages import MARKS

SIGNS = {
    State.UNMET: "unmet",
    State.MET: "met",
    State.RIGHT: "once",
    State.MASTERED: "mastered",
}
HEADS = [
    ("Stage", "nowrap"), ("Objectives", "n"), ("Asked", "n"), ("Right once or more", "n"),
    ("Mastered", "n"),
]  # fmt: skip
HOURS = APART.total_seconds() / 3600


def my_objectives(learner: User | None) -> dict[str, Any]:
    """Everything that the page shows. Two queries."""
    rows = given(learner)
    found, asking = standings(rows), _asking() if rows else {}
    spent = _spent(rows)
    stages = [
        {
            "mark": MARKS[slug][0],
            "name": MARKS[slug][1],
            "counts": _counts([found[name].state for name in objectives]),
            "rows": [_row(said, found[name], asking.get(name, []), spent)
                     for name, said in objectives.items()],
        }
        for slug, objectives in BY_STAGE.items()
    ]  # fmt: skip
    return {
        "answers": len(rows),
        "hours": f"{HOURS:g}",
        "stages": stages,
        "key": [{"sign": sign(SIGNS[state]), "word": str(state)} for state in State],
        "table": table("Objectives by stage", HEADS, [_of_stage(stage) for stage in stages]),
    }


def _asking() -> dict[str, list[Question]]:
    """The questions that learners see now, by what they test, in the order of the course."""
    shown = Question.objects.filter(archived=False, lesson__archived=False).exclude(objective="")
    found: dict[str, list[Question]] = defaultdict(list)
    for question in shown.select_related("lesson"):
        found[question.objective].append(question)
    return found


def _spent(rows: Sequence[Given]) -> set[int]:
    """Questions that no lesson can ask for a first time again: those about runs always can."""
    return {row.question for row in rows if not row.is_recall and not row.variant}


def _counts(states: Sequence[State]) -> dict[str, int]:
    found = Counter(states)
    right = found[State.RIGHT] + found[State.MASTERED]
    return {
        "all": len(states),
        "asked": right + found[State.MET],
        "right": right,
        "mastered": found[State.MASTERED],
    }


def _of_stage(stage: Mapping[str, Any]) -> list[str]:
    numbers = [str(number) for number in stage["counts"].values()]
    return [f"{stage['mark']} {stage['name']}", *numbers]


def _row(said: str, told: Standing, asking: Sequence[Question], spent: set[int]) -> dict[str, Any]:
    return {
        "said": said,
        "sign": sign(SIGNS[told.state]),
        "state": str(told.state),
        "next": next_for(told, asking, spent),
    }


def next_for(told: Standing, asking: Sequence[Question], spent: set[int]) -> dict[str, str]:
    """Where to go on, and why there: `text` alone, or the words of a link with its `href`."""
    if told.state == State.MASTERED:
        return {"text": ""}
    if not asking:
        return {"text": "No question asks this now."}
    fresh = next((each for each in asking if each.pk not in spent), None)
    learnt, recalled = _is_right(told, recall=False), _is_right(told, recall=True)
    comes_back = any(each.pk in told.asked for each in asking)
    if fresh and not (learnt and comes_back):
        return {"text": f"Answer it in {fresh.lesson.title}", "href": _page_of(fresh)}
    if recalled and not learnt:
        return {"text": "Right from memory. No lesson has a first try at it left so far."}
    return {"text": "Recall it when it is due", "href": reverse("recall")}


def _is_right(told: Standing, *, recall: bool) -> bool:
    return any((mode == Mode.RECALL) == recall for mode in told.right)


def _page_of(question: Question) -> str:
    lesson = question.lesson
    return reverse("lesson", args=[lesson.slug]) if lesson.mark else reverse("pipeline")
