"""The lessons room, as Django sees it."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    """Label `lessons`: the prefix of its tables."""

    name = "course.lessons"
    label = "lessons"
