"""What the page of the builder shows, as plain data for its templates."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from course.lab.builder.actions import STARTS_FROM, Done
from course.lab.builder.desk import Desk, whole
from course.stages import MARKS
from trainer.engine.program import MAX_LINES, Placed, Program
from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import VOCABULARY, Line
from trainer.pages import new_nonce

Context = dict[str, Any]

TITLES = {
    "setup": "Once, before",
    "epoch": "Each epoch",
    "batch": "Each batch",
    "after": "After the batches",
}
BUTTONS = {
    "up": "Move line {} up",
    "down": "Move line {} down",
    "out": "Move line {} out",
    "in": "Move line {} in",
    "repeat": "Repeat line {}",
    "remove": "Remove line {}",
}
LONG = 48


def page(desk: Desk, program: Program | None, at: str = "", told: str = "") -> Context:
    """Everything but the result. at: `up-7`, the button that is to have the focus; told: why not.

    program: the one that is shown; it may be one that the desk does not have yet.
    """
    shown: Context = {"form": desk.form, "told": told, "nonce": new_nonce()}
    if program is None:
        return shown | {"starts": _starts(desk)}
    button, _, number = at.partition("-")
    place = whole(number)
    return shown | {
        "parts": parts(program, desk.spec, place, button),
        "count": len(program.lines),
        "room": MAX_LINES,
        "address": desk.address(program),
        "lines": program.spelling(),
        "starts": _starts(desk),
        "shelf": shelf(desk.spec, _section(program, place)),
        "places": places(program, desk.spec, place),
        "source": program.source(desk.spec),
    }


def after(done: Done) -> str:
    """How an address says which button is to have the focus now."""
    return f"{done.button}-{done.at}" if done.at else ""


# -- the program ---------------------------------------------------------------------


def parts(program: Program, spec: RunSpec, at: int = 0, button: str = "") -> list[Context]:
    """The lines as cards, under the title of where they stand, numbered through."""
    found = []
    numbered = enumerate(zip(_sections(program), program.lines, strict=True), 1)
    for section, group in groupby(numbered, key=lambda each: each[1][0]):
        cards = [_card(number, placed, spec, at, button) for number, (_, placed) in group]
        found.append({"slug": section, "title": TITLES[section], "cards": cards})
    return found


def _sections(program: Program) -> Iterator[str]:
    """Where each line stands: before the loops, in the outer, in the inner one, or after it."""
    place, level = "setup", 0
    for placed in program.lines:
        if place == "batch" and placed.level <= level:
            place = "after"
        if place == "setup" and placed.line.id in ("for_epoch", "for_batch"):
            place = "epoch"
        yield place
        if place == "epoch" and placed.line.id == "for_batch":
            place, level = "batch", placed.level


def _card(number: int, placed: Placed, spec: RunSpec, at: int, button: str) -> Context:
    line, lit = placed.line, number == at
    return _told(line, spec) | {
        "number": number,
        "level": placed.level,
        "lit": lit,
        "buttons": [
            {
                "do": f"{verb}-{number}",
                "icon": "cross" if verb == "remove" else verb,
                "label": label.format(number),
                "focus": lit and verb == button,
            }
            for verb, label in BUTTONS.items()
        ],
    }


def _told(line: Line, spec: RunSpec) -> Context:
    mark, name = MARKS[line.stage]
    return {
        "id": line.id, "code": line.source(spec), "short": _short(line, spec), "stage": mark,
        "stage_name": name, "note": line.note,
    }  # fmt: skip


def _short(line: Line, spec: RunSpec) -> str:
    """A line in one row of text."""
    first, _, rest = line.source(spec).partition("\n")
    return f"{first} …" if rest else first


def _section(program: Program, at: int) -> str:
    """Where on the shelf a line came from; lines of a batch lie open until one was taken."""
    return program.lines[at - 1].line.section if 0 < at <= len(program.lines) else "batch"


# -- what else may be added ----------------------------------------------------------


def shelf(spec: RunSpec, opened: str) -> list[Context]:
    """Every line of the vocabulary, by where it usually stands and then by its stage.

    The order within a stage is that of the alphabet: the vocabulary's own begins with the honest.
    """
    return [
        {
            "slug": section,
            "title": title,
            "open": section == opened,
            "lines": sorted(
                (_told(line, spec) for line in VOCABULARY.values() if line.section == section),
                key=lambda told: ("12345TP".index(told["stage"]), told["code"]),
            ),
        }
        for section, title in TITLES.items()
    ]


def places(program: Program, spec: RunSpec, at: int) -> list[Context]:
    """Where a new line may go: behind the marked line, or else behind the last one of a batch."""
    last = max((n for n, each in enumerate(_sections(program), 1) if each == "batch"), default=0)
    chosen = at or last or len(program.lines)
    behind = [
        {"value": number, "words": f"{number}: {_cut(_short(each.line, spec))}"}
        for number, each in enumerate(program.lines, 1)
    ]
    options = [{"value": 0, "words": "at the beginning"}, *behind]
    return [option | {"chosen": option["value"] == chosen} for option in options]


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def _starts(desk: Desk) -> list[Context]:
    """Programs to begin with, under the settings as they are."""
    at = desk.address()
    return [
        {"href": f"{at}&do=start-{name}", "label": words} for name, words in STARTS_FROM.items()
    ]
