"""The progress room, as Django sees it."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Without tables."""

    name = "course.progress"
    label = "progress"
