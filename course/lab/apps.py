"""The lab, as Django sees it."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    """Label `lab`: the prefix of its tables."""

    name = "course.lab"
    label = "lab"
