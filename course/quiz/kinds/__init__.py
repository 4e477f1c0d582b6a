"""The kinds of questions there are, by the name that a question's `kind` holds."""

from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
)
from course.quiz.kinds.choice import Choice
from course.quiz.kinds.number import Number
from course.quiz.kinds.shape import Shape

KINDS: dict[str, Kind] = {"choice": Choice(), "number": Number(), "shape": Shape()}

__all__ = ["KINDS", "BadResponseError", "Kind", "Marking", "Response", "Sample", "Verdict"]
