"""What a line of the log says, and what it never says."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import RequestFactory

from course import logs
from course.logs import JsonLines, current_request, to_stderr, without_address


def line(message: str, *args: object, **facts: Any) -> dict[str, Any]:
    """A record, written and read back."""
    failure = sys.exc_info() if sys.exception() else None
    record = logging.LogRecord("course", logging.ERROR, __file__, 1, message, args, failure)
    vars(record).update(facts)
    written = JsonLines().format(record)
    assert "\n" not in written
    read: dict[str, Any] = json.loads(written)
    return read


def test_it_is_one_object_whatever_is_in_it() -> None:
    said = line("a\n%s\N{LINE SEPARATOR}\x1b", '"b"')
    assert said["message"] == 'a\n"b"\N{LINE SEPARATOR}\x1b'
    assert (said["level"], said["logger"]) == ("ERROR", "course")
    assert said["time"].endswith("+00:00")
    assert set(said) == {"time", "level", "logger", "message"}


def test_it_names_the_request_that_is_answered() -> None:
    token = current_request.set("abc")
    assert line("x")["request_id"] == "abc"
    current_request.reset(token)
    assert "request_id" not in line("x")


def test_it_tells_a_failure_with_its_traceback() -> None:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        said = line("x")
    assert said["exception"].endswith("ZeroDivisionError: division by zero")


def test_it_says_nothing_of_a_request_but_what_is_listed() -> None:
    request = RequestFactory().get("/runs/?secret=1")
    said = line("x", request=request, user="alice", method="GET", path="/runs/", status=200, ms=1)
    assert set(said) - {"time", "level", "logger", "message"} == set(logs.FACTS)
    assert "secret" not in json.dumps(said)


def test_the_visitors_address_is_struck_out() -> None:
    record = logging.LogRecord("gunicorn.error", 30, "", 1, "from ip=192.0.2.1: bad", None, None)
    assert without_address(record)
    assert record.getMessage() == "from ip=- bad"


def test_another_form_is_refused_in_one_sentence() -> None:
    with pytest.raises(SystemExit, match=r"^LOOPWISE_LOGS must be one of: json, text\.$"):
        to_stderr("xml")
