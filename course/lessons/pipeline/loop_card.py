"""The loop card: the program that ran, whole, and the menu of the page."""

from typing import Any

from trainer.engine.trace import Document
from trainer.engine.vocabulary import VOCABULARY, Line

MARKS = {
    "data-loading": ("1", "Data loading"),
    "preprocessing": ("2", "Preprocessing"),
    "model-input": ("3", "Model input"),
    "loss": ("4", "Loss"),
    "backpropagation": ("5", "Backpropagation"),
    "training-trace": ("T", "Training trace"),
    "prediction-trace": ("P", "Prediction trace"),
}

PARTS = (
    ("Once, before", "setup"),
    ("Each epoch", "epoch"),
    ("Each batch", "batch"),
    ("After each epoch", "after"),
)


def loop_card(document: Document) -> dict[str, Any]:
    """Every line of the program, in parts; the lines of a batch link to their stage."""
    parts = []
    for title, section in PARTS:
        lines = document["program"]
        rows = [_row(line) for line in lines if _part(VOCABULARY[line["id"]]) == section]
        if rows:
            parts.append({"title": title, "menu": section == "batch", "rows": rows})
    passes = len(document["steps"])
    return {
        "title": "The loop is the menu",
        "note": f"the batch body ran {passes:,} {'time' if passes == 1 else 'times'}",
        "parts": parts,
    }


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
