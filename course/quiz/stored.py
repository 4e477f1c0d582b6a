"""Questions in the database beside those of the files: compared, and written as a file has them."""

from django.db.models import QuerySet

from course.quiz.files import QuestionFile
from course.quiz.models import Choice, Question
from course.quiz.versions import content_of, publish

ARCHIVED = "archived"
"""In the place of a fingerprint: what is archived is unlike any file."""


def stored() -> QuerySet[Question]:
    """Every question, ready to be compared with files."""
    return Question.objects.select_related("lesson").prefetch_related("choices")


def as_file(question: Question) -> QuestionFile:
    """What the database holds, as a file would have it."""
    content = content_of(question)
    return QuestionFile(
        question.slug,
        question.place,
        question.stage,
        question.order,
        content,
        question.objective,
    )


def fingerprint(question: Question) -> str:
    """Of what the database holds."""
    return ARCHIVED if question.archived else as_file(question).fingerprint(question.lesson.slug)


def since_load(loaded: str, present: str) -> str:
    """What happened to an item since its file was loaded, by the fingerprints of both."""
    if not loaded:
        return "made here"
    return "" if present == loaded else "edited here"


def write(asked: QuestionFile, lesson_id: int, mark: str) -> None:
    """Put a question into the database as the file has it, and publish it."""
    content = asked.content.as_fields()
    options = content.pop("options")
    values = content | {
        "lesson_id": lesson_id, "place": asked.place, "stage": asked.stage, "order": asked.order,
        "objective": asked.objective, "archived": False, "loaded": mark,
    }  # fmt: skip
    question, _ = Question.objects.update_or_create(slug=asked.slug, defaults=values)
    question.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(question=question, order=place, **option) for place, option in enumerate(options)
    )
    publish(question)
