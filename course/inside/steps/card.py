"""The program that ran, as the card beside a step: lines that ran in it lead to their state."""

from collections.abc import Callable
from typing import Any

from course.inside.steps.step import Step
from course.lessons.pipeline.loop_card import loop_card
from trainer.engine.trace import Document

Row = dict[str, Any]
Link = Callable[[int], str]
"""From the place of a line in its step to its address."""


def step_card(document: Document, step: Step, at: int, link: Link) -> dict[str, Any]:
    """Every line of the program in parts, with the line after which the page stands."""
    card = loop_card(document)
    numbered(card)
    now = step.sources[at - 1]
    for row in (row for part in card["parts"] for row in part["rows"]):
        places = [place for place, line in enumerate(step.sources, 1) if line in row["lines"]]
        row["current"] = now in row["lines"]
        row["href"] = link(at if row["current"] else places[0]) if places else ""
        row["failed"] = step.failed and step.sources[-1] in row["lines"]
    return card


def row_of(document: Document, source: int) -> Row:
    """The row of the card that a line of the program is in."""
    card = loop_card(document)
    numbered(card)
    rows: list[Row] = [row for part in card["parts"] for row in part["rows"]]
    return next((row for row in rows if source in row["lines"]), rows[-1])


def numbered(card: dict[str, Any]) -> None:
    """Say of each row which lines of the source it takes."""
    number = 1
    for row in (row for part in card["parts"] for row in part["rows"]):
        height = row["code"].count("\n") + 1
        row["lines"] = range(number, number + height)
        number += height


def short(code: str) -> str:
    """A line that is written on several, on one."""
    first, *more = code.split("\n")
    if not more:
        return first
    return f"{first}…)" if first.endswith("(") else f"{first} …"
