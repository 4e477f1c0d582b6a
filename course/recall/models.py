"""What is remembered of whom: a question and when it comes back, and how each review went."""

from django.conf import settings
from django.db import models

from course.quiz.models import Answer, Question
from course.quiz.models.append_only import AppendOnly, AppendOnlyQuerySet


class Memory(models.Model):
    """A question that somebody has answered, and when it comes back.

    All of it but `due`, which is what is looked for, follows from the log: `schedule.replayed`.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memories")
    question = models.ForeignKey(Question, models.PROTECT, related_name="memories")
    card = models.JSONField(help_text="FSRS's card.")
    due = models.DateTimeField()
    reviews = models.PositiveIntegerField(default=1, help_text="The first answer is one of them.")

    class Meta:
        """Whatever is due longest comes first."""

        ordering = ("due", "pk")
        verbose_name_plural = "memories"
        constraints = (
            models.UniqueConstraint(fields=("learner", "question"), name="memory_once"),
            models.CheckConstraint(
                condition=models.Q(reviews__gte=1), name="memory_begins_with_a_review"
            ),
        )
        indexes = (models.Index(fields=("learner", "due"), name="memory_due"),)

    def __str__(self) -> str:
        """Return whose it is, and of what."""
        return f"memory {self.pk} of question {self.question_id}"


class ReviewQuerySet(AppendOnlyQuerySet["Review"]):
    """The one change that a review may see."""

    def hand_over(self, memory: Memory) -> int:
        """Put these reviews into the log of another memory: for the merge of a guest alone."""
        return models.QuerySet.update(self, memory=memory)


class Review(AppendOnly):
    """One line of the log. Which version was asked, and what was said, stands in the answer."""

    class Rating(models.IntegerChoices):
        """FSRS's names and numbers."""

        AGAIN = 1, "Again"
        HARD = 2, "Hard"
        GOOD = 3, "Good"
        EASY = 4, "Easy"

    memory = models.ForeignKey(Memory, models.CASCADE, related_name="log")
    answer = models.OneToOneField(Answer, models.CASCADE, related_name="review")
    rating = models.PositiveSmallIntegerField(choices=Rating)
    at = models.DateTimeField()
    was_due = models.DateTimeField(null=True, help_text="Empty for the first answer.")
    elapsed = models.DurationField(null=True, help_text="Since the review before; empty likewise.")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        """In the order made: the primary key, not a clock."""

        ordering = ("pk",)

    def __str__(self) -> str:
        """Return how it went."""
        return f"review {self.pk}: {self.get_rating_display()}"
