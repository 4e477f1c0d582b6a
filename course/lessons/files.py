"""The course as text files. Reads and checks; writes nothing.

A folder per lesson, with `lesson.toml`, its text in `learn.md` and, where it asks anything,
`questions.toml`.
"""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from course.lessons.lesson.checks import check
from course.quiz import evidence, files, roles
from course.quiz.files import QuestionFile

TEXTS = ("title", "mark", "summary", "key_insight")


class ContentError(ValueError):
    """Files that cannot be loaded: every reason, each with its file."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson as written in its file."""

    slug: str
    title: str
    mark: str
    summary: str
    key_insight: str
    order: int
    text: str = ""

    def fingerprint(self) -> str:
        """Equal for equal lessons, and as it was before lessons had a text where there is none."""
        said = {name: value for name, value in asdict(self).items() if name != "text" or value}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LessonFolder:
    """A lesson and its questions."""

    lesson: LessonFile
    questions: tuple[QuestionFile, ...]


def read(folder: Path) -> list[LessonFolder]:
    """The whole course, in its order. Raises `ContentError`."""
    reasons: list[str] = []
    lessons = [_folder(each, reasons) for each in sorted(folder.iterdir()) if each.is_dir()]
    slugs = [question.slug for each in lessons if each for question in each.questions]
    reasons += [f"question {slug!r} is there twice." for slug in {*slugs} if slugs.count(slug) > 1]
    if reasons:
        raise ContentError(reasons)
    return sorted((each for each in lessons if each), key=lambda each: each.lesson.order)


def _folder(folder: Path, reasons: list[str]) -> LessonFolder | None:
    path = folder / "lesson.toml"
    table, where = _table(path, reasons), f"{folder.name}/{path.name}"
    lesson = _lesson(folder.name, table, where, reasons) if table is not None else None
    questions = _questions(folder / "questions.toml", reasons)
    text = _text(folder / "learn.md", {each.slug for each in questions}, reasons)
    return LessonFolder(replace(lesson, text=text), tuple(questions)) if lesson else None


def _text(path: Path, questions: set[str], reasons: list[str]) -> str:
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8").strip()
    slips = check(text, questions)
    reasons += [f"{path.parent.name}/{path.name}:{line}: {slip}" for line, slip in slips]
    return text


def _lesson(slug: str, table: dict[str, Any], where: str, reasons: list[str]) -> LessonFile | None:
    slips = [f"{name!r} is not known." for name in table if name not in {*TEXTS, "order"}]
    slips += [f"{name!r} is no text." for name in TEXTS if not isinstance(table.get(name, ""), str)]
    if type(table.get("order")) is not int:
        slips.append("'order' is no whole number.")
    if not slips:
        texts = {name: table.get(name, "").strip() for name in TEXTS}
        asked = roles.names(texts["key_insight"])
        slips += [f"probe {name!r} does not exist." for name in asked - evidence.known(asked)]
        slips += [f"{slip!r} is no role." for slip in roles.malformed(texts["key_insight"])]
        slips += [] if texts["title"] else ["'title' is empty."]
    if slips:
        reasons += [f"{where}: {slip}" for slip in slips]
        return None
    return LessonFile(slug=slug, order=table["order"], **texts)


def _questions(path: Path, reasons: list[str]) -> list[QuestionFile]:
    where = f"{path.parent.name}/{path.name}"
    table = (_table(path, reasons) if path.exists() else None) or {}
    reasons += [f"{where}: {name!r} is not known." for name in table if name != "question"]
    if len(files.tables(table, "question")) != len(table.get("question", [])):
        reasons.append(f"{where}: write each question under [[question]].")
    found = []
    for order, each in enumerate(files.tables(table, "question"), 1):
        question, slips = files.read(each, order)
        reasons += [f"{where}: question {each.get('slug', order)!r}: {slip}" for slip in slips]
        found += [question] if question else []
    return found


def _table(path: Path, reasons: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reasons.append(f"{path.parent.name}/{path.name}: is missing.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reasons.append(f"{path.parent.name}/{path.name}: {error}")
    return None
