"""The kinds of questions there are, by the name that a question's `kind` holds."""

from course.quiz.kinds.base import (
    BadResponseError,
    Kind,
    Marking,
    Response,
    Sample,
    Verdict,
)
from course.quiz.kinds.blank import Blank
from course.quiz.kinds.choice import Choice
from course.quiz.kinds.curve import Curve
from course.quiz.kinds.faulty_line import FaultyLine
from course.quiz.kinds.multiple import Multiple
from course.quiz.kinds.number import Number
from course.quiz.kinds.order import Order
from course.quiz.kinds.shape import Shape
from course.quiz.kinds.typed import Line, WholeProgram

KINDS: dict[str, Kind] = {
    "choice": Choice(),
    "multiple": Multiple(),
    "number": Number(),
    "shape": Shape(),
    "order": Order(),
    "blank": Blank(),
    "line": Line(),
    "program": WholeProgram(),
    "faulty-line": FaultyLine(),
    "curve": Curve(),
}

__all__ = ["KINDS", "BadResponseError", "Kind", "Marking", "Response", "Sample", "Verdict"]
