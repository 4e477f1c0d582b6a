"""Certainty, objectives and beliefs in a sentence each, with the way to their pages."""

from collections.abc import Sequence

from django.urls import reverse

from course.drawings.numerals import count
from course.progress.beliefs import Said, timelines
from course.progress.certainty import certainty
from course.progress.given import Given
from course.progress.mastery import State, standings
from course.progress.pages.words import amount
from course.quiz.objectives import OBJECTIVES


def standing(rows: Sequence[Given], answers: Sequence[Said]) -> list[dict[str, str]]:
    """Title, text, address and the words of its link."""
    return [
        _entry("Certainty", _certainty(rows), "my-certainty", "How sure, how right"),
        _entry("Objectives", _objectives(rows), "my-objectives", "What you can do"),
        _entry("Beliefs", _beliefs(answers), "my-beliefs", "What your answers showed"),
    ]


def _entry(title: str, text: str, name: str, label: str) -> dict[str, str]:
    return {"title": title, "text": text, "href": reverse(name), "label": label}


def _certainty(rows: Sequence[Given]) -> str:
    told = certainty(rows)
    if not told.answers:
        return "You have not said so far how sure you were of an answer."
    asked = count(told.answers, "first answer")
    return f"Of {asked} for which you said how sure you were, {amount(told.right)} were right."


def _objectives(rows: Sequence[Given]) -> str:
    states = [each.state for each in standings(rows).values()]
    mastered, once = states.count(State.MASTERED), states.count(State.RIGHT)
    return f"Of {len(OBJECTIVES)}: {mastered} mastered, {once} more answered right once."


def _beliefs(answers: Sequence[Said]) -> str:
    found = timelines(answers).values()
    if not found:
        return "None of your answers has shown a false belief so far."
    overcome = sum(each.is_overcome for each in found)
    return (
        f"{count(len(found), 'false belief')} shown by your answers, {overcome} of them overcome."
    )
