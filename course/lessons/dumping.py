"""Writes the course as the database has it into files, spelled in one way only.

Two dumps of equal courses are equal byte for byte. What is archived is left out.
"""

from pathlib import Path

from course.lab.experiments import files as experiment_files
from course.lab.experiments import stored as stored_experiments
from course.lab.experiments.finding import shown
from course.lessons import stored as stored_lessons
from course.lessons.files import EXPERIMENTS, LESSON, QUESTIONS, TEXT, LessonFile
from course.lessons.models import Lesson
from course.quiz import files, stored
from course.quiz.prose import toml


class OccupiedError(ValueError):
    """The folder holds something already."""


def dump(folder: Path, *, force: bool = False) -> int:
    """Write the files; how many. With `force` they replace those of a course that is there.

    Files of any other name are left alone.
    """
    occupied = folder.exists() and any(folder.iterdir())
    if occupied and not force:
        raise OccupiedError(str(folder))
    written = _files()
    if occupied:
        _clear(folder)
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return len(written)


def _clear(folder: Path) -> None:
    """Take away a course's files, and the folders that held nothing else."""
    for lesson in [path.parent for path in folder.glob(f"*/{LESSON}")]:
        for name in (LESSON, TEXT, QUESTIONS, EXPERIMENTS):
            (lesson / name).unlink(missing_ok=True)
        if not any(lesson.iterdir()):
            lesson.rmdir()


def _files() -> dict[str, str]:
    """Name and text of each file."""
    asked: dict[str, list[str]] = {}
    for question in stored.stored().filter(archived=False).order_by("order", "slug"):
        asked.setdefault(question.lesson.slug, []).append(files.written(stored.as_file(question)))
    tried: dict[str, list[str]] = {}
    for experiment in shown():
        piece = experiment_files.written(stored_experiments.as_file(experiment))
        tried.setdefault(experiment.stage, []).append(piece)
    written = {}
    for lesson in Lesson.objects.filter(archived=False):
        wanted = stored_lessons.as_file(lesson)
        written[f"{lesson.slug}/{LESSON}"] = _lesson(wanted)
        if wanted.text:
            written[f"{lesson.slug}/{TEXT}"] = f"{wanted.text}\n"
        if lesson.slug in asked:
            written[f"{lesson.slug}/{QUESTIONS}"] = "\n".join(asked[lesson.slug])
        if lesson.slug in tried:
            written[f"{lesson.slug}/{EXPERIMENTS}"] = "\n".join(tried[lesson.slug])
    return written


def _lesson(lesson: LessonFile) -> str:
    said = {
        "title": lesson.title,
        "mark": lesson.mark,
        "order": lesson.order,
        "summary": lesson.summary,
        "key_insight": lesson.key_insight,
    }
    return toml({name: value for name, value in said.items() if value != ""})
