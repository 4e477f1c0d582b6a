"""A question as its author edits it. A learner never sees one: pages render its versions."""

from django.db import models
from django.db.models import F, Q

from course.quiz.misconceptions import validate_misconception
from course.quiz.objectives import validate_objective


class Place(models.TextChoices):
    """Where on a page a question stands."""

    PREDICTION = "prediction", "before the run"
    STAGE = "stage", "in a stage"
    QUIZ = "quiz", "in the quiz"


class Kind(models.TextChoices):
    """What a question asks for. The rules of each are in `course.quiz.kinds`."""

    CHOICE = "choice", "one of several options"
    NUMBER = "number", "a number"
    SHAPE = "shape", "the shape of a tensor"
    MULTIPLE = "multiple", "several of several options"
    ORDER = "order", "lines to put in order"
    BLANK = "blank", "lines with blanks"
    LINE = "line", "a typed line"
    PROGRAM = "program", "a typed program"
    FAULTY_LINE = "faulty-line", "the faulty line of a program"
    CURVE = "curve", "a curve, a number per epoch"


class Stage(models.TextChoices):
    """The part of the loop that a question is about."""

    DATA_LOADING = "data-loading", "Data loading"
    PREPROCESSING = "preprocessing", "Preprocessing"
    MODEL_INPUT = "model-input", "Model input"
    LOSS = "loss", "Loss calculation"
    BACKPROPAGATION = "backpropagation", "Backpropagation"
    TRAINING_TRACE = "training-trace", "Training trace"
    PREDICTION_TRACE = "prediction-trace", "Prediction trace"


class Question(models.Model):
    """A question as its author edits it."""

    slug = models.SlugField(unique=True)
    lesson = models.ForeignKey("lessons.Lesson", models.PROTECT, related_name="questions")
    place = models.CharField(max_length=16, choices=Place)
    stage = models.CharField(max_length=32, choices=Stage)
    objective = models.CharField(
        max_length=8,
        blank=True,
        validators=[validate_objective],
        help_text="What it tests: an id of course/quiz/objectives.py, of the same stage.",
    )
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=Kind)
    prompt = models.TextField(help_text="Inline Markdown; numbers as {probe name .4f}.")
    note = models.TextField(blank=True, help_text="Shown under the prompt from the start.")
    key = models.CharField(
        max_length=100,
        blank=True,
        help_text="The right answer: a number, a shape, or {probe name}. A choice whose right "
        "option is marked below needs none; with {probe name} the probe names the option.",
    )
    tolerance = models.FloatField(default=0, help_text="How far off a number may be.")
    relative = models.BooleanField(
        default=False, help_text="The tolerance is a share of the right answer."
    )
    half_tolerance = models.FloatField(
        null=True, blank=True, help_text="Within this distance a number earns half the points."
    )
    unit = models.CharField(
        max_length=20, blank=True, help_text="Of a number: shown behind the field."
    )
    code = models.TextField(
        blank=True,
        help_text="Lines with blanks, {right|wrong|wrong} each; or the broken program as ids of "
        "the vocabulary with commas between.",
    )
    facts = models.CharField(
        max_length=200,
        blank=True,
        help_text="What the run of an answer must bear out, or the run of a broken program lacks: "
        "names of trainer/engine/facts.py with blanks between.",
    )
    levels = models.BooleanField(
        default=False, help_text="Lines to put in order are moved in as well."
    )
    needs = models.CharField(
        max_length=600,
        blank=True,
        help_text="The run that settles it, which is made once an answer is locked: in what it "
        "differs from the learner's, as in the address of the lab: optimizer=sgd&lr=50.",
    )
    only_if = models.CharField(
        max_length=200,
        blank=True,
        help_text="What has to be true of the run, as in {when ...}; else nothing is graded.",
    )
    otherwise = models.TextField(
        blank=True,
        help_text="Said where that is not true of the run that the question needs. A sentence per "
        "line; a line with a probe that the run does not have is left out.",
    )
    points = models.PositiveSmallIntegerField(default=1)
    max_attempts = models.PositiveSmallIntegerField(default=2)
    hints = models.TextField(
        blank=True,
        help_text="A hint per line, shown one at a time to who asks for them; numbers as in the "
        "prompt. None may give the answer away.",
    )
    nudge = models.TextField(
        blank=True, help_text="Said to a wrong answer that shows none of the beliefs below."
    )
    explanation = models.TextField(
        help_text="Shown once right or out of attempts. A sentence per line; a line with a probe "
        "that the run does not have is left out."
    )
    archived = models.BooleanField(default=False)
    loaded = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        """In the order of the page."""

        ordering = ("lesson__order", "place", "order", "slug")
        constraints = (
            models.CheckConstraint(
                condition=Q(tolerance__gte=0)
                & (Q(half_tolerance__isnull=True) | Q(half_tolerance__gte=F("tolerance"))),
                name="question_tolerance_in_order",
                violation_error_message="Half the points need a distance above the tolerance.",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=1, max_attempts__gte=1),
                name="question_can_be_answered",
                violation_error_message="At least one point and one attempt.",
            ),
        )

    def __str__(self) -> str:
        """Return the slug: prompts hold Markdown and probes."""
        return self.slug


class Choice(models.Model):
    """Something to choose or to put in order, or, with a value, a wrong answer to expect."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    name = models.SlugField(help_text="Stable within the question. Learners do not see it.")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(
        blank=True, help_text="What is chosen or put in order. Empty for a wrong answer to expect."
    )
    value = models.CharField(
        max_length=100,
        blank=True,
        help_text="A wrong answer to expect: a number, a shape or a curve, written out or as "
        "{probe name}; lines in their order; a fact that fails.",
    )
    correct = models.BooleanField(default=False)
    misconception = models.CharField(max_length=40, blank=True, validators=[validate_misconception])
    feedback = models.TextField(
        blank=True, help_text="Names the belief and denies it. Must not give the answer away."
    )
    evidence = models.TextField(
        blank=True,
        help_text="The learner's own numbers, a sentence per line; a line with a probe that the "
        "run does not have is left out.",
    )

    class Meta:
        """As the author ordered them; learners see a shuffled order."""

        ordering = ("order", "name")
        constraints = (
            models.UniqueConstraint(fields=("question", "name"), name="choice_named_once"),
        )

    def __str__(self) -> str:
        """Return its name in the question."""
        return self.name
