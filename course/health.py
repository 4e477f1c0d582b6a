"""Whether the site can serve: asked every few seconds, so it costs one small query and no write."""

from django.db import Error

from course.lessons.models import Lesson
from trainer.executors import executor

NO_ANSWER = "It does not answer, or its tables are missing."
NO_COURSE = "The course is not loaded."


def faults() -> dict[str, str]:
    """What is missing, by part. Empty when all is there, or will be in a moment.

    In words of our own: an error of the database may hold names and addresses.
    """
    found = {"database": _database(), "runners": executor().fault()}
    return {part: fault for part, fault in found.items() if fault}


def _database() -> str:
    try:
        loaded = Lesson.objects.exists()
    except Error:
        return NO_ANSWER
    return "" if loaded else NO_COURSE
