"""The quiz room, as Django sees it."""

from django.apps import AppConfig


class QuizConfig(AppConfig):
    """Label `quiz`: the prefix of its tables."""

    name = "course.quiz"
    label = "quiz"
