"""A lesson of the course: its name, its place, and what it wants to leave behind.

Knows no question, no run and no learner.
"""

from django.db import models


class Lesson(models.Model):
    """One of the seven lessons, or the pipeline page that shows them all."""

    slug = models.SlugField(unique=True, help_text="Its address. Never changes.")
    mark = models.CharField(
        max_length=2, blank=True, help_text="1 to 5, T or P. The pipeline page has none."
    )
    title = models.CharField(max_length=100)
    summary = models.TextField(blank=True, help_text="What it is about, in a sentence or two.")
    text = models.TextField(
        blank=True,
        help_text="Markdown with figures and questions, as course/lessons/lesson/text.py tells.",
    )
    key_insight = models.TextField(
        blank=True, help_text="Markdown. Numbers of the run as {probe name .3f}."
    )
    order = models.PositiveSmallIntegerField(default=0)
    archived = models.BooleanField(
        default=False, help_text="Hide it from learners. A lesson with questions cannot be deleted."
    )
    loaded = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Fingerprint of what loadcourse wrote last: tells an edit in the admin.",
    )

    class Meta:
        """In the order of the course."""

        ordering = ("order", "slug")

    def __str__(self) -> str:
        """Return the title."""
        return self.title
