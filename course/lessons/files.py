"""The course as text files: read and checked. Writes nothing, and knows no database.

A folder per lesson, with `lesson.toml`, its text in `learn.md` and, where it asks anything or puts
beliefs to the test, `questions.toml` and `experiments.toml`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from course.lab.experiments import files as experiment_files
from course.lab.experiments.content import ExperimentFile
from course.lessons.lesson.checks import check
from course.lessons.sources import Reason, Source
from course.quiz import files
from course.quiz.checks import MOST_COUNTED
from course.quiz.files import QuestionFile
from course.quiz.prose import plain
from course.quiz.slips import Slip, role_slips

LESSON, TEXT, QUESTIONS = "lesson.toml", "learn.md", "questions.toml"
EXPERIMENTS = "experiments.toml"

_LONGEST = {"title": 100, "mark": 2, "summary": 10_000, "key_insight": 10_000}
_SLUG = re.compile("[a-z0-9-]{1,50}")

Table = Mapping[str, Any]
Item = TypeVar("Item")
ReadIn = tuple[Item | None, list[Slip]]
"""What a table says, or what is wrong with it."""


class ContentError(ValueError):
    """Files that cannot be loaded: every reason, each with its file and line."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson as written in its files."""

    slug: str
    title: str
    mark: str
    summary: str
    key_insight: str
    order: int
    text: str = ""

    def fingerprint(self) -> str:
        """Equal for equal lessons. A lesson without a text has the one it had before texts."""
        said = asdict(self)
        if not self.text:
            del said["text"]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LessonFolder:
    """A lesson, its questions and its experiments."""

    lesson: LessonFile
    questions: tuple[QuestionFile, ...]
    experiments: tuple[ExperimentFile, ...] = ()


class _Reader:
    """Reads folder after folder, and keeps every reason against what it finds."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.reasons: list[Reason] = []
        self._seen = set[tuple[str, str]]()

    def folder(self, folder: Path) -> LessonFolder | None:
        """The lesson of a folder, if it is one."""
        questions = self._questions(self._source(folder / QUESTIONS))
        text = self._text(self._source(folder / TEXT), {each.slug for each in questions})
        lesson = self._lesson(self._source(folder / LESSON), folder.name, text)
        tried = self._experiments(self._source(folder / EXPERIMENTS), folder.name)
        return LessonFolder(lesson, tuple(questions), tuple(tried)) if lesson else None

    def _source(self, path: Path) -> Source:
        return Source(path, self.base, self.reasons)

    def _text(self, source: Source, questions: set[str]) -> str:
        text = source.text() or ""
        for line, reason in check(text, questions):
            source.refuse(line, reason)
        return plain(text)

    def _lesson(self, source: Source, slug: str, text: str) -> LessonFile | None:
        if not source.path.exists():
            source.refuse(1, "is missing.")
        table = source.table()
        if table is None:
            return None
        slips = _slips(table)
        if not _SLUG.fullmatch(slug):
            slips.append(Slip(f"{slug!r}: a folder is named with a-z, 0-9 and hyphens."))
        for slip in slips:
            source.refuse_at(slip)
        if slips:
            return None
        texts = {name: plain(table.get(name, "")) for name in _LONGEST}
        return LessonFile(slug=slug, order=table["order"], text=text, **texts)

    def _questions(self, source: Source) -> list[QuestionFile]:
        return self._items(source, ("question", "slug"), files.read)

    def _experiments(self, source: Source, stage: str) -> list[ExperimentFile]:
        def read(table: Table, order: int) -> ReadIn[ExperimentFile]:
            return experiment_files.read(table, stage, order)

        return self._items(source, ("experiment", "name"), read)

    def _items(
        self, source: Source, called: tuple[str, str], read: Callable[[Table, int], ReadIn[Item]]
    ) -> list[Item]:
        """The tables of one kind, each read; `called`: the kind, and the key that names one."""
        kind, key = called
        table = source.table() or {}
        for name in table:
            if name != kind:
                source.refuse_at(Slip(f"{name!r} is not known.", (name,)))
        given = files.tables(table, kind)
        if len(given) != len(table.get(kind, [])):
            source.refuse_at(Slip(f"write each {kind} under [[{kind}]].", (kind,)))
        found = []
        for index, each in enumerate(given):
            item, slips = read(each, index + 1)
            if item and (kind, each[key]) in self._seen:
                slips.append(Slip("is there twice.", (key,)))
            for slip in slips:
                reason = f"{kind} {each.get(key, index + 1)!r}: {slip.reason}"
                source.refuse_at(Slip(reason, (kind, index, *slip.place), slip.line))
            if item:
                self._seen.add((kind, each[key]))
                found.append(item)
        return found


def read(folder: Path, base: Path | None = None) -> list[LessonFolder]:
    """The whole course, in its order. Raises `ContentError`, its files named from `base` on."""
    reader = _Reader(base or folder)
    read_in = [reader.folder(each) for each in sorted(folder.iterdir()) if each.is_dir()]
    if reader.reasons:
        found = sorted(reader.reasons)
        raise ContentError([f"{name}:{line}: {reason}" for name, line, reason in found])
    return sorted((each for each in read_in if each), key=lambda each: each.lesson.order)


def _slips(table: dict[str, Any]) -> list[Slip]:
    slips = [
        Slip(f"{name!r} is not known.", (name,))
        for name in table
        if name not in {*_LONGEST, "order"}
    ]
    order = table.get("order")
    if type(order) is not int or not 0 <= order <= MOST_COUNTED:
        slips.append(Slip(f"'order' is no whole number from 0 to {MOST_COUNTED}.", ("order",)))
    for name, longest in _LONGEST.items():
        given = table.get(name, "")
        if not isinstance(given, str):
            slips.append(Slip(f"{name!r} is no text.", (name,)))
        elif len(plain(given)) > longest or "\0" in given:
            slips.append(Slip(f"{name!r} is longer than {longest}, or cannot be stored.", (name,)))
    if not str(table.get("title", "")).strip():
        slips.append(Slip("'title' is empty.", ("title",)))
    insight = table.get("key_insight", "")
    if isinstance(insight, str):
        found = role_slips(plain(insight))
        slips += [Slip(reason, ("key_insight",), line) for line, reason in found]
    return slips
