"""The shape of a tensor, in any of the spellings that Python and people use."""

import re
from collections.abc import Sequence
from typing import ClassVar

from course.quiz.content import Content
from course.quiz.kinds.base import BadResponseError, Kind, Marking, Response, Sample, Verdict

_WRAPPED = re.compile(
    r"\s*(?:torch\.Size)?\s*(?:\(\s*\[(.*)\]\s*\)|\((.*)\)|\[(.*)\]|(.+))\s*", re.ASCII
)
_SIZES = re.compile(r"\s*[0-9]{1,9}(?:\s*[,x\u00d7]\s*[0-9]{1,9}){0,7}\s*,?\s*", re.ASCII)
_BAD = "Must be a shape as Python prints it, for example (64, 32)"


class Shape(Kind):
    """Right is the same sizes in the same order."""

    typed: ClassVar[bool] = True
    again: ClassVar[bool] = False

    def hint(self, content: Content) -> str:  # noqa: ARG002
        """How to spell it."""
        return "As Python prints it, for example (64, 32)"

    def parse(self, raw: str, content: Content, shown: Sequence[str]) -> Response:  # noqa: ARG002
        """Read `(100, 3)`, `[100, 3]`, `100x3`, `100 x 3`, `torch.Size([100, 3])` and `()`."""
        return _sizes(raw)

    def literal(self, value: str | float | list[float]) -> Response:
        """Read an author's shape. A probe's whole number is the shape of a vector."""
        return _sizes(str(value))

    def grade(self, response: Response, content: Content, marking: Marking) -> Verdict:  # noqa: ARG002
        """All points or none."""
        correct = response == marking.key
        wrong = [name for name, value in marking.wrong.items() if value == response]
        return Verdict(correct, float(correct), matched="" if correct or not wrong else wrong[0])

    def written(self, response: Response, content: Content) -> str:  # noqa: ARG002
        """As Python prints a tuple."""
        return str(tuple(response)) if isinstance(response, list) else str(response)

    def samples(self, content: Content, marking: Marking, shown: Sequence[str]) -> list[Sample]:  # noqa: ARG002
        """The key, each wrong shape, and words."""
        wrong = [
            Sample(self.written(value, content), 0.0, name) for name, value in marking.wrong.items()
        ]
        return [Sample(self.written(marking.key, content), 1.0), *wrong, Sample("100 by 3", None)]


def _sizes(raw: str) -> list[int]:
    if not raw.strip():
        raise BadResponseError("Type a shape.")
    wrapped = _WRAPPED.fullmatch(raw)
    inside = next((part for part in wrapped.groups() if part is not None), "") if wrapped else ""
    if wrapped and not inside.strip() and raw.strip():
        return []
    if not wrapped or not _SIZES.fullmatch(inside):
        raise BadResponseError(_BAD)
    return [int(size) for size in re.findall(r"[0-9]+", inside, re.ASCII)]
