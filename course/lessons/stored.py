"""Lessons in the database, as their files would have them."""

from course.lessons.files import LessonFile
from course.lessons.models import Lesson
from course.quiz.stored import ARCHIVED


def as_file(lesson: Lesson) -> LessonFile:
    """What the database holds."""
    return LessonFile(
        slug=lesson.slug,
        title=lesson.title,
        mark=lesson.mark,
        summary=lesson.summary,
        key_insight=lesson.key_insight,
        order=lesson.order,
        text=lesson.text,
    )


def fingerprint(lesson: Lesson) -> str:
    """Of what the database holds."""
    return ARCHIVED if lesson.archived else as_file(lesson).fingerprint()
