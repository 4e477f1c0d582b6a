"""Log lines: an object of JSON each for machines, a sentence each for people.

Django hands its records the whole request, and a request is full of a person. What a line may say
is therefore listed here, and nothing else is said.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

FORMS = ("json", "text")
FACTS = ("method", "path", "status", "ms")
"""What `course.middleware` tells of a request."""

ADDRESS = re.compile(r"\bip=\S+")

current_request: ContextVar[str] = ContextVar("current_request", default="")
"""The id of the request that this thread answers."""


class JsonLines(logging.Formatter):
    """One object per line, whatever is in it: JSON spells line breaks."""

    def format(self, record: logging.LogRecord) -> str:
        """Tell time, level, logger and message, and what is known of the request."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := current_request.get():
            line["request_id"] = name
        line |= {fact: vars(record)[fact] for fact in FACTS if fact in vars(record)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def without_address(record: logging.LogRecord) -> bool:
    """Strike out the visitor's address, which gunicorn tells of what it cannot read."""
    record.msg = ADDRESS.sub("ip=-", str(record.msg))
    return True


def to_stderr(form: str) -> dict[str, Any]:
    """Django's LOGGING. Requests have a line each for machines; a person sees what went wrong."""
    if form not in FORMS:
        raise SystemExit(f"LOOPWISE_LOGS must be one of: {', '.join(FORMS)}.")
    line = "[%(asctime)s] [%(levelname)s] %(name)s: %(message)s"
    machine = form == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_address": {"()": lambda: without_address}},
        "formatters": {"text": {"format": line}, "json": {"()": JsonLines}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["without_address"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # Django's own setting says nothing where DEBUG is off.
            "django": {"handlers": []},
            # What was refused has a line of its own there.
            "django.request": {"level": "ERROR" if machine else "WARNING"},
            "course.middleware": {"level": "INFO" if machine else "WARNING"},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        },
    }
