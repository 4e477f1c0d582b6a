"""Makes the first login of a new site and says its password, this once.

Whoever starts the site owns it, so this login may do everything in the admin site.
"""

import secrets

from django.core.management.base import BaseCommand
from django.db import transaction

from course.accounts.models import User

NAME = "instructor"


class Command(BaseCommand):
    """`manage.py ensureinstructor`: safe to repeat."""

    help = "Create the instructor login if there is none, and print its password once."

    def handle(self, *_args: object, **_options: object) -> None:
        """Create the login unless it is there. Its password is never shown again."""
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            if User.objects.filter(username=NAME).exists():
                return
            User.objects.create_superuser(NAME, password)
        self.stdout.write(
            f"Instructor login, shown this once: {NAME} / {password}\n"
            f"Sign in at /admin/. To change it: manage.py changepassword {NAME}"
        )
