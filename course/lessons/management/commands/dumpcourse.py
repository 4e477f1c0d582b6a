"""`manage.py dumpcourse`: the course as the database has it, as files that loadcourse reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from course.lessons.dumping import OccupiedError, dump


class Command(BaseCommand):
    """Changes nothing in the database."""

    help = "Write lessons, questions and experiments into files, edits in the admin included."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where, and whether files that are there may be replaced."""
        parser.add_argument("folder", type=Path, help="a new or an empty folder")
        parser.add_argument(
            "--force", action="store_true", help="replace the lessons that the folder holds"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write them all."""
        folder: Path = options["folder"]
        try:
            count = dump(folder, force=options["force"])
        except OccupiedError as error:
            raise CommandError(
                f"{folder} is not empty. --force replaces the lessons in it."
            ) from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{count} files written to {folder}.")
