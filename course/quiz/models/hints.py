"""Which hints were asked for. An answer says how many there were before it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from course.quiz.models.answers import Mode
from course.quiz.models.append_only import AppendOnly, AppendOnlyQuerySet
from course.quiz.models.questions import Question
from course.quiz.models.versions import QuestionVersion


class HintQuerySet(AppendOnlyQuerySet["HintTaken"]):
    """The one change that a hint taken may see, and what counts where."""

    def before(self, mode: str, attempt: int) -> "HintQuerySet":
        """Those that count for an attempt.

        In a lesson attempts follow one another at one card; elsewhere each is a card of its own.
        """
        own = self.filter(mode=mode)
        return own if mode == Mode.LEARN else own.filter(attempt=attempt)

    def hand_over(self, learner_id: int) -> int:
        """Say whose they are: for the merge of a guest alone, `course.quiz.merging`."""
        return models.QuerySet.update(self, learner=learner_id)


class HintTaken(AppendOnly):
    """A hint of a version, shown to somebody who asked for it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="hints")
    question = models.ForeignKey(Question, models.PROTECT, related_name="hints_taken")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="hints_taken")
    variant = models.CharField(max_length=16, blank=True, help_text="As of an answer.")
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.LEARN)
    attempt = models.PositiveSmallIntegerField(help_text="The one that it came before.")
    number = models.PositiveSmallIntegerField(help_text="Its line among the hints, from 1.")
    created = models.DateTimeField(auto_now_add=True)

    objects = HintQuerySet.as_manager()

    class Meta:
        """In the order taken."""

        ordering = ("pk",)
        verbose_name_plural = "hints taken"
        constraints = (
            models.UniqueConstraint(
                fields=("learner", "version", "mode", "variant", "attempt", "number"),
                name="hint_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(attempt__gte=1, number__gte=1), name="hint_counted_from_one"
            ),
        )

    def __str__(self) -> str:
        """Return which one."""
        return f"hint {self.number} of version {self.version_id}"
