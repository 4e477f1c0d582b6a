"""A question as a table of a TOML file: read and checked, and written.

Knows no database and no lesson: who reads folders is `course.lessons.files`, and what the database
holds is in `course.quiz.stored`.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from course.quiz.checks import problems
from course.quiz.content import Content, Option
from course.quiz.models import Place, Stage
from course.quiz.objectives import BY_STAGE
from course.quiz.prose import plain, toml
from course.quiz.slips import Slip

Table = Mapping[str, Any]

_ORDER = (
    "slug", "place", "stage", "objective", "kind", "points", "max_attempts", "prompt", "note",
    "needs", "code", "key", "unit", "tolerance", "relative", "half_tolerance", "facts", "levels",
    "only_if", "otherwise", "hints", "nudge", "explanation",
)  # fmt: skip
_TYPES: dict[str, type] = {
    "tolerance": float, "half_tolerance": float, "relative": bool, "correct": bool,
    "levels": bool,
    "points": int, "max_attempts": int,
}  # fmt: skip
_LIMITS = {
    "slug": "[-a-zA-Z0-9_]{1,50}",
    "name": "[-a-zA-Z0-9_]{1,50}",
    "key": ".{0,100}",
    "value": ".{0,100}",
    "unit": ".{0,20}",
    "facts": ".{0,200}",
    "needs": ".{0,600}",
    "only_if": ".{0,200}",
}
_NEEDED = {"slug", "place", "stage", "kind", "prompt", "name"}
_OPTION = {each.name: each.default for each in fields(Option)}
_CONTENT = {each.name: each.default for each in fields(Content) if each.name != "options"}


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question as written in a file. `order` is its place there."""

    slug: str
    place: str
    stage: str
    order: int
    content: Content
    objective: str = ""

    def fingerprint(self, lesson: str) -> str:
        """Equal for equal questions, however they are spelled in TOML."""
        parts = [lesson, self.place, self.stage, self.order, self.content.as_json()]
        if self.objective:  # which came later
            parts.append(self.objective)
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def table(self) -> dict[str, Any]:
        """The fields that say something, as a file has them."""
        own = {"slug": self.slug, "place": self.place, "stage": self.stage}
        own |= {"objective": self.objective} if self.objective else {}
        own |= _said(self.content.as_fields(), _CONTENT)
        options = [_said(option, _OPTION) for option in self.content.as_fields()["options"]]
        return {name: own[name] for name in _ORDER if name in own} | {"choice": options}


def written(asked: QuestionFile) -> str:
    """The question as a piece of a file."""
    table = asked.table()
    options = table.pop("choice")
    pieces = [f"[[question]]\n{toml(table)}"]
    pieces += [f"[[question.choice]]\n{toml(option)}" for option in options]
    return "\n".join(pieces)


def differences(one: QuestionFile, other: QuestionFile) -> list[str]:
    """In which fields two states of a question differ."""
    ours, theirs = _flat(one), _flat(other)
    return [name for name in ours | theirs if ours.get(name) != theirs.get(name)]


def _flat(asked: QuestionFile) -> dict[str, Any]:
    table: dict[str, Any] = {"order": asked.order} | asked.table()
    options = table.pop("choice")
    for option in options:
        table |= {f"choice {option['name']!r} {name}": option[name] for name in option}
    return table | {"order of choices": [option["name"] for option in options]}


def _said(given: Table, defaults: Table) -> dict[str, Any]:
    return {name: given[name] for name in defaults if given[name] != defaults[name]}


# -- reading -------------------------------------------------------------------------


def read(table: Table, order: int) -> tuple[QuestionFile | None, list[Slip]]:
    """A question, or what is wrong with it."""
    slips = [*_slips(table, {*_ORDER, "choice"}), *_place_slips(table)]
    options = tables(table, "choice")
    for index, option in enumerate(options):
        named = f"choice {option.get('name', '?')!r}"
        slips += [
            Slip(f"{named}: {slip.reason}", ("choice", index, *slip.place), slip.line)
            for slip in _slips(option, _OPTION)
        ]
    if slips:
        return None, slips
    content = Content(
        **_values(table, _CONTENT),
        options=tuple(Option(**_values(each, _OPTION)) for each in options),
    )
    asked = QuestionFile(
        table["slug"], table["place"], table["stage"], order, content, table.get("objective", "")
    )
    return asked, [*_doubles(content), *problems(content, asked.place)]


def tables(table: Table, name: str) -> list[Table]:
    """The tables under `[[name]]`; anything else that stands there is none."""
    given = table.get(name, [])
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _doubles(content: Content) -> list[Slip]:
    names = [option.name for option in content.options]
    return [
        Slip(f"choice {name!r} is there twice.", ("choice", index, "name"))
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _slips(table: Table, known: Iterable[str]) -> list[Slip]:
    slips = [Slip(f"{name!r} is not known.", (name,)) for name in table if name not in {*known}]
    slips += [
        Slip(f"{name!r} {slip}", (name,))
        for name in known
        if name in table and (slip := _slip(name, table[name]))
    ]
    missing = sorted(_NEEDED & {*known} - {*table})
    return slips + [Slip(f"{name!r} is missing.") for name in missing]


def _slip(name: str, given: Any) -> str:  # noqa: ANN401
    if not _fits(name, given):
        return "has the wrong type."
    if isinstance(given, str) and "\0" in given:
        return "holds a null character."
    if name in _LIMITS and not re.fullmatch(_LIMITS[name], given):
        return "is too long or no name."
    return ""


def _place_slips(table: Table) -> list[Slip]:
    slips = []
    if table.get("place") not in Place.values:
        slips.append(Slip(f"place: none of {', '.join(Place.values)}.", ("place",)))
    stage = table.get("stage")
    if stage not in Stage.values:
        slips.append(Slip(f"stage: none of {', '.join(Stage.values)}.", ("stage",)))
    elif table.get("objective", "") not in ("", *BY_STAGE[stage]):
        slips.append(Slip(f"objective: none of {', '.join(BY_STAGE[stage])}.", ("objective",)))
    return slips


def _fits(name: str, given: Any) -> bool:  # noqa: ANN401
    wanted = _TYPES.get(name, str)
    if name == "choice":
        return isinstance(given, list) and all(isinstance(each, dict) for each in given)
    if wanted is float:
        return isinstance(given, int | float) and not isinstance(given, bool)
    return type(given) is wanted


def _values(table: Table, known: Iterable[str]) -> dict[str, Any]:
    """The fields that a table gives, texts without the line ends around them."""
    return {name: _value(name, table[name]) for name in known if name in table}


def _value(name: str, given: Any) -> Any:  # noqa: ANN401
    if isinstance(given, str):
        return plain(given)
    return float(given) if _TYPES.get(name) is float else given
