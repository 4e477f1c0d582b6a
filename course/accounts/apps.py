"""The accounts room, as Django sees it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Label `accounts`: the prefix of its tables and of `AUTH_USER_MODEL`."""

    name = "course.accounts"
    label = "accounts"
