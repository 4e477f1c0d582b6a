"""Settings of the site, in one file. What differs between machines comes from the environment.

DATABASE_URL         address of a PostgreSQL database; left out, SQLite keeps a file of its own
LOOPWISE_DATA        directory of that file and of the signing key
LOOPWISE_STATIC      directory of the collected static files; left out, one in LOOPWISE_DATA
LOOPWISE_SECRET_KEY  signing key; left out, one is made and kept in the data directory
LOOPWISE_HOSTS       host names the site answers to besides this machine, separated by commas
LOOPWISE_HTTPS       1 when a proxy in front speaks https: secure cookies, redirect, HSTS
LOOPWISE_EMAIL_URL   mail server, e.g. smtp://user:password@host:587; left out, mail is printed
LOOPWISE_EMAIL_FROM  address that mail comes from
LOOPWISE_DEBUG       1 while developing
LOOPWISE_LOGS        json (one object per line) or text; left out, text while developing
LOOPWISE_RUNNERS     how many processes train; left out, as many as there are cores
LOOPWISE_EXECUTOR    dotted path of the class that trains
"""

import os
from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF

from course import logs, mail_server, secret_key
from course.databases import database

# Lets classes of Django that are generic only to the type checker be written with their argument.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("LOOPWISE_DATA", BASE_DIR / "var"))
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get("LOOPWISE_SECRET_KEY") or secret_key.read_or_make(DATA_DIR)
DEBUG = os.environ.get("LOOPWISE_DEBUG") == "1"
# The machine itself may always ask: that is how its own health check does.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += filter(None, os.environ.get("LOOPWISE_HOSTS", "").split(","))
HTTPS = os.environ.get("LOOPWISE_HTTPS") == "1"

# The pool is the default because a web process may never train; manage.py and the tests choose
# the in-process one.
LOOPWISE_EXECUTOR = os.environ.get("LOOPWISE_EXECUTOR", "trainer.executors.pool.RunnerPool")
LOOPWISE_RUNNERS = int(os.environ.get("LOOPWISE_RUNNERS", "0"))

INSTALLED_APPS = [
    "course.accounts",
    "course.lessons",
    "course.quiz",
    "course.lab",
    "course.recall",
    "course.progress",
    "trainer",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "course.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are ten times smaller like this. Tokens are masked anew in each page and the length is
    # padded at random, so that the size of a page says nothing about them.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "course.accounts.middleware.LearnerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "course.urls"
WSGI_APPLICATION = "course.wsgi.application"

# No "loaders" here: template_partials sets its own around Django's cached one.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "course.recall.due.in_header",
            ],
        },
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "my-progress"

# A guest's work hangs on the session cookie alone: let it outlive a term. Sessions are written
# only when something is stored in them, so that reading a page leaves no row.
SESSION_COOKIE_AGE = 180 * 24 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False

# For forgotten passwords alone. A server that does not answer holds up no page.
MAIL = mail_server.read(os.environ.get("LOOPWISE_EMAIL_URL", ""))
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("LOOPWISE_EMAIL_FROM", "loopwise@localhost")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("LOOPWISE_STATIC", DATA_DIR / "static"))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "course.static_finders.PlotlyFinder",
]
STATICFILES_DIRS = [BASE_DIR / "course" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Plotly's bundle adds two style elements to the page, which a strict policy refuses unless their
# text is known: an empty one, which it then fills through the CSSOM, and the fixed stylesheet of
# its maps. The hashes are what Chromium's refusal names; tests/course/test_settings.py derives
# both from the bundle, so a new release of Plotly shows there first.
PLOTLY_STYLE_HASHES = [
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, *PLOTLY_STYLE_HASHES],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logs.to_stderr(os.environ.get("LOOPWISE_LOGS", "text" if DEBUG else "json"))

X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    # Both would bind other hosts of the operator's domain to https: not this site's to decide.
    "security.W005",
    "security.W021",
]
