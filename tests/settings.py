"""The site's settings, changed where a test needs it: nothing written outside the test's own."""

import os
import tempfile

os.environ.setdefault("LOOPWISE_DATA", tempfile.gettempdir() + "/loopwise-tests")
os.environ.setdefault("LOOPWISE_LOGS", "text")
os.environ.setdefault("LOOPWISE_SECRET_KEY", "tests-only-" + "0123456789" * 5)
# Whoever has a site of their own in the environment must not meet their own data here.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from course.settings import *  # noqa: F403

LOOPWISE_EXECUTOR = "trainer.executors.inprocess.InProcess"

# Manifest storage needs a collected site; one test collects it and looks.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# Slow on purpose where passwords are real; these are not.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
