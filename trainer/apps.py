"""The trainer, as Django sees it."""

from django.apps import AppConfig


class TrainerConfig(AppConfig):
    """Label `trainer`: the prefix of its tables."""

    name = "trainer"
