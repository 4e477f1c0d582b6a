"""The accounts room, as Django sees it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    """Label `accounts`: the prefix of its tables and of `AUTH_USER_MODEL`."""

    name = "course.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Let every app that keeps rows of people say so, as the admin site finds its pages."""
        autodiscover_modules("merging")
