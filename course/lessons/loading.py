"""Brings the course's files into the database, and leaves alone what was edited there since.

An item carries the fingerprint of what was written last. If it no longer says that, somebody
edited it in the admin: it is kept, and the report says so.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field

from django.db import transaction

from course.lessons.files import LessonFile, LessonFolder
from course.lessons.models import Lesson
from course.quiz import files
from course.quiz.files import QuestionFile
from course.quiz.models import Question


@dataclass(slots=True)
class Report:
    """What was done, and which items were kept although the files say something else."""

    done: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)


def load(course: list[LessonFolder]) -> Report:
    """All of it, or nothing."""
    report = Report()
    with transaction.atomic():
        lessons = {lesson.slug: lesson for lesson in Lesson.objects.all()}
        questions = {question.slug: question for question in files.stored()}
        for folder in course:
            _load_lesson(folder.lesson, lessons.get(folder.lesson.slug), report)
            lesson = Lesson.objects.get(slug=folder.lesson.slug)
            for asked in folder.questions:
                _load_question(asked, lesson, questions.pop(asked.slug, None), report)
        for gone in questions.values():
            _archive(gone, report)
    return report


def _load_lesson(wanted: LessonFile, stored: Lesson | None, report: Report) -> None:
    mark = wanted.fingerprint()
    if not _due(f"lesson {wanted.slug}", _fingerprint(stored), stored, mark, report):
        return
    values = asdict(wanted) | {"archived": False, "loaded": mark}
    Lesson.objects.update_or_create(slug=values.pop("slug"), defaults=values)


def _load_question(
    wanted: QuestionFile, lesson: Lesson, stored: Question | None, report: Report
) -> None:
    mark = wanted.fingerprint(lesson.slug)
    present = files.fingerprint(stored) if stored else ""
    if _due(f"question {wanted.slug}", present, stored, mark, report):
        files.write(wanted, lesson.pk, mark)


def _due(
    name: str, present: str, stored: Lesson | Question | None, mark: str, report: Report
) -> bool:
    """Whether an item is to be written: it is new, or its file changed and it did not."""
    if stored is None:
        report.done["added"] += 1
        return True
    if present == mark == stored.loaded:
        report.done["unchanged"] += 1
        return False
    if present in (mark, stored.loaded):
        report.done["updated"] += 1
        return True
    report.kept.append(name)
    return False


def _archive(gone: Question, report: Report) -> None:
    """A question whose file is gone is no longer asked; its answers keep it."""
    if gone.archived or not gone.loaded:
        return
    if files.fingerprint(gone) != gone.loaded:
        report.kept.append(f"question {gone.slug}")
        return
    Question.objects.filter(pk=gone.pk).update(archived=True, loaded="archived")
    report.done["archived"] += 1


def _fingerprint(lesson: Lesson | None) -> str:
    if lesson is None or lesson.archived:
        return "archived"
    return LessonFile(
        slug=lesson.slug,
        title=lesson.title,
        mark=lesson.mark,
        summary=lesson.summary,
        key_insight=lesson.key_insight,
        order=lesson.order,
        text=lesson.text,
    ).fingerprint()
