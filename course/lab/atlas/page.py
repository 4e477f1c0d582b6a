"""What the page of the atlas shows: legend, map or table, as plain data for its template."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from course.lab.atlas.outcomes import KINDS, SPEC
from course.lab.builder.desk import address_of, spelled
from course.lab.models import Atlas
from trainer.engine.program import Program
from trainer.engine.vocabulary import CORE, VOCABULARY
from trainer.pages import settings_facts, shown

Context = dict[str, Any]
Outcome = dict[str, Any]

SIZES = ("No line", "One line", "Two lines", "Three lines", "Four lines", "Five lines")
NOTHING = "none of the five"


def page(atlas: Atlas, wanted: str, *, as_table: bool) -> Context:
    """The map, or the table, of one kind of outcome or of all. wanted: a key of `KINDS`, or ""."""
    wanted = wanted if wanted in KINDS else ""
    found: list[Outcome] = atlas.outcomes
    counts = Counter(each["kind"] for each in found)
    context: Context = {
        "atlas": atlas,
        "says": _says(found, counts),
        "facts": settings_facts(SPEC.as_dict()),
        "legend": _legend(counts, wanted, as_table=as_table),
        "wanted": KINDS.get(wanted),
        "all": _address("", as_table=as_table),
        "other": _address(wanted, as_table=not as_table),
        "as_table": as_table,
    }
    if as_table:
        return context | {"rows": [_cell(each) for each in found if _is(each, wanted)]}
    return context | {"sizes": _sizes(found, wanted)}


def _says(found: list[Outcome], counts: Counter[str]) -> str:
    ran = sum(not each["error"] for each in found)
    return (
        f"There are {len(found)} ways to take some of the five core lines and put them in an "
        f"order. Each was run: {ran} come to their end, and {counts['same']} of them train as the "
        "correct loop does."
    )


def _legend(counts: Counter[str], wanted: str, *, as_table: bool) -> list[Context]:
    return [
        {
            "slug": slug,
            "letter": kind.letter,
            "name": kind.name,
            "says": kind.says,
            "count": counts[slug],
            "href": _address(slug, as_table=as_table),
            "chosen": slug == wanted,
        }
        for slug, kind in KINDS.items()
        if counts[slug]
    ]


def _address(wanted: str, *, as_table: bool) -> str:
    query = {"outcome": wanted} if wanted else {}
    query |= {"view": "table"} if as_table else {}
    at = reverse("lab-atlas")
    return f"{at}?{urlencode(query)}" if query else at


def _sizes(found: list[Outcome], wanted: str) -> list[Context]:
    """The arrangements by how many lines they have; those of other kinds keep their place."""
    sizes: list[Context] = [{"title": title, "cells": []} for title in SIZES]
    for each in found:
        cell = _cell(each) | {"is_shown": _is(each, wanted)}
        sizes[_size(each)]["cells"].append(cell)
    for size in sizes:
        size["shown"] = sum(cell["is_shown"] for cell in size["cells"])
    return sizes


def _size(outcome: Outcome) -> int:
    return len(outcome["lines"].split(",")) if outcome["lines"] else 0


def _is(outcome: Outcome, wanted: str) -> bool:
    return wanted in ("", outcome["kind"])


def _cell(outcome: Outcome) -> Context:
    kind, lines = KINDS[outcome["kind"]], outcome["lines"]
    told = lines.replace(",", ", ") or NOTHING
    failing = VOCABULARY[outcome["at"]].template if outcome["at"] in CORE else outcome["at"]
    return {
        "kind": outcome["kind"],
        "letter": kind.letter,
        "name": kind.name,
        "lines": told,
        "title": f"{told}: {kind.name}",
        "href": address_of({"lines": lines or spelled(Program.parse(""))}),
        "at": failing,
        "loss": shown(outcome["loss"]),
        "accuracy": shown(outcome["accuracy"]),
    }
