"""A question as a table of a TOML file: read, checked, and compared with what the database holds.

Knows no lesson but by its id: a folder of the course's content belongs to a lesson, and who reads
folders is `course.lessons.files`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import QuerySet

from course.quiz.checks import problems
from course.quiz.content import Content, Option
from course.quiz.models import Choice, Place, Question, Stage
from course.quiz.versions import content_of, publish

Table = Mapping[str, Any]

_OUTSIDE = {"slug", "place", "stage", "choice"}
_TYPES: dict[str, type] = {
    "tolerance": float, "half_tolerance": float, "relative": bool, "correct": bool,
    "points": int, "max_attempts": int,
}  # fmt: skip
_LIMITS = {
    "slug": "[a-z0-9-]{1,50}",
    "name": "[a-z0-9_-]{1,50}",
    "key": ".{0,100}",
    "value": ".{0,100}",
}
_OPTION = {each.name for each in fields(Option)}
_CONTENT = {each.name for each in fields(Content)} - {"options"}


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question as written in a file. `order` is its place there."""

    slug: str
    place: str
    stage: str
    order: int
    content: Content

    def fingerprint(self, lesson: str) -> str:
        """Equal for equal questions, however they are spelled in TOML."""
        return _fingerprint(lesson, self.place, self.stage, self.order, self.content)


def read(table: Table, order: int) -> tuple[QuestionFile | None, list[str]]:
    """A question, or what is wrong with it."""
    slips = [*_slips(table, _OUTSIDE | _CONTENT), *_place_slips(table)]
    options = tables(table, "choice")
    for option in options:
        slips += [f"choice {option.get('name', '?')!r}: {slip}" for slip in _slips(option, _OPTION)]
    if slips:
        return None, slips
    content = Content(
        **_values(table, _CONTENT),
        options=tuple(Option(**_values(each, _OPTION)) for each in options),
    )
    names = [option.name for option in content.options]
    slips = [f"choice {name!r} is there twice." for name in {*names} if names.count(name) > 1]
    asked = QuestionFile(table["slug"], table["place"], table["stage"], order, content)
    return asked, slips + problems(content)


def tables(table: Table, name: str) -> list[Table]:
    """The tables under `[[name]]`; anything else that stands there is none."""
    given = table.get(name, [])
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def fingerprint(question: Question) -> str:
    """Of what the database holds; an archived question is unlike any file."""
    if question.archived:
        return "archived"
    parts = (question.lesson.slug, question.place, question.stage, question.order)
    return _fingerprint(*parts, content_of(question))


def write(asked: QuestionFile, lesson_id: int, mark: str) -> None:
    """Put a question into the database as the file has it, and publish it."""
    content = asked.content.as_json()
    options = content.pop("options")
    values = content | {
        "lesson_id": lesson_id, "place": asked.place, "stage": asked.stage, "order": asked.order,
        "archived": False, "loaded": mark,
    }  # fmt: skip
    question, _ = Question.objects.update_or_create(slug=asked.slug, defaults=values)
    question.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(question=question, order=place, **option) for place, option in enumerate(options)
    )
    publish(question)


def stored() -> QuerySet[Question]:
    """Every question, ready to be compared with files."""
    return Question.objects.select_related("lesson").prefetch_related("choices")


def _fingerprint(lesson: str, place: str, stage: str, order: int, content: Content) -> str:
    text = json.dumps([lesson, place, stage, order, content.as_json()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _slips(table: Table, known: set[str]) -> list[str]:
    slips = [f"{name!r} is not known." for name in table if name not in known]
    slips += [
        f"{name!r} has the wrong type." for name in known & set(table) if not _fits(name, table)
    ]
    needed = {"slug", "place", "stage", "kind", "prompt", "name"} & known
    slips += [f"{name!r} is missing." for name in sorted(needed - set(table))]
    return slips + [
        f"{name!r} is too long or no name." for name in _LIMITS if not _short(name, table)
    ]


def _short(name: str, table: Table) -> bool:
    given = table.get(name)
    return not isinstance(given, str) or bool(re.fullmatch(_LIMITS[name], given))


def _place_slips(table: Table) -> list[str]:
    slips = []
    if table.get("place") not in Place.values:
        slips.append(f"place: none of {', '.join(Place.values)}.")
    if table.get("stage") not in Stage.values:
        slips.append(f"stage: none of {', '.join(Stage.values)}.")
    return slips


def _fits(name: str, table: Table) -> bool:
    wanted = _TYPES.get(name, str)
    given = table[name]
    if name == "choice":
        return isinstance(given, list) and len(tables(table, name)) == len(given)
    if wanted is float:
        return isinstance(given, int | float) and not isinstance(given, bool)
    return type(given) is wanted


def _values(table: Table, known: set[str]) -> dict[str, Any]:
    """The fields that a table gives, texts without the line ends around them."""
    return {name: _value(name, table[name]) for name in known & set(table)}


def _value(name: str, given: Any) -> Any:  # noqa: ANN401
    if isinstance(given, str):
        return given.strip()
    return float(given) if _TYPES.get(name) is float else given
