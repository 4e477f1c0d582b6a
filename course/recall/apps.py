"""The recall room, as Django sees it."""

from django.apps import AppConfig


class RecallConfig(AppConfig):
    """Label `recall`: the prefix of its tables."""

    name = "course.recall"
    label = "recall"
