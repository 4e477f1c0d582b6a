"""What the lab keeps of its own: what came of every arrangement, and experiments.

It belongs to nobody.
"""

from django.db import models

from course.quiz.misconceptions import validate_misconception
from course.quiz.models import Stage


class Atlas(models.Model):
    """What came of every arrangement of the core lines, once for each engine and PyTorch."""

    engine = models.CharField(max_length=20)
    torch = models.CharField(max_length=40)
    outcomes = models.JSONField(help_text="One for each arrangement, in their order.")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One per engine and PyTorch."""

        constraints = (
            models.UniqueConstraint(fields=("engine", "torch"), name="atlas_of_an_engine_once"),
        )

    def __str__(self) -> str:
        """Return what made it."""
        return f"engine {self.engine}, PyTorch {self.torch}"


class Experiment(models.Model):
    """A belief put to the test: two runs that differ in what the belief is about."""

    name = models.SlugField(unique=True, help_text="Its address. Never changes.")
    stage = models.CharField(max_length=32, choices=Stage)
    order = models.PositiveSmallIntegerField(default=0)
    misconception = models.CharField(max_length=50, validators=[validate_misconception])
    title = models.CharField(max_length=100)
    question = models.TextField(help_text="Asked before the run. Inline Markdown.")
    options = models.JSONField(
        default=list, blank=True, help_text='What one may expect: ["...", "..."], or [].'
    )
    answer = models.PositiveSmallIntegerField(
        default=0, help_text="Which of the options the evidence supports, from 1; 0 without any."
    )
    belief = models.TextField(help_text="In the words of somebody who holds it.")
    spec = models.JSONField(
        default=dict, blank=True, help_text="What differs from the preset calm; never the seed."
    )
    spec_without = models.JSONField(
        default=dict, blank=True, help_text="What differs from that in the run beside it."
    )
    lines = models.TextField(blank=True, help_text="As in train --lines; empty: the correct loop.")
    without = models.TextField(blank=True, help_text="The same of the run beside it.")
    comparison = models.CharField(max_length=200, help_text="Of trainer.engine.comparisons.")
    at_least = models.FloatField(null=True, blank=True, help_text="The figure shows it from here.")
    at_most = models.FloatField(null=True, blank=True, help_text="And up to here.")
    shows_in = models.PositiveSmallIntegerField(
        default=20, help_text="In how many of the seeds 0 to 19 it shows, at least. Tests measure."
    )
    look = models.TextField(
        help_text="What to look at. Markdown; {probe figure .3f}, {probe name}, {probe other_name}."
    )
    truth = models.TextField(help_text="What is true, and why. The same.")
    archived = models.BooleanField(default=False, help_text="Hide it from learners.")
    loaded = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Fingerprint of what loadcourse wrote last: tells an edit in the admin.",
    )

    class Meta:
        """In the order of their stage."""

        ordering = ("stage", "order", "name")

    def __str__(self) -> str:
        """Return the name."""
        return self.name
