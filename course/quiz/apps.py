"""The quiz room, as Django sees it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class QuizConfig(AppConfig):
    """Label `quiz`: the prefix of its tables."""

    name = "course.quiz"
    label = "quiz"

    def ready(self) -> None:
        """Let every app listen that follows up an answer or can show a belief to be wrong.

        They are found as the admin site finds its pages.
        """
        autodiscover_modules("answering", "showing")
