"""The lines of a batch as links to their lessons."""

from typing import Any

from django.urls import reverse

from course.lessons.pipeline.loop_card import loop_card
from trainer.engine.trace import Document


def linked_card(document: Document, mark: str = "") -> dict[str, Any]:
    """The part of the loop card that repeats; lines of the lesson with that mark are lit."""
    card = loop_card(document)
    parts = [part for part in card["parts"] if part["menu"]] or card["parts"]
    for row in (row for part in parts for row in part["rows"]):
        row["lit"] = bool(mark) and row["stage"] == mark
        if row["href"]:
            row["href"] = reverse("lesson", args=[row["href"].removeprefix("#")])
            row["current"] = row["lit"]
    return card | {"parts": parts, "note": "each line leads to its lesson"}
