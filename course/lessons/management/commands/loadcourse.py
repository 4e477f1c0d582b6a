"""`manage.py loadcourse`: the course's files into the database, and the course's own runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from course.lessons import files, loading
from course.lessons.files import ContentError, LessonFolder
from trainer.course_runs import ensure_course_runs

CONTENT = Path(settings.BASE_DIR) / "course" / "content"


class Command(BaseCommand):
    """Repeatable, all or nothing. What was edited in the admin is kept."""

    help = "Load lessons and questions from course/content, and make the runs they cite."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to look without touching."""
        parser.add_argument("--check", action="store_true", help="read the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Read everything before anything is written."""
        try:
            course = files.read(CONTENT)
        except ContentError as error:
            raise CommandError("\n".join(error.reasons)) from error
        if options["check"]:
            self.stdout.write(f"{_size(course)}: no problem found.")
            return
        report = loading.load(course)
        done = ", ".join(f"{count} {word}" for word, count in sorted(report.done.items()))
        self.stdout.write(f"{_size(course)}: {done}.")
        for name in report.kept:
            self.stdout.write(f"kept {name}: it was edited in the admin since the last load.")
        self.stdout.write(f"{ensure_course_runs()} course runs made.")


def _size(course: list[LessonFolder]) -> str:
    questions = sum(len(folder.questions) for folder in course)
    return f"{len(course)} lessons, {questions} questions"
