"""What learners answered. The primary key is the sequence: order never comes from a clock."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from course.quiz.misconceptions import validate_misconception
from course.quiz.models.append_only import AppendOnly, AppendOnlyQuerySet
from course.quiz.models.questions import Question
from course.quiz.models.versions import QuestionVersion

VARIANT_LENGTH = 16


class Confidence(models.TextChoices):
    """How sure a learner says to be."""

    GUESS = "guess", "Guess"
    FAIRLY = "fairly", "Fairly"
    SURE = "sure", "Sure"


class Mode(models.TextChoices):
    """On which occasion a question was asked. Attempts are counted within one."""

    LEARN = "learn", "in a lesson"
    RECALL = "recall", "in recall"


class AnswerQuerySet(AppendOnlyQuerySet["Answer"]):
    """The three changes that an answer may see, and the views of it that others need."""

    def locked(self) -> "AnswerQuerySet":
        """What waits for its run: predictions, and answers to questions that need one."""
        return self.filter(score__isnull=True, ungraded=False)

    def ahead_of_runs(self) -> "AnswerQuerySet":
        """Answers to questions that need a run: their variant is what was to be run."""
        with_run = self.filter(run__isnull=False).exclude(variant="")
        return with_run.exclude(variant=F("run_id"))

    def in_lessons(self) -> "AnswerQuerySet":
        """What counts for scores: recall asks what was answered before, on dates of its own."""
        return self.exclude(mode=Mode.RECALL)

    def first_attempts(self) -> "AnswerQuerySet":
        """What statistics use: each variant once, before any feedback."""
        return self.in_lessons().filter(attempt=1)

    def settle(self, answer: "Answer") -> bool:
        """Store what the run made of a locked answer. False if somebody else already has."""
        settled = models.QuerySet.update(
            self.locked().filter(pk=answer.pk),
            run=answer.run_id,
            ungraded=answer.ungraded,
            correct=answer.correct,
            score=answer.score,
            matched=answer.matched,
            gap=answer.gap,
            misconception=answer.misconception,
            evidence=answer.evidence,
        )
        return settled == 1

    def hand_over(self, learner_id: int, attempt: int | None = None) -> int:
        """Say whose these answers are, and as which attempt a single one of them counts.

        For the merge of a guest alone, `course.quiz.merging`: the same person under another
        number. What was asked, answered and found stays out of reach.
        """
        counted = {} if attempt is None else {"attempt": attempt}
        return models.QuerySet.update(self, learner=learner_id, **counted)

    def let_go(self) -> int:
        """Take the run off these answers, and all numbers of it; what was said and scored stays.

        For a learner who deletes the data of the run, `course.lab.data.deleting`: nothing that
        came out of them may be left.
        """
        return models.QuerySet.update(self, run=None, evidence={}, gap=None)


class Answer(AppendOnly):
    """One attempt at one variant of one question.

    Without a score it is locked, until its run is there, or it was not graded: then that run did
    not bear out what the question takes for granted.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="answers")
    # RESTRICT, not PROTECT: a run cannot go while an answer stands on it, but a person who is
    # erased takes both along.
    run = models.ForeignKey(
        "trainer.Run", models.RESTRICT, null=True, blank=True, related_name="answers"
    )
    variant = models.CharField(
        max_length=VARIANT_LENGTH,
        blank=True,
        help_text="Id of the run that made the question, or empty; of one that needs a run, what "
        "was to be run.",
    )
    # The database fills it in, too: the release before this one knows no modes.
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.LEARN, db_default=Mode.LEARN)
    attempt = models.PositiveSmallIntegerField()
    shown = models.JSONField(default=list, blank=True, help_text="Options in the order shown.")
    raw = models.TextField(help_text="As sent; where it was several values, one to a line.")
    response = models.JSONField(help_text="As understood.")
    matched = models.TextField(
        blank=True, help_text="The options, or wrong answers to expect, that have something to say."
    )
    misconception = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_misconception],
        help_text="The first that the answer shows; the others are those of `matched`.",
    )
    correct = models.BooleanField(null=True)
    score = models.FloatField(null=True)
    # The database fills it in, too: the release before this one does not know it.
    ungraded = models.BooleanField(default=False, db_default=False)
    max_score = models.FloatField()
    gap = models.FloatField(
        null=True, blank=True, help_text="Number minus right number, or how far a curve is off."
    )
    confidence = models.CharField(max_length=8, choices=Confidence, blank=True)
    # The release before this one knows no hints.
    hints = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many were taken before it. They cost no points."
    )
    evidence = models.JSONField(
        default=dict,
        blank=True,
        help_text="Probe values that the question used, and facts of the run of the answer.",
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        """In the order given."""

        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("learner", "question", "mode", "variant", "attempt"),
                name="attempt_used_once",
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="attempt_from_one"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=F("max_score")),
                name="score_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, correct__isnull=True)
                | Q(score__isnull=False, correct__isnull=False, ungraded=False),
                name="verdict_whole_or_absent",
            ),
        )

    def __str__(self) -> str:
        """Return which attempt at what."""
        return f"answer {self.pk}, attempt {self.attempt}"
