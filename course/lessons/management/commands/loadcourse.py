"""`manage.py loadcourse`: the course's files into the database, and the course's own runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from course.lab.atlas.charting import Unsettled, ensure_atlas
from course.lessons import files, loading
from course.lessons.files import ContentError, LessonFolder
from course.lessons.loading import GONE, Report, UnknownItemError
from trainer.course_runs import ensure_course_runs

BASE = Path(settings.BASE_DIR)
CONTENT = BASE / "course" / "content"

TAKING = """\
To take the files' side: manage.py loadcourse --take-files {items}
To take the admin's: manage.py dumpcourse course/content --force; then load, and commit."""


class Command(BaseCommand):
    """Repeatable, all or nothing. What was edited in the admin is kept."""

    help = (
        "Load lessons, questions and experiments from course/content, and make the runs they cite."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to look without touching, and to give up edits by name."""
        parser.add_argument("--check", action="store_true", help="read the files, write nothing")
        parser.add_argument(
            "--take-files",
            nargs="+",
            default=[],
            metavar="ITEM",
            help="load these although they were edited in the admin: lesson:loss question:p-end",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Read everything before anything is written."""
        try:
            course = files.read(CONTENT, BASE)
        except ContentError as error:
            raise CommandError("\n".join(error.reasons)) from error
        if options["check"]:
            self.stdout.write(f"{_size(course)}: no problem found.")
            return
        try:
            report = loading.load(course, options["take_files"])
        except UnknownItemError as error:
            raise CommandError(f"No such item: {error}. Nothing was loaded.") from error
        done = ", ".join(f"{count} {word}" for word, count in sorted(report.done.items()))
        self.stdout.write(f"{_size(course)}: {done}.")
        self._kept(report)
        self.stdout.write(f"{ensure_course_runs()} course runs made.")
        self._chart()

    def _chart(self) -> None:
        try:
            self.stdout.write(f"{ensure_atlas()} loops of the atlas run.")
        except Unsettled as cut:
            self.stdout.write(f"The atlas was not made: {cut} was cut short. Load again for it.")

    def _kept(self, report: Report) -> None:
        for name, differs in report.kept.items():
            what = GONE if differs == [GONE] else f"it differs in {', '.join(differs)}"
            self.stdout.write(f"kept {name}: edited in the admin since the last load; {what}.")
        if report.kept:
            self.stdout.write(TAKING.format(items=" ".join(report.kept)))
        for name in report.only_here:
            self.stdout.write(f"{name} was made in the admin, and is in no file.")


def _size(course: list[LessonFolder]) -> str:
    questions = sum(len(folder.questions) for folder in course)
    experiments = sum(len(folder.experiments) for folder in course)
    return f"{len(course)} lessons, {questions} questions, {experiments} experiments"
