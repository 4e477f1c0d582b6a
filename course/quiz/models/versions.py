"""What a question said when it was published."""

from django.db import models

from course.quiz.models.append_only import AppendOnly, AppendOnlyQuerySet
from course.quiz.models.questions import Question


class VersionQuerySet(AppendOnlyQuerySet["QuestionVersion"]):
    """Versions do not change."""


class QuestionVersion(AppendOnly):
    """What a question said when it was published. `content` is `quiz.content.Content` as JSON."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        """Latest first."""

        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("question", "number"), name="version_numbered_once"),
        )

    def __str__(self) -> str:
        """Return the question and the number."""
        return f"{self.question_id} v{self.number}"
