"""The loop card: the program that ran, whole, and the menu of the page."""

from itertools import groupby
from typing import Any

from course.stages import MARKS
from trainer.engine.trace import Document
from trainer.engine.vocabulary import VOCABULARY, Line

TITLES = {
    "setup": "Once, before",
    "epoch": "Each epoch",
    "batch": "Each batch",
    "after": "After each epoch",
}


def loop_card(document: Document) -> dict[str, Any]:
    """Every line of the program, in parts; the lines of a batch link to their stage.

    How often they ran is what the first stage asks.
    """
    return {
        "title": "The loop is the menu",
        "note": "the whole program of this run",
        "parts": _parts(document["program"]),
    }


def _parts(program: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines under their titles; in one piece where they do not stand in that order."""
    parts: list[dict[str, Any]] = []
    for section, lines in groupby(program, key=lambda line: _part(VOCABULARY[line["id"]])):
        rows = [_row(line) for line in lines]
        parts.append({"title": TITLES[section], "menu": section == "batch", "rows": rows})
    order = [list(TITLES.values()).index(part["title"]) for part in parts]
    if order == sorted(set(order)):
        return parts
    rows = [row | {"href": ""} for part in parts for row in part["rows"]]
    return [{"title": "The program", "menu": False, "rows": rows}]


def _row(placed: dict[str, Any]) -> dict[str, Any]:
    line = VOCABULARY[placed["id"]]
    mark, name = MARKS[line.stage]
    return {
        "code": placed["source"],
        "level": placed["level"],
        "stage": mark,
        "name": name,
        "step": line.label,
        "href": f"#{line.stage}" if _part(line) == "batch" else "",
    }


def _part(line: Line) -> str:
    """The batch's own `for` line stands with the lines that it repeats."""
    return "batch" if line.id == "for_batch" else line.section


def strip(document: Document) -> list[dict[str, str]]:
    """The seven stops of the page, each with the first of its lines in the batch."""
    codes: dict[str, str] = {"prediction-trace": "model(scale(row)).softmax(dim=1)"}
    for placed in document["program"]:
        line = VOCABULARY[placed["id"]]
        if _part(line) == "batch" and line.label not in ("clear", "update"):
            codes.setdefault(line.stage, placed["source"])
    return [
        {"stage": mark, "name": name, "code": codes.get(slug, ""), "href": f"#{slug}"}
        for slug, (mark, name) in MARKS.items()
    ]
