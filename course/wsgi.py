"""The web process as gunicorn loads it. Nothing reachable from here may import PyTorch."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")

application = get_wsgi_application()
